//! Definitions of components as they were read and parsed when somebody first opened them. A version never changes, so
//! of each that is opened often this happens once. Which version a key means is looked up each time.

use std::sync::Arc;

use blockhouse_keys::UsageKey;

use super::usages::Block;
use crate::{Definition, Recent};

/// How many bytes are kept.
const BYTES: usize = 32 << 20;

/// A version of a component, and by which key and through what it is opened.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Opening {
    usage: UsageKey,
    parent: Option<UsageKey>,
    linked: bool,
    entity: i64,
    version: u64,
}

impl Opening {
    pub(super) fn new(usage: &UsageKey, block: &Block, version: u64) -> Self {
        Self {
            usage: usage.clone(),
            parent: block.parent.clone(),
            linked: block.linked,
            entity: block.found.entity,
            version,
        }
    }
}

/// The definitions that are kept.
#[derive(Debug)]
pub(super) struct Opened(Recent<Opening, Arc<Definition>>);

impl Default for Opened {
    fn default() -> Self {
        Self(Recent::new(BYTES))
    }
}

impl Opened {
    pub(super) fn get(&self, opening: &Opening) -> Option<Arc<Definition>> {
        self.0.get(opening)
    }

    pub(super) fn keep(&self, opening: Opening, definition: &Arc<Definition>) {
        let children = definition.children.iter().map(|child| size_of::<UsageKey>() + child.as_str().len());
        let bytes = size_of::<Definition>() + definition.olx.len() + children.sum::<usize>();
        self.0.keep(opening, Arc::clone(definition), bytes);
    }

    /// To be called when a library goes: SQLite gives its rows to the next one.
    pub(super) fn forget(&self) {
        self.0.forget();
    }
}
