//! Definitions in the course store: `def-v1:OBJECTID+type@TYPE` (spec 1.7.6).

use std::sync::Arc;

use crate::{
    characters::{Class, check_object_id},
    error::Reason,
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "def-v1:";
const SEPARATOR: &str = "+type@";

/// A definition in the course store.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ObjectDefinitionKey {
    text: Arc<str>,
}

key_text!(ObjectDefinitionKey, "definition key");
ordered_by_parts!(ObjectDefinitionKey);

impl ObjectDefinitionKey {
    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let (id, block_type) = take_apart(text).ok_or("it must be def-v1:OBJECTID+type@TYPE")?;
        check_object_id("definition id", id)?;
        Class::Id.check("block type", block_type)?;
        Ok(Self { text: text.into() })
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The definition's id: 24 hexadecimal digits.
    pub fn definition_id(&self) -> &str {
        take_apart(&self.text).map_or("", |(id, _)| id)
    }

    /// The type of the block.
    pub fn block_type(&self) -> &str {
        take_apart(&self.text).map_or("", |(_, block_type)| block_type)
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![("definition_id", Some(self.definition_id())), ("block_type", Some(self.block_type()))]
    }

    fn order(&self) -> impl Ord + '_ {
        (self.definition_id(), self.block_type())
    }
}

fn take_apart(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix(NAMESPACE)?.split_once(SEPARATOR)
}
