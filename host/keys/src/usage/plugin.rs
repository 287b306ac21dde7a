//! Usage keys in a plug-in's learning context: `x-KIND-block:ORG:SLUG:TYPE:ID` (spec 1.1.3).

use std::sync::Arc;

use crate::{
    InvalidKey, PluginContextKey,
    characters::Class,
    colons::{self, ORG, SLUG},
    error::Reason,
    plugin::{KIND, PREFIX, USAGE_SUFFIX},
    text::{Parts, key_text, ordered_by_parts},
};

/// A block of a learning context that a plug-in brings.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PluginUsageKey {
    text: Arc<str>,
    context: PluginContextKey,
}

key_text!(PluginUsageKey, "plug-in usage key");
ordered_by_parts!(PluginUsageKey);

impl PluginUsageKey {
    pub(crate) fn new(context: &PluginContextKey, block_type: &str, id: &str) -> Result<Self, InvalidKey> {
        let (kind, org, slug) = (context.context_kind(), context.org(), context.slug());
        format!("{PREFIX}{kind}{USAGE_SUFFIX}:{org}:{slug}:{block_type}:{id}").parse()
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        const FORM: &str = "it must be x-KIND-block:ORG:SLUG:TYPE:ID";
        let rest = text.strip_prefix(PREFIX).ok_or(FORM)?;
        let fields = [KIND, ORG, SLUG, ("block type", Class::AsciiSlug), ("block id", Class::Slug)];
        let [namespace, org, slug, _, _] = colons::split(rest, fields)?;
        let kind = namespace.strip_suffix(USAGE_SUFFIX).ok_or(FORM)?;
        // What is left has to be a kind that its context's key may have, too.
        KIND.1.check(KIND.0, kind)?;
        if kind.ends_with(USAGE_SUFFIX) {
            return Err(FORM.into());
        }
        Ok(Self { text: text.into(), context: PluginContextKey::from_checked(kind, org, slug) })
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The learning context.
    pub fn plugin_context_key(&self) -> &PluginContextKey {
        &self.context
    }

    /// The type of the block.
    pub fn block_type(&self) -> &str {
        colons::part(&self.text, 3)
    }

    /// The block's name within the context and its type.
    pub fn block_id(&self) -> &str {
        colons::part(&self.text, 4)
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![
            ("context_key", Some(self.context.as_str())),
            ("block_type", Some(self.block_type())),
            ("usage_id", Some(self.block_id())),
        ]
    }

    fn order(&self) -> impl Ord + '_ {
        (&self.context, self.block_type(), self.block_id())
    }
}

#[cfg(test)]
mod tests {
    use crate::{LearningContextKey, UsageKey};

    #[test]
    fn a_block_knows_its_context_and_the_context_its_block() {
        let usage: UsageKey = "x-pathway-block:Acme:first-steps:html:step-1".parse().unwrap();
        assert_eq!((usage.block_type(), usage.block_id()), ("html", "step-1"));
        let context: LearningContextKey = "x-pathway:Acme:first-steps".parse().unwrap();
        assert_eq!(usage.context_key(), context);
        assert_eq!(context.make_usage_key("html", "step-1").unwrap(), usage);
    }

    #[test]
    fn a_namespace_of_contexts_or_of_nobody_is_refused() {
        for text in [
            "x-pathway:A:b:html:c",
            "x--block:A:b:html:c",
            "x-block:A:b:html:c",
            "x-a-block-block:A:b:html:c",
        ] {
            assert!(text.parse::<UsageKey>().is_err(), "{text}");
        }
    }
}
