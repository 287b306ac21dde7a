//! Names of files in a bundle.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::BundleError;

/// The most characters that a path has (spec 7.5).
const MAX_CHARACTERS: usize = 500;

/// The path of a file in a bundle: relative, with `/` between its parts, and safe to join to a directory. No part is
/// empty, `.` or `..`, and no character is a control character (spec 7.1.4). Ordered by its bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct FilePath(Arc<str>);

impl FilePath {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it lies in `folder`, at any depth.
    pub fn is_in(&self, folder: &FilePath) -> bool {
        self.0.strip_prefix(&*folder.0).is_some_and(|rest| rest.starts_with('/'))
    }

    /// The paths in this folder are those `path` with `lower <= path < upper`.
    pub(crate) fn range_within(&self) -> (String, String) {
        // `0` comes right after `/`.
        (format!("{}/", self.0), format!("{}0", self.0))
    }
}

impl FromStr for FilePath {
    type Err = BundleError;

    /// # Errors
    /// [`BundleError::Invalid`], in the words of spec 7.1.4.
    fn from_str(text: &str) -> Result<Self, BundleError> {
        let safe = text.chars().count() <= MAX_CHARACTERS
            && !text.chars().any(char::is_control)
            && text.split('/').all(|part| !matches!(part, "" | "." | ".."));
        if !safe {
            return Err(BundleError::Invalid(format!(
                "\"{}\" is not a valid file name",
                text.escape_debug()
            )));
        }
        Ok(Self(text.into()))
    }
}

impl AsRef<str> for FilePath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&*self.0, f)
    }
}

impl<'de> Deserialize<'de> for FilePath {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_safe_relative_paths_are_paths() {
        for path in ["a", "problem/p1/definition.xml", "html/h/static/ü b.png", "...", "a/..b"] {
            assert!(path.parse::<FilePath>().is_ok(), "{path}");
        }
        let long = "x".repeat(501);
        for path in ["", "/", "/a", "a/", "a//b", "..", "a/../b", "./a", "a\0b", "a\nb", &long] {
            let error = path.parse::<FilePath>().unwrap_err().to_string();
            assert!(error.ends_with("is not a valid file name"), "{error}");
        }
    }

    #[test]
    fn a_path_is_in_a_folder_by_whole_parts() {
        let path: FilePath = "html/one/definition.xml".parse().unwrap();
        let is_in = |folder: &str| path.is_in(&folder.parse().unwrap());
        assert!(is_in("html") && is_in("html/one"));
        assert!(!is_in("htm") && !is_in("html/o") && !is_in("html/one/definition.xml"));
    }
}
