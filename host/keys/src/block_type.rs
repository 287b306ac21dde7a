//! Block-type keys: `block-type-v1:FAMILY:TYPE`, and bare types (spec 1.7.3).

use std::sync::Arc;

use crate::{
    InvalidKey,
    characters::Class,
    error::Reason,
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "block-type-v1:";
/// The family of blocks, which is never printed.
const BLOCKS: &str = "xblock.v1";
/// What that family was called before, read as the same.
const BLOCKS_BEFORE: &str = "xmodule.v1";

/// A type of block, or of something else that is plugged in, such as an aside.
///
/// A block's type is printed bare; it is what the column `module_type` of the preferences table
/// holds. The reference also reads an empty text as a type, and a text whose family is missing as a
/// bare type with `block-type-v1:` in it; both are refused here.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BlockTypeKey {
    text: Arc<str>,
}

key_text!(BlockTypeKey, "block-type key");
ordered_by_parts!(BlockTypeKey);

impl BlockTypeKey {
    /// The key of a type in a family, such as `tagging` in `xblock_asides.v1`.
    ///
    /// # Errors
    /// When a part is empty or has a control character, or the family has a `:`.
    pub fn new(family: &str, block_type: &str) -> Result<Self, InvalidKey> {
        let text = format!("{NAMESPACE}{family}:{block_type}");
        if family.contains(':') {
            return Err(InvalidKey::new(Self::KIND, text, "the family has `:` in it"));
        }
        text.parse()
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let Some(rest) = text.strip_prefix(NAMESPACE) else {
            Class::Name.check("block type", text)?;
            return Ok(Self { text: text.into() });
        };
        let (family, block_type) = rest.split_once(':').ok_or("it must be block-type-v1:FAMILY:TYPE")?;
        Class::Name.check("family", family)?;
        Class::Name.check("block type", block_type)?;
        if !matches!(family, BLOCKS | BLOCKS_BEFORE) {
            return Ok(Self { text: text.into() });
        }
        if block_type.starts_with(NAMESPACE) {
            return Err("the block type is printed bare, so it cannot begin with a namespace".into());
        }
        Ok(Self { text: block_type.into() })
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The family: `xblock.v1` for blocks.
    pub fn family(&self) -> &str {
        self.take_apart().0
    }

    /// The type within the family.
    pub fn block_type(&self) -> &str {
        self.take_apart().1
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![("block_family", Some(self.family())), ("block_type", Some(self.block_type()))]
    }

    fn take_apart(&self) -> (&str, &str) {
        let named = self.text.strip_prefix(NAMESPACE).and_then(|rest| rest.split_once(':'));
        named.unwrap_or((BLOCKS, &self.text))
    }

    fn order(&self) -> impl Ord + '_ {
        (self.take_apart(), self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(given: &str) -> String {
        given.parse::<BlockTypeKey>().unwrap().to_string()
    }

    #[test]
    fn a_blocks_type_is_printed_bare() {
        assert_eq!(text("block-type-v1:xblock.v1:problem"), "problem");
        assert_eq!(text("block-type-v1:xmodule.v1:problem"), "problem");
        assert_eq!(text("problem"), "problem");
    }

    #[test]
    fn a_type_of_another_family_is_printed_in_full() {
        let key: BlockTypeKey = "block-type-v1:xblock_asides.v1:tagging".parse().unwrap();
        assert_eq!((key.family(), key.block_type()), ("xblock_asides.v1", "tagging"));
        assert_eq!(key.as_str(), "block-type-v1:xblock_asides.v1:tagging");
    }

    #[test]
    fn empty_parts_are_refused() {
        for given in
            ["", "block-type-v1:", "block-type-v1:fam", "block-type-v1:fam:", "block-type-v1::x", "a\n"]
        {
            assert!(given.parse::<BlockTypeKey>().is_err(), "{given}");
        }
    }
}
