//! Which way a locale's script runs.

use unic_langid::{CharacterDirection, LanguageIdentifier};

use crate::pseudo::PSEUDO_RIGHT_TO_LEFT;

/// The direction of a text, as in HTML's `dir`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// English, Greek, Hindi, …
    LeftToRight,
    /// Arabic, Hebrew, Persian, Urdu, …
    RightToLeft,
}

impl Direction {
    /// The direction of a BCP 47 tag; left to right for what is none.
    pub fn of(locale: &str) -> Self {
        if locale.eq_ignore_ascii_case(PSEUDO_RIGHT_TO_LEFT) {
            return Self::RightToLeft;
        }
        match locale.parse::<LanguageIdentifier>().map(|tag| tag.character_direction()) {
            Ok(CharacterDirection::RTL) => Self::RightToLeft,
            _ => Self::LeftToRight,
        }
    }

    /// `ltr` or `rtl`.
    pub fn html(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_hebrew_and_urdu_run_from_right_to_left() {
        for locale in ["ar", "ar-EG", "he", "ur-PK", PSEUDO_RIGHT_TO_LEFT] {
            assert_eq!(Direction::of(locale).html(), "rtl", "{locale}");
        }
    }

    #[test]
    fn everything_else_runs_from_left_to_right() {
        for locale in ["en", "zh-Hant", "az-Latn", "not a tag", ""] {
            assert_eq!(Direction::of(locale), Direction::LeftToRight, "{locale}");
        }
    }
}
