//! Content libraries, in the host's own database (spec 7.3 to 7.7): what authors write, version by version.
//!
//! A library holds **entities**: components, which are blocks, and containers, which list other entities. Every save
//! makes the next immutable **version** of one entity. Two pointers say which version authors (`draft`) and learners
//! (`published`) see, so publishing, reverting, deleting and restoring move pointers and never lose a version. Contents
//! are named by their digest and kept once. Each method is one transaction, and writes the event that tells of it.
//!
//! Who may do what is decided in `access`; the methods that change something take whose change it is, not whether it
//! is allowed.

mod access;
mod backup;
mod collection;
mod component;
mod container;
mod context;
mod entity;
mod error;
mod events;
mod files;
mod fsck;
mod library;
mod olx;
mod publication;
mod team;

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};

pub use access::{LibraryAccess, may_create};
pub use collection::Collection;
pub use component::{Component, ComponentFilter, NewComponent};
pub use container::{Container, ContainerChild};
pub use context::LibraryContexts;
pub use entity::Standing;
pub use error::LibraryError;
pub use events::LibraryEvent;
pub use files::LibraryFile;
pub use fsck::LibraryFindings;
pub use library::{LICENSES, Library, LibraryFilter, LibraryPatch, NewLibrary};
pub use publication::{Counts, Pending};
pub use team::{Grant, Level};

/// How long to wait for another process that writes to the same file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

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

/// The libraries of one database. Cheap to clone; clones are the same store.
#[derive(Clone, Debug)]
pub struct Libraries {
    pool: SqlitePool,
    rules: LibraryRules,
    clock: fn() -> u64,
}

type Writing<'c> = Transaction<'c, Sqlite>;

/// Six random hex digits, for names that are made up (spec 7.3).
async fn unique(tx: &mut Writing<'_>) -> Result<String, LibraryError> {
    Ok(sqlx::query_scalar("SELECT lower(hex(randomblob(3)))").fetch_one(&mut **tx).await?)
}

impl Libraries {
    /// Opens the file, and creates it when it is not there. `clock` gives milliseconds since 1970.
    ///
    /// # Errors
    /// The file cannot be used.
    pub async fn open(path: &Path, rules: LibraryRules, clock: fn() -> u64) -> Result<Self, LibraryError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What an author has seen saved survives a power cut.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(BUSY_TIMEOUT);
        let pool =
            SqlitePoolOptions::new().max_connections(8).idle_timeout(None).connect_with(options).await?;
        sqlx::raw_sql(include_str!("schema.sql")).execute(&pool).await?;
        Ok(Self { pool, rules, clock })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ready(&self) -> Result<(), LibraryError> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// A transaction that nobody's write can come in between.
    async fn write(&self) -> Result<Writing<'static>, LibraryError> {
        Ok(self.pool.begin_with("BEGIN IMMEDIATE").await?)
    }

    fn now(&self) -> i64 {
        i64::try_from((self.clock)()).unwrap_or(i64::MAX)
    }
}

#[cfg(test)]
mod tests;
