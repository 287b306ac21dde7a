//! Usage keys of asides: `aside-usage-v2:KEY::TYPE` and `aside-usage-v1:` (spec 1.7.4).

use std::sync::Arc;

use crate::{
    CannotMap, InvalidKey, LearningContextKey, UsageKey,
    aside::Encoding,
    error::Reason,
    text::{Parts, key_text, ordered_by_parts},
};

const V1: &str = "aside-usage-v1:";
const V2: &str = "aside-usage-v2:";

/// An aside of one type, standing beside a block.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AsideUsageKey {
    text: Arc<str>,
    usage: Arc<UsageKey>,
    aside_type: Arc<str>,
}

key_text!(AsideUsageKey, "aside usage key");
ordered_by_parts!(AsideUsageKey);

impl AsideUsageKey {
    /// The key of the aside of this type beside a block. It is written in the second version.
    ///
    /// # Errors
    /// When the type has a control character.
    pub fn new(usage: UsageKey, aside_type: &str) -> Result<Self, InvalidKey> {
        let refuse = |reason| InvalidKey::new(Self::KIND, format!("{V2}{usage}::{aside_type}"), reason);
        let text = Encoding::V2.put_together(usage.as_str(), aside_type).map_err(refuse)?;
        Ok(Self { text: [V2, &text].concat().into(), usage: usage.into(), aside_type: aside_type.into() })
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let (key, aside_type) = match (text.strip_prefix(V1), text.strip_prefix(V2)) {
            (Some(rest), _) => Encoding::V1.take_apart(rest)?,
            (None, Some(rest)) => Encoding::V2.take_apart(rest)?,
            (None, None) => return Err("it must be aside-usage-v2:KEY::TYPE".into()),
        };
        let usage = UsageKey::read(&key).map_err(|reason| format!("in the block's key, {reason}"))?;
        Ok(Self { text: text.into(), usage: usage.into(), aside_type: aside_type.into() })
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The block that it stands beside; it may be an aside itself.
    pub fn usage_key(&self) -> &UsageKey {
        &self.usage
    }

    /// The type of the aside.
    pub fn aside_type(&self) -> &str {
        &self.aside_type
    }

    /// The same aside beside the mapped block.
    ///
    /// # Errors
    /// When the block cannot be mapped, or its new key cannot be written in the key's version.
    pub fn map_into_course(&self, context: &LearningContextKey) -> Result<Self, CannotMap> {
        let usage = self.usage.map_into_course(context)?;
        let (encoding, namespace) =
            if self.text.starts_with(V1) { (Encoding::V1, V1) } else { (Encoding::V2, V2) };
        let text = encoding
            .put_together(usage.as_str(), &self.aside_type)
            .map_err(|reason| CannotMap::new(self.as_str(), context.as_str(), reason))?;
        let text = [namespace, &text].concat();
        Ok(Self { text: text.into(), usage: usage.into(), aside_type: self.aside_type.clone() })
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![("usage_key", Some(self.usage.as_str())), ("aside_type", Some(&self.aside_type))]
    }

    fn order(&self) -> impl Ord + '_ {
        (&self.usage, &self.aside_type, &self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_aside_has_the_context_and_the_type_of_its_block() {
        let key: UsageKey = "aside-usage-v2:lb$:org$:lib$:problem$:p1::tagging".parse().unwrap();
        assert_eq!(key.context_key().as_str(), "lib:org:lib");
        assert_eq!((key.block_type(), key.block_id()), ("problem", "p1"));
    }

    #[test]
    fn an_aside_beside_an_aside_round_trips() {
        let block: UsageKey = "lb:org:lib:problem:p1".parse().unwrap();
        let inner = AsideUsageKey::new(block, "x").unwrap();
        let outer = AsideUsageKey::new(inner.into(), "y").unwrap();
        assert_eq!(outer.as_str().parse(), Ok(outer.clone()));
    }

    #[test]
    fn mapping_keeps_the_version() {
        let key: UsageKey = "aside-usage-v1:block-v1:a+b+c+type@t+block@i::x".parse().unwrap();
        let mapped = key.map_into_course(&"course-v1:o+c+r".parse().unwrap()).unwrap();
        assert_eq!(mapped.as_str(), "aside-usage-v1:block-v1:o+c+r+type@t+block@i::x");
    }

    #[test]
    fn the_message_says_that_the_fault_is_in_the_blocks_key() {
        let invalid = "aside-usage-v1:lb:org:lib:problem::x".parse::<UsageKey>().unwrap_err();
        assert!(invalid.reason.starts_with("in the block's key, the block id is missing"), "{invalid}");
    }
}
