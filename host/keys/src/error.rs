//! What is said about a text that is not a key, and about a key that does not fit a context.

/// Which part of a text is wrong and what is allowed there, without naming the text: that is added
/// once, at the public entry.
pub(crate) type Reason = String;

/// A text that is not a key of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, thiserror::Error)]
#[error("`{}` is not a valid {kind}: {reason}", .text.escape_debug())]
pub struct InvalidKey {
    /// What was asked for, such as `usage key`.
    pub kind: &'static str,
    /// What was given.
    pub text: String,
    /// Which part is wrong, and what is allowed there.
    pub reason: String,
}

impl InvalidKey {
    pub(crate) fn new(kind: &'static str, text: impl Into<String>, reason: impl Into<Reason>) -> Self {
        Self { kind, text: text.into(), reason: reason.into() }
    }
}

/// A key that cannot be carried over into another learning context (spec 1.5.2, 1.6.3).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` cannot be mapped into `{context}`: {reason}")]
pub struct CannotMap {
    /// The key that was to be mapped.
    pub key: String,
    /// The learning context that it was to be mapped into.
    pub context: String,
    /// Why that is not possible.
    pub reason: String,
}

impl CannotMap {
    pub(crate) fn new(key: &str, context: &str, reason: impl Into<Reason>) -> Self {
        Self { key: key.into(), context: context.into(), reason: reason.into() }
    }
}
