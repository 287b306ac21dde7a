//! What a platform's token says of somebody. Names as in OpenID Connect and in Open edX's own tokens.

use serde::{Deserialize, Deserializer};

use crate::locale::is_locale;

/// The claims that have a meaning here; others are passed over.
#[derive(Debug, Deserialize)]
pub(crate) struct Claims {
    /// Seconds since 1970 until which it is good.
    pub(super) exp: u64,
    /// Seconds since 1970 from which it is good.
    #[serde(default)]
    pub(super) nbf: Option<u64>,
    #[serde(default)]
    sub: Option<String>,
    /// The account's number; without it, `sub` has to be one.
    #[serde(default)]
    user_id: Option<i64>,
    #[serde(default)]
    pub(super) preferred_username: Option<String>,
    /// What people call them.
    #[serde(default)]
    pub(super) name: Option<String>,
    #[serde(default)]
    pub(super) email: Option<String>,
    #[serde(default)]
    locale: Option<String>,
    /// `staff` runs the platform, `creator` may make libraries.
    #[serde(default, deserialize_with = "list")]
    pub(super) roles: Vec<String>,
    #[serde(default, deserialize_with = "list")]
    pub(super) groups: Vec<String>,
    /// In a token for embedding: the usage key of the one block that it opens.
    #[serde(default)]
    pub(super) block: Option<String>,
}

impl Claims {
    /// The account's number, which is positive.
    pub(super) fn account(&self) -> Option<i64> {
        let digits = self.sub.as_deref().filter(|sub| sub.bytes().all(|byte| byte.is_ascii_digit()));
        self.user_id.or_else(|| digits?.parse().ok()).filter(|id| *id > 0)
    }

    pub(super) fn locale(&self) -> Option<String> {
        // OpenID Connect allows the underscore, too.
        let tag = self.locale.as_deref()?.replace('_', "-");
        is_locale(&tag).then_some(tag)
    }
}

/// A list, or the words of a text.
fn list<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum List {
        Names(Vec<String>),
        Words(String),
    }
    Ok(match List::deserialize(deserializer)? {
        List::Names(names) => names,
        List::Words(words) => words.split_whitespace().map(str::to_owned).collect(),
    })
}
