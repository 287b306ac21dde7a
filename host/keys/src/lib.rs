//! Opaque keys: how courses, libraries and blocks are named (spec 1). No I/O.

use std::{fmt, str::FromStr, sync::Arc};

/// A text that is not a key of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a {kind}: {reason}")]
pub struct InvalidKey {
    /// What was asked for.
    pub kind: &'static str,
    /// What was given.
    pub text: String,
    /// Which part is wrong, and what is allowed there.
    pub reason: String,
}

macro_rules! text_key {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.text)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

/// A learning context: a course, a library, …
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LearningContextKey {
    text: Arc<str>,
}
text_key!(LearningContextKey);

/// A block in a learning context.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UsageKey {
    text: Arc<str>,
    context: LearningContextKey,
    block_type: Arc<str>,
    block_id: Arc<str>,
}
text_key!(UsageKey);

impl UsageKey {
    /// The block type.
    pub fn block_type(&self) -> &str {
        &self.block_type
    }
    /// The block's name within its context.
    pub fn block_id(&self) -> &str {
        &self.block_id
    }
    /// The learning context that it belongs to.
    pub fn context_key(&self) -> LearningContextKey {
        self.context.clone()
    }
}
impl FromStr for LearningContextKey {
    type Err = InvalidKey;
    fn from_str(s: &str) -> Result<Self, InvalidKey> {
        Ok(Self { text: s.into() })
    }
}
impl FromStr for UsageKey {
    type Err = InvalidKey;
    fn from_str(s: &str) -> Result<Self, InvalidKey> {
        let bad = || InvalidKey { kind: "usage key", text: s.into(), reason: "placeholder".into() };
        let rest = s.strip_prefix("block-v1:").ok_or_else(bad)?;
        let (course, tail) = rest.split_once("+type@").ok_or_else(bad)?;
        let (ty, id) = tail.split_once("+block@").ok_or_else(bad)?;
        Ok(Self { text: s.into(), context: format!("course-v1:{course}").parse()?, block_type: ty.into(), block_id: id.into() })
    }
}
