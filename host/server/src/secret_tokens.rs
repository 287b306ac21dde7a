//! Secrets that let somebody in, each on its own.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

/// Their SHA-256 only: comparing hashes tells nothing about a token by how long it takes, and a dump of the memory gives
/// none away.
#[derive(Clone)]
pub(crate) struct SecretTokens(Arc<[[u8; 32]]>);

impl SecretTokens {
    /// Those of the settings. An empty text is no token.
    pub(crate) fn new(tokens: &[String]) -> Self {
        Self(tokens.iter().filter(|token| !token.is_empty()).map(|token| hash(token)).collect())
    }

    /// Whether it is one of them.
    pub(crate) fn contains(&self, token: &str) -> bool {
        let Self(hashes) = self;
        hashes.contains(&hash(token))
    }
}

impl fmt::Debug for SecretTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} tokens", self.0.len())
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_known_by_its_whole_text() {
        let tokens = SecretTokens::new(&["one".to_owned(), "two".to_owned()]);
        assert!(tokens.contains("one") && tokens.contains("two"));
        assert!(!tokens.contains("on") && !tokens.contains("One"));
    }

    #[test]
    fn an_empty_setting_lets_nobody_in() {
        assert!(!SecretTokens::new(&[String::new()]).contains(""));
    }
}
