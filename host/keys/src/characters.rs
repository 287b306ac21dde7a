//! Which characters the parts of a key may have (spec 1.1.11, 1.2.1, 1.4.2).
//!
//! "Letters and digits" are the Unicode general categories L and N, exactly. Rust's
//! `char::is_alphanumeric` and the `\w` of most regex engines also take combining marks, which
//! would let two different texts look like one key, so neither is used here. Nothing is normalised
//! and nothing is lower-cased.

use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use crate::error::Reason;

/// A set of characters that a part may consist of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// The parts of `course-v1:` and its relatives.
    Id,
    /// Names of assets, and the name and revision of deprecated keys: `Id` and percent escapes.
    EscapedId,
    /// Org, course and run of a deprecated key.
    Slashed,
    /// Slugs and ids of the content libraries.
    Slug,
    /// Organisations and block types of the content libraries.
    AsciiSlug,
    /// A file's path inside a bundle.
    Path,
    /// A name that the reference does not restrict. Control characters are refused all the same: a
    /// key is written into logs, headers and URLs.
    Name,
}

impl Class {
    /// Accepts a part that has at least one character, all of them in the class.
    ///
    /// # Errors
    /// Says which character of which part is wrong, and what is allowed.
    pub(crate) fn check(self, part: &str, text: &str) -> Result<(), Reason> {
        if text.is_empty() {
            return Err(format!("the {part} is empty; it needs at least one of {}", self.described()));
        }
        match text.chars().find(|&c| !self.allows(c)) {
            None => Ok(()),
            Some(c) => {
                let shown = c.escape_debug();
                Err(format!("the {part} has `{shown}` in it; allowed are {}", self.described()))
            }
        }
    }

    fn allows(self, c: char) -> bool {
        match self {
            Self::Id => is_word(c) || matches!(c, '-' | '~' | '.' | ':'),
            Self::EscapedId => is_word(c) || matches!(c, '-' | '~' | '.' | ':' | '%'),
            Self::Slashed => is_word(c) || matches!(c, '-' | '.' | '%'),
            Self::Slug => is_word(c) || matches!(c, '-' | '.'),
            Self::AsciiSlug => c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'),
            Self::Path => is_word(c) || matches!(c, '-' | '.' | '/'),
            Self::Name => !c.is_control(),
        }
    }

    fn described(self) -> &'static str {
        match self {
            Self::Id => "letters, digits, `_`, `-`, `~`, `.` and `:`",
            Self::EscapedId => "letters, digits, `_`, `-`, `~`, `.`, `:` and `%`",
            Self::Slashed => "letters, digits, `_`, `-`, `.` and `%`",
            Self::Slug => "letters, digits, `_`, `-` and `.`",
            Self::AsciiSlug => "a-z, A-Z, 0-9, `_`, `-` and `.`",
            Self::Path => "letters, digits, `_`, `-`, `.` and `/`",
            Self::Name => "all characters except control characters",
        }
    }
}

/// A letter, a digit or an underscore (spec 1.1.11).
fn is_word(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric() || c == '_';
    }
    matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
}

/// A decimal digit of any script.
pub(crate) fn is_decimal_digit(c: char) -> bool {
    c.general_category() == GeneralCategory::DecimalNumber
}

/// Accepts the text of an object id: 24 lower-case hexadecimal digits (spec 1.2.2).
///
/// # Errors
/// Says which part it is and what is allowed.
pub(crate) fn check_object_id(part: &str, text: &str) -> Result<(), Reason> {
    let is_hex = |b: u8| b.is_ascii_digit() || matches!(b, b'a'..=b'f');
    if text.len() == 24 && text.bytes().all(is_hex) {
        return Ok(());
    }
    Err(format!("the {part} is not 24 hexadecimal digits in lower case"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_numbers_of_every_script_are_word_characters() {
        for c in ['a', 'Z', '0', '_', 'é', 'έ', 'д', '日', '٠', '½', '²', 'Ⅷ', 'ª', 'ʰ'] {
            assert!(is_word(c), "{c}");
        }
    }

    #[test]
    fn marks_connectors_and_symbols_are_not_word_characters() {
        for c in ['\u{301}', '\u{345}', '\u{24b6}', '‿', '😀', '-', '\u{200d}', '\u{fffd}', '\n'] {
            assert!(!is_word(c), "{c:?}");
        }
    }

    #[test]
    fn the_message_names_the_part_the_character_and_what_is_allowed() {
        let reason = Class::Slug.check("slug", "a~b").unwrap_err();
        assert_eq!(reason, "the slug has `~` in it; allowed are letters, digits, `_`, `-` and `.`");
    }

    #[test]
    fn a_newline_is_shown_escaped() {
        assert!(Class::Slug.check("slug", "a\n").unwrap_err().contains("`\\n`"));
    }

    #[test]
    fn an_object_id_is_24_lower_case_hexadecimal_digits() {
        assert!(check_object_id("version", "519665f6223ebd6980884f2b").is_ok());
        for wrong in ["", "519665", "519665F6223EBD6980884F2B", "519665f6223ebd6980884f2b1"] {
            assert!(check_object_id("version", wrong).is_err(), "{wrong}");
        }
    }
}
