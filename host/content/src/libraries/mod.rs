//! Content libraries, which authors write here (spec 7.3 to 7.7), version by version.
//!
//! A library holds **entities**: components, which are blocks, containers, which list other entities, and links to other
//! libraries, whose blocks its own may include. Every save makes the next immutable **version** of one entity. Two
//! pointers say which version authors (`draft`) and learners (`published`) see, so publishing, reverting, deleting and
//! restoring move pointers and never lose a version; publications are numbered and noted. Contents lie in the
//! [`Storage`], named by their digest. Each method is one transaction ([`change`]), and writes the events that tell of it.
//!
//! Who may do what is decided in `access`; the methods that change something take whose change it is, not whether it
//! is allowed.

mod access;
mod backup;
mod bulk;
mod change;
mod circles;
mod clipboard;
mod collection;
mod component;
mod container;
mod context;
mod entity;
mod error;
mod events;
mod files;
mod hierarchy;
mod history;
mod import;
mod include;
mod library;
mod links;
mod olx;
mod opened;
mod place;
mod publication;
mod publications;
mod seen;
mod team;
mod usages;
mod version;

use std::sync::Arc;

use crate::storage::Storage;
use crate::storage::database::Reader;

use circles::Circles;
use opened::Opened;

pub use access::{LibraryAccess, may_create};
pub use clipboard::Copied;
pub use collection::Collection;
pub use component::{Component, ComponentFilter, NewComponent};
pub use container::{Container, ContainerChild};
pub use context::LibraryContexts;
pub use entity::Standing;
pub use error::LibraryError;
pub use events::{EventLease, LibraryEvent};
pub use files::LibraryFile;
pub use hierarchy::{Hierarchy, HierarchyItem};
pub use history::{HistoryEntry, PublicationEntry};
pub use import::{LeftOut, LibraryImport, LibraryImportError};
pub use library::{LICENSES, Library, LibraryFilter, LibraryPatch, NewLibrary};
pub use links::Link;
pub use olx::block_type_of;
pub use publication::{Counts, Pending};
pub use seen::Seen;
pub use team::{Grant, Level};

/// What holds for all libraries of a host.
#[derive(Clone, Debug)]
pub struct LibraryRules {
    /// The most components of one library (spec 7.5).
    pub max_components: u64,
    /// The organisations that may have libraries; empty: any.
    pub organizations: Vec<String>,
}

impl Default for LibraryRules {
    fn default() -> Self {
        Self { max_components: 100_000, organizations: Vec::new() }
    }
}

/// Whose change it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Author {
    /// The account's number.
    pub account: i64,
    /// The account's name.
    pub username: String,
}

/// The libraries of a storage. Cheap to clone; clones are the same libraries.
#[derive(Clone, Debug)]
pub struct Libraries {
    storage: Storage,
    rules: LibraryRules,
    clock: fn() -> u64,
    circles: Arc<Circles>,
    opened: Arc<Opened>,
}

impl Libraries {
    /// The libraries that lie there. `clock` gives milliseconds since 1970.
    pub fn new(storage: Storage, rules: LibraryRules, clock: fn() -> u64) -> Self {
        Self { storage, rules, clock, circles: Arc::default(), opened: Arc::default() }
    }

    /// Whether the storage answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ready(&self) -> Result<(), LibraryError> {
        Ok(self.storage.ready().await?)
    }

    async fn read(&self) -> Result<Reader, LibraryError> {
        Ok(self.storage.database.read().await?)
    }

    fn now(&self) -> i64 {
        i64::try_from((self.clock)()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
pub(crate) mod tests;
