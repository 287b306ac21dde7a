//! The installed block types, by the tags that mean them.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use blockhouse_fields::BlockDefinition;
use blockhouse_sandbox::BlockType;

use crate::Mediator;

/// Looked up by type name or alias, in lower case (spec 2.13.1).
#[derive(Default)]
pub(crate) struct Catalog {
    types: RwLock<BTreeMap<String, BlockType<Mediator>>>,
}

impl Catalog {
    pub(crate) fn insert(&self, block_type: BlockType<Mediator>) {
        let definition = Arc::clone(block_type.definition());
        let mut types = self.types.write().unwrap_or_else(PoisonError::into_inner);
        for name in definition.aliases.iter().chain([&definition.name]) {
            types.insert(name.to_lowercase(), block_type.clone());
        }
    }

    pub(crate) fn get(&self, tag: &str) -> Option<BlockType<Mediator>> {
        let types = self.types.read().unwrap_or_else(PoisonError::into_inner);
        types.get(tag).or_else(|| types.get(&tag.to_lowercase())).cloned()
    }

    /// Each installed type once.
    pub(crate) fn block_types(&self) -> Vec<BlockType<Mediator>> {
        let types = self.types.read().unwrap_or_else(PoisonError::into_inner);
        types
            .iter()
            .filter(|(name, found)| **name == found.definition().name.to_lowercase())
            .map(|(_, found)| found.clone())
            .collect()
    }

    pub(crate) fn definitions(&self) -> Vec<Arc<BlockDefinition>> {
        let types = self.types.read().unwrap_or_else(PoisonError::into_inner);
        types
            .iter()
            .filter(|(name, found)| **name == found.definition().name)
            .map(|(_, found)| Arc::clone(found.definition()))
            .collect()
    }
}
