//! Bundles: files that are versioned together (spec 7.1).
//!
//! A **bundle** is a row of immutable **versions**; a **draft** is a set of changes over one of them, under a name.
//! Committing a draft, or a part of it, makes the next version. A **link** names a version of another bundle. Both a
//! version and a draft are read as a **tree** of files. Contents are named by their digest, and kept once.
//!
//! [`BundleStore`] is what the rest of the host knows of all this. [`EmbeddedBundles`] keeps bundles in a database, and
//! large files in a directory or an object store; [`BlockstoreClient`] reaches those of a remote host. Nothing here knows what is in a file: OLX, libraries and
//! who may see them are built on top.

mod bundle;
mod checks;
mod client;
mod collection;
#[cfg(any(test, feature = "conformance"))]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "these are tests")]
pub mod conformance;
mod draft;
mod embedded;
mod error;
mod link;
mod path;
mod tree;
mod version;

use std::fmt;

use async_trait::async_trait;
use bytes::Bytes;
use uuid::Uuid;

pub use crate::storage::Digest;
pub use bundle::{Bundle, BundleFilter, BundlePatch, NewBundle};
pub use client::BlockstoreClient;
pub use collection::Collection;
pub use draft::{
    Changes, Commit, Draft, DraftEdit, Expected, FileChange, FileEdit, LinkChange, LinkEdit, Selection,
};
pub use embedded::EmbeddedBundles;
pub use error::{BundleError, Conflict};
pub use link::{Dependency, Link};
pub use path::FilePath;
pub use tree::{FileInfo, Tree};
pub use version::Version;

/// Keeps bundles.
///
/// Whatever has returned is durable. Each call happens as a whole or not at all, also when the process dies in it.
/// Every method may answer [`BundleError::Unavailable`] or [`BundleError::Damaged`]; a method names the other errors.
#[async_trait]
pub trait BundleStore: fmt::Debug + Send + Sync {
    /// Begins a collection.
    ///
    /// # Errors
    /// [`BundleError::Invalid`] for the title.
    async fn create_collection(&self, title: &str) -> Result<Collection, BundleError>;

    /// A collection.
    ///
    /// # Errors
    /// [`BundleError::CollectionNotFound`].
    async fn collection(&self, uuid: Uuid) -> Result<Collection, BundleError>;

    /// All collections, ordered by title.
    ///
    /// # Errors
    /// Those of every method.
    async fn collections(&self) -> Result<Vec<Collection>, BundleError>;

    /// Gives a collection another title.
    ///
    /// # Errors
    /// [`BundleError::CollectionNotFound`]; [`BundleError::Invalid`] for the title.
    async fn rename_collection(&self, uuid: Uuid, title: &str) -> Result<Collection, BundleError>;

    /// Deletes an empty collection.
    ///
    /// # Errors
    /// [`BundleError::CollectionNotFound`]; [`BundleError::CollectionInUse`], also when all its bundles are deleted
    /// ones, which could be restored.
    async fn delete_collection(&self, uuid: Uuid) -> Result<(), BundleError>;

    /// Begins a bundle. It has no version yet.
    ///
    /// # Errors
    /// [`BundleError::CollectionNotFound`]; [`BundleError::Invalid`] for a text.
    async fn create_bundle(&self, new: NewBundle) -> Result<Bundle, BundleError>;

    /// A bundle.
    ///
    /// # Errors
    /// [`BundleError::BundleNotFound`].
    async fn bundle(&self, uuid: Uuid) -> Result<Bundle, BundleError>;

    /// The bundles that a filter lets through, ordered by title.
    ///
    /// # Errors
    /// Those of every method.
    async fn bundles(&self, filter: &BundleFilter) -> Result<Vec<Bundle>, BundleError>;

    /// Changes what is said about a bundle.
    ///
    /// # Errors
    /// [`BundleError::BundleNotFound`], [`BundleError::CollectionNotFound`]; [`BundleError::Invalid`] for a text.
    async fn update_bundle(&self, uuid: Uuid, patch: BundlePatch) -> Result<Bundle, BundleError>;

    /// Deletes a bundle so that it can be restored. Its versions stay readable as a [`Tree`]: others may link to them.
    ///
    /// # Errors
    /// [`BundleError::BundleNotFound`].
    async fn delete_bundle(&self, uuid: Uuid) -> Result<(), BundleError>;

    /// Brings back a deleted bundle with all its versions and drafts. One that is not deleted stays as it is.
    ///
    /// # Errors
    /// [`BundleError::BundleNotFound`]; [`BundleError::Unsupported`] in a remote Blockstore.
    async fn restore_bundle(&self, uuid: Uuid) -> Result<Bundle, BundleError>;

    /// A version.
    ///
    /// # Errors
    /// [`BundleError::VersionNotFound`], also for 0, about which there is nothing to say.
    async fn version(&self, bundle: Uuid, number: u64) -> Result<Version, BundleError>;

    /// The history of a bundle, newest first.
    ///
    /// # Errors
    /// [`BundleError::BundleNotFound`].
    async fn versions(&self, bundle: Uuid) -> Result<Vec<Version>, BundleError>;

    /// The history of one file: the versions in which it got other contents or went away (`None`), newest first.
    ///
    /// # Errors
    /// [`BundleError::BundleNotFound`].
    async fn file_history(
        &self,
        bundle: Uuid,
        path: &FilePath,
    ) -> Result<Vec<(Version, Option<FileInfo>)>, BundleError>;

    /// What became different between two versions of a bundle. Costs in proportion to that.
    ///
    /// # Errors
    /// [`BundleError::VersionNotFound`].
    async fn compare(&self, bundle: Uuid, from: u64, to: u64) -> Result<Changes, BundleError>;

    /// The draft of that name, begun over the newest version if there is none yet.
    ///
    /// # Errors
    /// [`BundleError::BundleNotFound`]; [`BundleError::Invalid`] for the name.
    async fn open_draft(&self, bundle: Uuid, name: &str) -> Result<Draft, BundleError>;

    /// A draft.
    ///
    /// # Errors
    /// [`BundleError::DraftNotFound`], also when its bundle is deleted.
    async fn draft(&self, uuid: Uuid) -> Result<Draft, BundleError>;

    /// Changes files and links of a draft, and returns it as it is then. A change that makes a file what it is in the
    /// base version takes back the draft's change to it.
    ///
    /// # Errors
    /// [`BundleError::DraftNotFound`], [`BundleError::Conflict`], [`BundleError::LinkCycle`],
    /// [`BundleError::ContentsNotFound`]; [`BundleError::VersionNotFound`] for a link; [`BundleError::Invalid`] for the
    /// name of a link, or a file that is too large.
    async fn edit_draft(&self, uuid: Uuid, edit: DraftEdit) -> Result<Draft, BundleError>;

    /// Makes the next version of the newest one and changes of a draft. The draft keeps its other changes, over the new
    /// version. Costs in proportion to the changes.
    ///
    /// # Errors
    /// [`BundleError::DraftNotFound`], [`BundleError::NothingToCommit`], [`BundleError::Conflict`];
    /// [`BundleError::Invalid`] for the description.
    async fn commit_draft(&self, uuid: Uuid, commit: Commit) -> Result<Version, BundleError>;

    /// Takes back changes of a draft, and returns it as it is then.
    ///
    /// # Errors
    /// [`BundleError::DraftNotFound`].
    async fn discard_changes(&self, uuid: Uuid, selection: &Selection) -> Result<Draft, BundleError>;

    /// Puts a draft's changes over the newest version. They stay as they are, and win over what changed below.
    ///
    /// # Errors
    /// [`BundleError::DraftNotFound`]; [`BundleError::Unsupported`] in a remote Blockstore.
    async fn rebase_draft(&self, uuid: Uuid) -> Result<Draft, BundleError>;

    /// Deletes a draft with all its changes.
    ///
    /// # Errors
    /// [`BundleError::DraftNotFound`].
    async fn delete_draft(&self, uuid: Uuid) -> Result<(), BundleError>;

    /// What a draft has changed. Costs in proportion to that.
    ///
    /// # Errors
    /// [`BundleError::DraftNotFound`].
    async fn changes(&self, uuid: Uuid) -> Result<Changes, BundleError>;

    /// The files of a tree, ordered by path; those in one folder, if one is named.
    ///
    /// # Errors
    /// [`BundleError::VersionNotFound`], [`BundleError::DraftNotFound`].
    async fn files(&self, tree: Tree, folder: Option<&FilePath>) -> Result<Vec<FileInfo>, BundleError>;

    /// One file of a tree. Costs the same in a small and in a large one.
    ///
    /// # Errors
    /// [`BundleError::FileNotFound`], also when there is no such tree.
    async fn file(&self, tree: Tree, path: &FilePath) -> Result<FileInfo, BundleError>;

    /// One file of a tree with its contents.
    ///
    /// # Errors
    /// [`BundleError::FileNotFound`], also when there is no such tree.
    async fn read(&self, tree: Tree, path: &FilePath) -> Result<(FileInfo, Bytes), BundleError>;

    /// Several files of a tree with their contents, in the order of `paths`; those that are not there are left out.
    ///
    /// # Errors
    /// Those of every method.
    async fn read_many(&self, tree: Tree, paths: &[FilePath]) -> Result<Vec<(FileInfo, Bytes)>, BundleError> {
        let mut found = Vec::with_capacity(paths.len());
        for path in paths {
            match self.read(tree, path).await {
                Ok(file) => found.push(file),
                Err(BundleError::FileNotFound { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(found)
    }

    /// The links of a tree, ordered by name.
    ///
    /// # Errors
    /// [`BundleError::VersionNotFound`], [`BundleError::DraftNotFound`].
    async fn links(&self, tree: Tree) -> Result<Vec<Link>, BundleError>;

    /// Whether the store answers.
    ///
    /// # Errors
    /// It does not.
    async fn ready(&self) -> Result<(), BundleError>;
}
