//! Names of assets. Authors refer to an asset by the name that Open edX made of the file's name when it was uploaded.

/// A file's name as a key can hold it: everything but letters, digits, `_`, `.`, `-` and `%` is `_`, folders included.
pub(super) fn cleaned(name: &str) -> String {
    name.chars()
        .map(|character| match character {
            '_' | '.' | '-' | '%' => character,
            letter if letter.is_alphanumeric() => letter,
            _ => '_',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn what_a_key_cannot_hold_becomes_an_underscore() {
        assert_eq!(cleaned("Tide table (2026).pdf"), "Tide_table__2026_.pdf");
        assert_eq!(cleaned("week1/ü-b.png"), "week1_ü-b.png");
    }
}
