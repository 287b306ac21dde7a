//! Drafts: named changes over a version.

use std::collections::BTreeMap;

use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Digest, FileInfo, FilePath, Link};

/// Changes over a base version, kept under a name until they are committed or discarded. Several people may write to
/// one draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Who it is.
    pub uuid: Uuid,
    /// The bundle.
    pub bundle: Uuid,
    /// The name, unique in the bundle; at most 180 characters.
    pub name: String,
    /// The version under its changes; 0 for none.
    pub base_version: u64,
    /// Grows with everything that happens to the draft.
    pub revision: u64,
    /// When it was begun.
    pub created: Timestamp,
    /// When something last happened to it.
    pub updated: Timestamp,
    /// Whose doing that was, where it is known: the name of a user.
    pub updated_by: Option<String>,
}

/// What shall happen to one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileEdit {
    /// It has these contents; at most 50 000 000 bytes (spec 7.5).
    Write(Bytes),
    /// It has contents that the store holds already, under a path of whatever bundle or version: a copy or the
    /// restoring of an older version, at no cost.
    Adopt(Digest),
    /// It is not there any more.
    Delete,
}

/// What shall happen to one link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkEdit {
    /// It names this version.
    Set {
        /// The other bundle.
        bundle: Uuid,
        /// The number of its version, from 1.
        version: u64,
    },
    /// It is not there any more.
    Delete,
}

/// What whoever edits a draft believes about it. If that is no longer so, nothing is changed and the answer is
/// [`BundleError::Conflict`](super::BundleError::Conflict).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Expected {
    /// Nothing: the last one to write wins.
    #[default]
    Anything,
    /// Nobody has touched the draft since it had this [`Draft::revision`].
    Revision(u64),
    /// These files have these contents, or are not there. Others may have changed: two people who edit different
    /// blocks do not hinder each other.
    Files(BTreeMap<FilePath, Option<Digest>>),
}

/// Changes to a draft. They happen together or not at all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DraftEdit {
    /// What shall happen to files.
    pub files: BTreeMap<FilePath, FileEdit>,
    /// What shall happen to links, by name.
    pub links: BTreeMap<String, LinkEdit>,
    /// What must be so before.
    pub expected: Expected,
    /// Whose doing it is: the name of a user.
    pub by: Option<String>,
}

/// Some of the changes of a draft, to be committed or discarded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Selection {
    /// All.
    #[default]
    All,
    /// These. What is named here and has not changed is none of them.
    Only {
        /// Single files.
        files: Vec<FilePath>,
        /// All files in these folders, at any depth.
        folders: Vec<FilePath>,
        /// Links.
        links: Vec<String>,
    },
}

impl Selection {
    /// Whether a changed file is one of them.
    pub(crate) fn has_file(&self, path: &FilePath) -> bool {
        match self {
            Self::All => true,
            Self::Only { files, folders, .. } => {
                files.contains(path) || folders.iter().any(|folder| path.is_in(folder))
            }
        }
    }

    /// Whether a changed link is one of them.
    pub(crate) fn has_link(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Only { links, .. } => links.iter().any(|link| link == name),
        }
    }
}

/// A commit: changes of a draft become a version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// Which changes.
    pub selection: Selection,
    /// The [`Draft::revision`] that was looked at, if a later one is to be refused with
    /// [`BundleError::Conflict`](super::BundleError::Conflict).
    pub revision: Option<u64>,
    /// What to say about the version; at most 1000 characters.
    pub description: String,
    /// Whose doing it is: the name of a user.
    pub by: Option<String>,
}

/// The differences between two trees, ordered by path and by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Files.
    pub files: Vec<FileChange>,
    /// Links.
    pub links: Vec<LinkChange>,
}

impl Changes {
    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.links.is_empty()
    }
}

/// A file that differs. It was added when `before` is `None`, and deleted when `after` is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Its path.
    pub path: FilePath,
    /// What it was.
    pub before: Option<FileInfo>,
    /// What it is.
    pub after: Option<FileInfo>,
    /// When it was changed last; known for changes of a draft.
    pub changed: Option<Timestamp>,
    /// Who did that, where it is known: the name of a user.
    pub changed_by: Option<String>,
}

/// A link that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkChange {
    /// Its name.
    pub name: String,
    /// What it was.
    pub before: Option<Link>,
    /// What it is.
    pub after: Option<Link>,
}
