//! What a catalogue may be before a parser sees it. The parser calls itself for every nested expression, so a file of
//! opening braces would end the process instead of failing.

use crate::CatalogueError;

/// The most bytes of one catalogue.
pub(crate) const LARGEST: usize = 256 * 1024;

/// The most catalogues of one package.
pub(crate) const MOST: usize = 200;

/// Expressions inside one another. A plural inside a gender inside a variant is four.
const DEEPEST: usize = 16;

/// Checks the size and the nesting of a catalogue's text.
pub(crate) fn check(locale: &str, text: &str) -> Result<(), CatalogueError> {
    let refuse =
        |reason: &str| Err(CatalogueError::Syntax { locale: locale.to_owned(), reason: reason.to_owned() });
    if text.len() > LARGEST {
        return refuse("it is larger than 262144 bytes; split the block or shorten its texts");
    }
    let mut depth = 0_usize;
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        // A message begins at the start of a line, and nothing of the one before goes on behind it.
        if line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '-') {
            depth = 0;
        }
        for character in line.chars() {
            match character {
                '{' | '(' => depth += 1,
                '}' | ')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth > DEEPEST {
                return refuse("its expressions are nested deeper than 16");
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_opening_braces_is_refused_before_it_is_parsed() {
        assert!(check("en", &format!("a = {}", "{".repeat(100_000))).is_err());
        assert!(check("en", &format!("a = {{ {}", "NUMBER(".repeat(100_000))).is_err());
    }

    #[test]
    fn braces_of_many_messages_do_not_add_up() {
        assert!(check("en", &"a = { \"{\" }\n".repeat(1000)).is_ok());
    }

    #[test]
    fn a_catalogue_of_any_size_is_not_taken() {
        assert!(check("en", &" ".repeat(LARGEST + 1)).is_err());
    }
}
