//! Trees: the files and links of a version or of a draft.

use std::fmt;

use uuid::Uuid;

use super::{Digest, FilePath};

/// Where files are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tree {
    /// A published version. It never changes, so what was read of it may be kept for ever.
    Version {
        /// The bundle.
        bundle: Uuid,
        /// The number. 0 is what a bundle was before its first version: it exists, and is empty.
        number: u64,
    },
    /// A draft as it is now: its base version with its changes over it.
    Draft(Uuid),
}

/// A file of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// Its path.
    pub path: FilePath,
    /// Its size in bytes.
    pub size: u64,
    /// Its contents.
    pub digest: Digest,
    /// Whether a draft has changed it. Always `false` in a version.
    pub modified: bool,
}

impl fmt::Display for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { bundle, number } => write!(f, "bundle {bundle}, version {number}"),
            Self::Draft(uuid) => write!(f, "draft {uuid}"),
        }
    }
}
