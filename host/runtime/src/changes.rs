//! What a call did to the state, collected while it runs and stored when it has ended well.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use blockhouse_fields::StoreKey;
use blockhouse_state::{Event, Revision};

/// Authored fields that a call set, as JSON text; `None` forgets the field.
pub(crate) type AuthoredChanges = BTreeMap<String, Option<Arc<str>>>;

/// Reads, writes and events of one call and of the children that it rendered.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    /// What was read or written, with what the snapshot had. Compared again at commit.
    pub(crate) reads: HashMap<StoreKey, Revision>,
    /// New values as JSON text; `None` forgets the field.
    pub(crate) writes: HashMap<StoreKey, Option<Arc<str>>>,
    /// In the order of publication.
    pub(crate) events: Vec<Event>,
    /// What becomes a new draft.
    pub(crate) authored: AuthoredChanges,
    /// Whether the call was told something that is not the same for everybody.
    pub(crate) personal: bool,
}

impl Changes {
    /// Whether there is nothing to store. What was only read need not be committed.
    pub(crate) fn is_empty(&self) -> bool {
        self.writes.is_empty() && self.events.is_empty()
    }

    /// Adds a child's changes to those of the call that rendered it.
    pub(crate) fn absorb(&mut self, child: Changes) {
        self.reads.extend(child.reads);
        self.writes.extend(child.writes);
        self.events.extend(child.events);
    }
}
