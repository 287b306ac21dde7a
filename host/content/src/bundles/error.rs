//! What a bundle store answers instead of what was asked for.

use std::error::Error;
use std::sync::Arc;

use uuid::Uuid;

use super::{Digest, FilePath, Tree};

/// Whose fault it was is visible in the variant: all but the last three are the caller's.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BundleError {
    /// There is no such collection.
    #[error("there is no collection {0}")]
    CollectionNotFound(Uuid),
    /// There is no such bundle, or it was deleted.
    #[error("there is no bundle {0}")]
    BundleNotFound(Uuid),
    /// The bundle has no such version, or there is no such bundle.
    #[error("bundle {bundle} has no version {version}")]
    VersionNotFound {
        /// The bundle.
        bundle: Uuid,
        /// The version.
        version: u64,
    },
    /// There is no such draft.
    #[error("there is no draft {0}")]
    DraftNotFound(Uuid),
    /// The tree has no such file.
    #[error("there is no file `{path}` in {tree}")]
    FileNotFound {
        /// The tree.
        tree: Tree,
        /// The file.
        path: FilePath,
    },
    /// The store holds no such contents.
    #[error("there are no contents {0} to adopt; write them instead")]
    ContentsNotFound(Digest),
    /// A name, a path or a text is not what it must be. The message says what it must be.
    #[error("{0}")]
    Invalid(String),
    /// The draft has no changes, or none of those that were chosen (spec 7.1.3).
    #[error("Draft has no changes to commit.")]
    NothingToCommit,
    /// The link would make a bundle depend on itself (spec 7.1.4).
    #[error("Link cycle detected: link `{name}` leads back to its own bundle {bundle}")]
    LinkCycle {
        /// The link.
        name: String,
        /// The bundle.
        bundle: Uuid,
    },
    /// Something is not any more as the caller believed. Look at it again, and then decide.
    #[error(transparent)]
    Conflict(#[from] Conflict),
    /// The collection has bundles.
    #[error("collection {0} has bundles; move or delete them first")]
    CollectionInUse(Uuid),
    /// The store cannot do that.
    #[error("this bundle store cannot {0}")]
    Unsupported(&'static str),
    /// The remote store does not let this host in.
    #[error("the Blockstore at {address} does not accept the token; check the setting `content.blockstore`")]
    Refused {
        /// The store.
        address: String,
    },
    /// The store is away, or too slow. Nothing is known to have happened; the same may succeed later.
    #[error("the bundle store is not available")]
    Unavailable(#[source] Arc<dyn Error + Send + Sync>),
    /// The store has something that must not be. `blockhouse fsck` says what.
    #[error("the bundle store is damaged: {0}; run `blockhouse fsck`")]
    Damaged(String),
}

/// What is not as the caller believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Conflict {
    /// The draft was changed since.
    #[error("the draft was changed since: it is at revision {current}")]
    Draft {
        /// The draft's revision now.
        current: u64,
    },
    /// A file was changed since.
    #[error("`{path}` was changed since")]
    File {
        /// The first such file.
        path: FilePath,
        /// Its contents now; `None` when it is not there any more.
        current: Option<Digest>,
    },
    /// Another draft has committed changes to the same files or links, as version `latest`. Take that version as the
    /// base (`rebase_draft`), look at the changes again, and commit then.
    #[error("version {latest} has changed {}; bring the draft up to date first", names.join(", "))]
    Version {
        /// The newest version.
        latest: u64,
        /// The files and links that both have changed, at most ten.
        names: Vec<String>,
    },
}

impl BundleError {
    /// Says that the store is away.
    pub(crate) fn unavailable(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Unavailable(Arc::new(error))
    }

    /// Whether what was asked for does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(
            self,
            Self::CollectionNotFound(_)
                | Self::BundleNotFound(_)
                | Self::VersionNotFound { .. }
                | Self::DraftNotFound(_)
                | Self::FileNotFound { .. }
                | Self::ContentsNotFound(_)
        )
    }
}
