//! Why a library cannot do what was asked.

use std::sync::Arc;

use blockhouse_keys::{CollectionKey, ContainerKey, LibraryKey, UsageKey};

use crate::storage::StorageError;
use crate::storage::database::DatabaseError;

/// Each names what is wrong and, where there is something to do, what.
#[derive(Clone, Debug, thiserror::Error)]
pub enum LibraryError {
    /// No such library.
    #[error("Content Library '{0}' does not exist")]
    NoSuchLibrary(LibraryKey),
    /// No such component, or none that this reader can see.
    #[error("the component `{0}` does not exist")]
    NoSuchComponent(UsageKey),
    /// No such container.
    #[error("the container `{0}` does not exist")]
    NoSuchContainer(ContainerKey),
    /// No such collection.
    #[error("the collection `{0}` does not exist")]
    NoSuchCollection(CollectionKey),
    /// No such file.
    #[error("the component has no file `{0}`")]
    NoSuchFile(String),
    /// No such link.
    #[error("there is no link `{0}` in this library")]
    NoSuchLink(String),
    /// No such grant.
    #[error("`{0}` has no access to this library")]
    NoSuchGrant(String),
    /// A value of the request cannot be used.
    #[error("{message}")]
    Invalid {
        /// Which value.
        field: &'static str,
        /// What is wrong with it.
        message: String,
    },
    /// Somebody else's edit came first.
    #[error("`{what}` is at version {current} by now; read it again and repeat the edit on top of that")]
    Stale {
        /// What was to be edited.
        what: String,
        /// Its current version.
        current: u64,
    },
    /// Others changed what was about to be published or taken back.
    #[error(
        "others have changed {} since this was read; look at it again, then decide anew",
        listed(.0)
    )]
    Unseen(
        /// The keys of what they changed.
        Vec<String>,
    ),
    /// A file on disk cannot be read or written.
    #[error("a file cannot be read or written; check the disk")]
    File(#[source] Arc<std::io::Error>),
    /// The storage is away.
    #[error("the library store is not available; try again later")]
    Store(#[source] StorageError),
    /// What the storage holds cannot be read.
    #[error("the library store is damaged: {0}; run `blockhouse fsck`")]
    Damaged(String),
}

/// How many keys a message names.
const MOST_NAMED: usize = 5;

fn listed(keys: &[String]) -> String {
    let named: Vec<_> = keys.iter().take(MOST_NAMED).map(|key| format!("`{key}`")).collect();
    let more = match keys.len().saturating_sub(MOST_NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("{}{more}", named.join(", "))
}

impl LibraryError {
    pub(super) fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid { field, message: message.into() }
    }

    /// Whether the same will succeed when it is tried again at once.
    pub(super) fn is_collision(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_collision())
    }
}

impl From<StorageError> for LibraryError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Damaged(what) => Self::Damaged(what),
            other => Self::Store(other),
        }
    }
}

impl From<DatabaseError> for LibraryError {
    fn from(error: DatabaseError) -> Self {
        StorageError::from(error).into()
    }
}

impl From<std::io::Error> for LibraryError {
    fn from(error: std::io::Error) -> Self {
        Self::File(Arc::new(error))
    }
}
