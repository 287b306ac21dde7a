//! Bundles in a database, and large files in a directory or an object store.
//!
//! What a version contains is not listed version by version. Each row of a file says from which version on it holds and
//! before which it ends, so that a commit writes as many rows as it changes, and a file of any version is found by one
//! search in an index.
//!
//! Contents are named by their digest, and lie in the [`Storage`].

mod bundle;
mod change;
mod collection;
mod commit;
mod discard;
mod draft;
mod edit;
mod file;
mod link;
#[cfg(test)]
mod tests;
mod version;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Bundle, BundleError, BundleFilter, BundlePatch, BundleStore, Changes, Collection, Commit, Draft,
    DraftEdit, FileInfo, FilePath, Link, NewBundle, Selection, Tree, Version,
};
use crate::storage::database::DatabaseError;
use crate::storage::{NotADigest, Storage, StorageError, number, retried};

/// How many values go into one statement at most.
const CHUNK: usize = 500;

/// Bundles of this host. Cheap to clone; clones are the same store.
#[derive(Clone, Debug)]
pub struct EmbeddedBundles {
    storage: Storage,
}

impl EmbeddedBundles {
    /// The bundles of a storage.
    pub fn new(storage: Storage) -> Self {
        Self { storage }
    }

    fn now(&self) -> i64 {
        self.storage.now()
    }
}

#[async_trait]
impl BundleStore for EmbeddedBundles {
    async fn create_collection(&self, title: &str) -> Result<Collection, BundleError> {
        self.insert_collection(title).await
    }

    async fn collection(&self, uuid: Uuid) -> Result<Collection, BundleError> {
        self.select_collection(uuid).await
    }

    async fn collections(&self) -> Result<Vec<Collection>, BundleError> {
        self.select_collections().await
    }

    async fn rename_collection(&self, uuid: Uuid, title: &str) -> Result<Collection, BundleError> {
        self.update_collection(uuid, title).await
    }

    async fn delete_collection(&self, uuid: Uuid) -> Result<(), BundleError> {
        retried!(self.remove_collection(uuid))
    }

    async fn create_bundle(&self, new: NewBundle) -> Result<Bundle, BundleError> {
        retried!(self.insert_bundle(&new))
    }

    async fn bundle(&self, uuid: Uuid) -> Result<Bundle, BundleError> {
        self.select_bundle(uuid).await
    }

    async fn bundles(&self, filter: &BundleFilter) -> Result<Vec<Bundle>, BundleError> {
        self.select_bundles(filter).await
    }

    async fn update_bundle(&self, uuid: Uuid, patch: BundlePatch) -> Result<Bundle, BundleError> {
        retried!(self.change_bundle(uuid, &patch))
    }

    async fn delete_bundle(&self, uuid: Uuid) -> Result<(), BundleError> {
        self.mark_deleted(uuid).await
    }

    async fn restore_bundle(&self, uuid: Uuid) -> Result<Bundle, BundleError> {
        self.unmark_deleted(uuid).await
    }

    async fn version(&self, bundle: Uuid, number: u64) -> Result<Version, BundleError> {
        self.select_version(bundle, number).await
    }

    async fn versions(&self, bundle: Uuid) -> Result<Vec<Version>, BundleError> {
        self.select_versions(bundle).await
    }

    async fn file_history(
        &self,
        bundle: Uuid,
        path: &FilePath,
    ) -> Result<Vec<(Version, Option<FileInfo>)>, BundleError> {
        self.select_file_history(bundle, path).await
    }

    async fn compare(&self, bundle: Uuid, from: u64, to: u64) -> Result<Changes, BundleError> {
        self.compare_versions(bundle, from, to).await
    }

    async fn open_draft(&self, bundle: Uuid, name: &str) -> Result<Draft, BundleError> {
        retried!(self.get_or_insert_draft(bundle, name))
    }

    async fn draft(&self, uuid: Uuid) -> Result<Draft, BundleError> {
        self.select_draft(uuid).await
    }

    async fn edit_draft(&self, uuid: Uuid, edit: DraftEdit) -> Result<Draft, BundleError> {
        let edit = edit::Prepared::new(edit)?;
        self.write_large(&edit).await?;
        retried!(self.apply_edit(uuid, &edit))
    }

    async fn commit_draft(&self, uuid: Uuid, commit: Commit) -> Result<Version, BundleError> {
        super::checks::change(&commit.description)?;
        retried!(self.apply_commit(uuid, &commit))
    }

    async fn discard_changes(&self, uuid: Uuid, selection: &Selection) -> Result<Draft, BundleError> {
        retried!(self.apply_discard(uuid, selection))
    }

    async fn rebase_draft(&self, uuid: Uuid) -> Result<Draft, BundleError> {
        retried!(self.apply_rebase(uuid))
    }

    async fn delete_draft(&self, uuid: Uuid) -> Result<(), BundleError> {
        retried!(self.remove_draft(uuid))
    }

    async fn changes(&self, uuid: Uuid) -> Result<Changes, BundleError> {
        self.draft_changes(uuid).await
    }

    async fn files(&self, tree: Tree, folder: Option<&FilePath>) -> Result<Vec<FileInfo>, BundleError> {
        self.select_files(tree, folder).await
    }

    async fn file(&self, tree: Tree, path: &FilePath) -> Result<FileInfo, BundleError> {
        self.select_file(tree, path).await
    }

    async fn read(&self, tree: Tree, path: &FilePath) -> Result<(FileInfo, Bytes), BundleError> {
        self.read_file(tree, path).await
    }

    async fn links(&self, tree: Tree) -> Result<Vec<Link>, BundleError> {
        self.select_links(tree).await
    }

    async fn ready(&self) -> Result<(), BundleError> {
        Ok(self.storage.ready().await?)
    }
}

impl From<StorageError> for BundleError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Address(text) => Self::Invalid(text),
            StorageError::Damaged(reason) => Self::Damaged(reason),
            error => Self::unavailable(error),
        }
    }
}

impl From<DatabaseError> for BundleError {
    fn from(error: DatabaseError) -> Self {
        StorageError::from(error).into()
    }
}

impl From<NotADigest> for BundleError {
    fn from(error: NotADigest) -> Self {
        Self::Invalid(error.to_string())
    }
}

impl BundleError {
    /// Whether the same will succeed when it is tried again at once.
    fn is_collision(&self) -> bool {
        match self {
            Self::Unavailable(error) => {
                error.downcast_ref::<StorageError>().is_some_and(StorageError::is_collision)
            }
            _ => false,
        }
    }
}

/// A moment of the database.
fn timestamp(milliseconds: i64) -> Result<Timestamp, BundleError> {
    Timestamp::from_millisecond(milliseconds)
        .map_err(|error| BundleError::Damaged(format!("a moment cannot be: {error}")))
}

fn uuid(text: &str) -> Result<Uuid, BundleError> {
    text.parse().map_err(|_| BundleError::Damaged(format!("`{text}` is no uuid")))
}
