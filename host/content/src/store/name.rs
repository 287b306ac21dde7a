//! Directory names for keys.

use crate::hex;

/// How much of a key is kept readable, in bytes.
const READABLE: usize = 60;

/// A directory name for a key: readable, safe on every file system, and different for different keys, also where
/// the file system does not tell upper case from lower case.
pub(super) fn directory_name(key: &str) -> String {
    let readable: String = key
        .chars()
        .map(|character| match character {
            'a'..='z' | '0'..='9' | '-' | '_' => character,
            'A'..='Z' => character.to_ascii_lowercase(),
            _ => '_',
        })
        .take(READABLE)
        .collect();
    let digest: String = hex::sha256(key.as_bytes()).chars().take(16).collect();
    format!("{readable}-{digest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_readable_and_cannot_leave_the_directory() {
        assert!(directory_name("course-v1:A+B+C").starts_with("course-v1_a_b_c-"));
        assert!(!directory_name("../../etc").contains(['/', '.']));
        assert!(directory_name(&"x".repeat(1000)).len() < 100);
    }

    #[test]
    fn keys_that_differ_in_case_only_have_different_names() {
        assert_ne!(directory_name("lib:org:A"), directory_name("lib:org:a"));
    }
}
