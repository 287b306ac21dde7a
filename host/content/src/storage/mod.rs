//! Where authored content is kept: one database and one place for large files, which bundles and libraries share.
//!
//! Contents are named by their digest and kept once, whoever names them. Those up to [`INLINE`] bytes lie in the
//! database, so that an import of thousands of blocks is one transaction and a block is read without another request.
//! Larger ones are written to the blobs first and named in the database afterwards: a crash in between leaves a blob
//! that nobody names, and never a name without a blob. A contents' row says when it was last touched, and only what
//! nobody names and nobody touched for long is collected (`fsck`). Nothing here knows what the contents are.

mod blobs;
mod contents;
pub(crate) mod database;
mod digest;
mod fsck;

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;

use self::blobs::{BlobError, Blobs};
use self::database::{Database, DatabaseError, Fetch as _};

pub(crate) use digest::Hasher;
pub use digest::{Digest, NotADigest};
pub use fsck::{Finding, Fsck};

/// The most bytes of contents that lie in the database. OLX does, pictures do not.
const INLINE: usize = 64 * 1024;

/// How often a transaction is tried that others get in the way of.
pub(crate) const ATTEMPTS: u32 = 5;

/// Runs a transaction again when another one stood in its way.
macro_rules! retried {
    ($attempt:expr) => {{
        let mut left = $crate::storage::ATTEMPTS;
        loop {
            match $attempt.await {
                Err(error) if error.is_collision() && left > 1 => left -= 1,
                outcome => break outcome,
            }
        }
    }};
}
pub(crate) use retried;

/// Why the storage cannot do what was asked. None of it is the caller's fault, but for an address.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StorageError {
    /// An address is none. The message says what it must be.
    #[error("{0}")]
    Address(String),
    /// The database, or the place of large files, is away or refuses. The same may succeed later.
    #[error("the content storage is not available")]
    Unavailable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// There is something that must not be. `blockhouse fsck` says what.
    #[error("the content storage is damaged: {0}; run `blockhouse fsck`")]
    Damaged(String),
}

/// The place. Cheap to clone; clones are the same place.
#[derive(Clone)]
pub struct Storage {
    pub(crate) database: Database,
    blobs: Blobs,
    clock: fn() -> Timestamp,
}

impl Storage {
    /// Opens the place, and makes or brings up to date what it needs. `database` is `sqlite:PATH`, or the address of a
    /// PostgreSQL or MySQL database; `blobs` is a directory or `s3://BUCKET/FOLDER`. Any number of hosts may do so.
    ///
    /// # Errors
    /// [`StorageError::Address`], or [`StorageError::Unavailable`] when something cannot be reached or made.
    pub async fn open(database: &str, blobs: &str) -> Result<Self, StorageError> {
        Ok(Self {
            blobs: Blobs::open(blobs)?,
            database: Database::open(database).await?,
            clock: Timestamp::now,
        })
    }

    /// Opens the place in a directory: `content.sqlite` and `blobs/`.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when it cannot be opened.
    pub async fn open_in(directory: &Path) -> Result<Self, StorageError> {
        std::fs::create_dir_all(directory).map_err(StorageError::unavailable)?;
        Ok(Self {
            blobs: Blobs::open(&directory.join("blobs").to_string_lossy())?,
            database: Database::open_sqlite(&directory.join("content.sqlite")).await?,
            clock: Timestamp::now,
        })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ready(&self) -> Result<(), StorageError> {
        self.database.read().await?.fetch("SELECT COUNT(*) FROM content_migrations", &[]).await?;
        Ok(())
    }

    /// Milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        (self.clock)().as_millisecond()
    }
}

impl fmt::Debug for Storage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not the database: its address has a password in it.
        f.debug_struct("Storage").field("database", &self.database.dialect()).finish_non_exhaustive()
    }
}

impl StorageError {
    fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Unavailable(Arc::new(error))
    }

    /// Whether the same will succeed when it is tried again at once.
    pub(crate) fn is_collision(&self) -> bool {
        match self {
            Self::Unavailable(error) => {
                error.downcast_ref::<DatabaseError>().is_some_and(DatabaseError::is_collision)
            }
            Self::Address(_) | Self::Damaged(_) => false,
        }
    }
}

impl From<DatabaseError> for StorageError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Address(_) => Self::Address(error.to_string()),
            DatabaseError::Damaged(reason) => Self::Damaged(reason),
            error => Self::unavailable(error),
        }
    }
}

impl From<BlobError> for StorageError {
    fn from(error: BlobError) -> Self {
        match error {
            BlobError::Address(_) => Self::Address(error.to_string()),
            error => Self::unavailable(error),
        }
    }
}

/// A number of a version or of a size, for the database. One that does not fit is of nothing that exists.
pub(crate) fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A digest of the database.
pub(crate) fn stored_digest(bytes: &[u8]) -> Result<Digest, StorageError> {
    Digest::from_bytes(bytes)
        .ok_or_else(|| StorageError::Damaged(format!("a digest of {} bytes", bytes.len())))
}
