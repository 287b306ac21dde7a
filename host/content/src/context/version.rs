//! Which version of a block is wanted (spec 3.4.6).

use std::fmt;
use std::str::FromStr;

/// Written `published`, `draft` or as a number, behind `@` in an address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Version {
    /// What learners see, and the only thing that they see.
    #[default]
    Published,
    /// What authors are working on.
    Draft,
    /// The version with this number.
    Number(u64),
}

impl Version {
    /// The version of the blocks inside a block of this version. A number belongs to one block, so its children stand
    /// beside it as they are now.
    #[must_use]
    pub fn of_children(self) -> Self {
        match self {
            Self::Number(_) => Self::Draft,
            other => other,
        }
    }
}

/// A text that names no version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid version specifier: a version is `draft`, `published` or a number")]
pub struct NotAVersion;

impl FromStr for Version {
    type Err = NotAVersion;

    fn from_str(text: &str) -> Result<Self, NotAVersion> {
        match text {
            "published" => Ok(Self::Published),
            "draft" => Ok(Self::Draft),
            number if number.bytes().all(|byte| byte.is_ascii_digit()) => {
                number.parse().map(Self::Number).map_err(|_| NotAVersion)
            }
            _ => Err(NotAVersion),
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Published => f.write_str("published"),
            Self::Draft => f.write_str("draft"),
            Self::Number(number) => write!(f, "{number}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_reads_back_as_it_is_written() {
        for version in [Version::Published, Version::Draft, Version::Number(12)] {
            assert_eq!(version.to_string().parse(), Ok(version));
        }
    }

    #[test]
    fn row_113_other_texts_are_no_versions() {
        for text in ["", "Draft", "auto", "-1", "+1", "1.0", "99999999999999999999999"] {
            assert_eq!(text.parse::<Version>(), Err(NotAVersion), "{text}");
        }
    }
}
