//! Bundles in a database, and large files in a directory or an object store.
//!
//! What a version contains is not listed version by version. Each row of a file says from which version on it holds and
//! before which it ends, so that a commit writes as many rows as it changes, and a file of any version is found by one
//! search in an index.
//!
//! Contents up to [`INLINE`] bytes lie in the database, so that an import of thousands of blocks is one transaction and
//! a block is read without another request. Larger ones are written to the blobs first and named in the database
//! afterwards: a crash in between leaves a blob that nobody names, and never a name without a blob. A contents' row
//! says when it was last touched, and only what nobody names and nobody touched for long is collected (`fsck`).

mod blob;
mod bundle;
mod change;
mod collection;
mod commit;
mod discard;
mod draft;
mod edit;
mod file;
mod fsck;
mod link;
#[cfg(test)]
mod tests;
mod version;

use std::fmt;
use std::path::Path;

use async_trait::async_trait;
use bytes::Bytes;
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    Bundle, BundleError, BundleFilter, BundlePatch, BundleStore, Changes, Collection, Commit, Draft,
    DraftEdit, FileInfo, FilePath, Link, NewBundle, Selection, Tree, Version,
};
use crate::blobs::{BlobError, Blobs};
use crate::database::{Database, DatabaseError, Fetch as _};

pub use fsck::{Finding, Fsck};

/// The most bytes of contents that lie in the database. OLX does (spec 7.5: at most 50 000 characters), pictures do not.
const INLINE: usize = 64 * 1024;

/// How many values go into one statement at most.
const CHUNK: usize = 500;

/// How often a transaction is tried that others get in the way of.
const ATTEMPTS: u32 = 5;

/// Runs a transaction again when another one stood in its way.
macro_rules! retried {
    ($attempt:expr) => {{
        let mut left = ATTEMPTS;
        loop {
            match $attempt.await {
                Err(error) if error.is_collision() && left > 1 => left -= 1,
                outcome => break outcome,
            }
        }
    }};
}

/// Bundles of this host. Cheap to clone; clones are the same store.
#[derive(Clone)]
pub struct EmbeddedBundles {
    /// What else belongs to content may have tables of its own there.
    pub(crate) database: Database,
    blobs: Blobs,
    clock: fn() -> Timestamp,
}

impl EmbeddedBundles {
    /// Opens the store, and makes or brings up to date what it needs. `database` is `sqlite:PATH`, or the address of a
    /// PostgreSQL or MySQL database; `blobs` is a directory or `s3://BUCKET/FOLDER`. Any number of hosts may do so.
    ///
    /// # Errors
    /// [`BundleError::Invalid`] for an address that is none, [`BundleError::Unavailable`] when something cannot be
    /// reached or made.
    pub async fn open(database: &str, blobs: &str) -> Result<Self, BundleError> {
        Ok(Self {
            blobs: Blobs::open(blobs)?,
            database: Database::open(database).await?,
            clock: Timestamp::now,
        })
    }

    /// Opens the store that a directory holds: `content.sqlite` and `blobs/`.
    ///
    /// # Errors
    /// [`BundleError::Unavailable`] when it cannot be opened.
    pub async fn open_in(directory: &Path) -> Result<Self, BundleError> {
        std::fs::create_dir_all(directory).map_err(BundleError::unavailable)?;
        Ok(Self {
            blobs: Blobs::open(&directory.join("blobs").to_string_lossy())?,
            database: Database::open_sqlite(&directory.join("content.sqlite")).await?,
            clock: Timestamp::now,
        })
    }

    fn now(&self) -> i64 {
        (self.clock)().as_millisecond()
    }
}

impl fmt::Debug for EmbeddedBundles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the database: its address has a password in it.
        f.debug_struct("EmbeddedBundles").field("database", &self.database.dialect()).finish_non_exhaustive()
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
        self.database.read().await?.fetch("SELECT COUNT(*) FROM content_migrations", &[]).await?;
        Ok(())
    }
}

impl From<DatabaseError> for BundleError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Address(_) => Self::Invalid(error.to_string()),
            DatabaseError::Damaged(reason) => Self::Damaged(reason),
            error => Self::unavailable(error),
        }
    }
}

impl From<BlobError> for BundleError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Address(_) => Self::Invalid(error.to_string()),
            error => Self::unavailable(error),
        }
    }
}

impl BundleError {
    /// Whether the same will succeed when it is tried again at once.
    fn is_collision(&self) -> bool {
        match self {
            Self::Unavailable(error) => {
                error.downcast_ref::<DatabaseError>().is_some_and(DatabaseError::is_collision)
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

/// A number of a version or of a size, for the database. One that does not fit is of nothing that exists.
fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn uuid(text: &str) -> Result<Uuid, BundleError> {
    text.parse().map_err(|_| BundleError::Damaged(format!("`{text}` is no uuid")))
}
