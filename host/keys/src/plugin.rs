//! Keys of learning contexts that a plug-in brings: `x-KIND:ORG:SLUG` (spec 1.1.3).

use std::sync::Arc;

use crate::{
    InvalidKey, PluginUsageKey,
    characters::Class,
    colons::{self, ORG, SLUG},
    error::Reason,
    text::{Parts, key_text, ordered_by_parts},
};

/// What the namespaces of plug-ins begin with, so that none of them can be one of ours, now or later.
pub(crate) const PREFIX: &str = "x-";

/// What the namespace of a usage key has behind that of its context.
pub(crate) const USAGE_SUFFIX: &str = "-block";

/// A learning context of a kind that is not built in. The kind is the name of the block type whose component answers
/// for it.
///
/// ```
/// use blockhouse_keys::PluginContextKey;
///
/// let key: PluginContextKey = "x-pathway:Acme:first-steps".parse()?;
/// assert_eq!((key.context_kind(), key.org(), key.slug()), ("pathway", "Acme", "first-steps"));
/// # Ok::<(), blockhouse_keys::InvalidKey>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PluginContextKey {
    text: Arc<str>,
}

key_text!(PluginContextKey, "plug-in context key");
ordered_by_parts!(PluginContextKey);

impl PluginContextKey {
    /// The key of a context of this kind.
    ///
    /// # Errors
    /// When a part is empty or has a wrong character.
    pub fn new(kind: &str, org: &str, slug: &str) -> Result<Self, InvalidKey> {
        format!("{PREFIX}{kind}:{org}:{slug}").parse()
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let rest = text.strip_prefix(PREFIX).ok_or("it must be x-KIND:ORG:SLUG")?;
        let [kind, _, _] = colons::split(rest, [KIND, ORG, SLUG])?;
        if kind.ends_with(USAGE_SUFFIX) {
            return Err(format!("a kind cannot end with `{USAGE_SUFFIX}`, as the keys of its blocks do"));
        }
        Ok(Self { text: text.into() })
    }

    /// The key made of parts that the grammar of usage keys has accepted.
    pub(crate) fn from_checked(kind: &str, org: &str, slug: &str) -> Self {
        Self { text: [PREFIX, kind, ":", org, ":", slug].concat().into() }
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The kind of context: a block type.
    pub fn context_kind(&self) -> &str {
        colons::part(&self.text, 0).strip_prefix(PREFIX).unwrap_or_default()
    }

    /// The organisation's short name.
    pub fn org(&self) -> &str {
        colons::part(&self.text, 1)
    }

    /// The context's name within the organisation.
    pub fn slug(&self) -> &str {
        colons::part(&self.text, 2)
    }

    /// The key of a block in this context.
    ///
    /// # Errors
    /// When the type or the id is empty or has a wrong character.
    pub fn make_usage_key(&self, block_type: &str, block_id: &str) -> Result<PluginUsageKey, InvalidKey> {
        PluginUsageKey::new(self, block_type, block_id)
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![("kind", Some(self.context_kind())), ("org", Some(self.org())), ("slug", Some(self.slug()))]
    }

    fn order(&self) -> impl Ord + '_ {
        (self.context_kind(), self.org(), self.slug())
    }
}

/// The kind of a context.
pub(crate) const KIND: (&str, Class) = ("kind", Class::AsciiSlug);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_printed_as_it_was_read() {
        let key: PluginContextKey = "x-pathway:Acme:first-steps".parse().unwrap();
        assert_eq!(key.to_string(), "x-pathway:Acme:first-steps");
        assert_eq!(PluginContextKey::new("pathway", "Acme", "first-steps").unwrap(), key);
    }

    #[test]
    fn a_kind_that_would_read_as_that_of_a_block_is_refused() {
        assert!("x-pathway-block:Acme:first-steps".parse::<PluginContextKey>().is_err());
    }

    #[test]
    fn a_missing_or_empty_part_is_refused() {
        for text in ["x-pathway:Acme", "x-:Acme:a", "x-pathway::a", "pathway:Acme:a", "x-pathway:Acme:a:b"] {
            assert!(text.parse::<PluginContextKey>().is_err(), "{text}");
        }
    }
}
