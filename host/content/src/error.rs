//! Why content cannot be served or stored.

use std::path::PathBuf;
use std::sync::Arc;

use blockhouse_keys::{LearningContextKey, UsageKey};

/// Why content cannot be served or stored.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// The context has no such block.
    #[error("there is no block `{0}` in its learning context")]
    NoSuchBlock(UsageKey),
    /// The block has no such version (spec 3.10.3).
    #[error("the requested version of component `{0}` does not exist")]
    NoSuchVersion(UsageKey),
    /// No kind of learning context is registered for the key (spec 6.2).
    #[error("no kind of learning context is registered for `{0}`; register one for its namespace")]
    NoSuchKind(LearningContextKey),
    /// The context's kind knows no such context.
    #[error("there is no course or library `{0}` here")]
    NoSuchContext(LearningContextKey),
    /// The context takes no edits, or not of this version (spec 3.4.4).
    #[error("{0}")]
    NotEditable(&'static str),
    /// The person may not edit (spec 3.4.4).
    #[error("you do not have permission to edit `{0}`")]
    MayNotEdit(UsageKey),
    /// Somebody else's edit came first.
    #[error("`{usage}` is at version {current} by now; read it again and repeat the edit on top of that")]
    Stale {
        /// The block.
        usage: UsageKey,
        /// Its current version.
        current: u64,
    },
    /// A store behind the context, or a context of a third party, failed.
    #[error("the learning context cannot answer; try again later")]
    Unavailable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// A file of the store cannot be read or written.
    #[error("cannot read or write {}: {source}; check the disk and the permissions of the content directory", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of the store does not hold what this program wrote there.
    #[error("{} is damaged: {reason}; import the content again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl ContentError {
    /// Says which file an I/O error was about.
    pub(crate) fn reading(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Read { path, source }
    }

    /// Says which file does not hold what it should.
    pub(crate) fn damaged(path: impl Into<PathBuf>, reason: impl ToString) -> Self {
        Self::Damaged { path: path.into(), reason: reason.to_string() }
    }
}
