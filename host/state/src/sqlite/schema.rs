//! The file: how it is opened, and how its tables come to be.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::SqlitePool;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

use crate::StateError;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");

/// How long to wait for another process that writes to the same file. A transaction takes milliseconds, so
/// whoever waits longer than this waits for something that is stuck.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Reading is short and bound to the processor: more connections than this only compete.
const MAX_READERS: u32 = 8;

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        // An answer that a learner has seen survives a power cut.
        .synchronous(SqliteSynchronous::Full)
        // Open edX declares these tables without database constraints (spec 4.1): accounts live elsewhere.
        .foreign_keys(false)
        .busy_timeout(BUSY_TIMEOUT)
}

/// Connections last for ever: what SQLite has prepared and cached stays warm, and there is no server that
/// could have hung up.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// The one connection that writes.
pub(super) async fn open_writer(path: &Path) -> Result<SqlitePool, StateError> {
    Ok(pool(1).connect_with(options(path).create_if_missing(true)).await?)
}

/// The connections that read, and cannot do anything else.
pub(super) async fn open_readers(path: &Path) -> Result<SqlitePool, StateError> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let readers = u32::try_from(cores).unwrap_or(MAX_READERS).saturating_add(1).min(MAX_READERS);
    Ok(pool(readers).connect_with(options(path).pragma("query_only", "true")).await?)
}

/// Brings the tables up to date. The write lock makes everybody else who opens the file wait; they then find
/// that nothing is left to do.
pub(super) async fn migrate(writers: &SqlitePool) -> Result<(), StateError> {
    let mut transaction = writers.begin_with("BEGIN IMMEDIATE").await?;
    // Not `run`: its future cannot be proven `Send`, so that nobody could open a store in a task of its own.
    MIGRATIONS
        .run_direct(None, &mut *transaction, false)
        .await
        .map_err(|error| StateError::Unavailable(Arc::new(error)))?;
    Ok(transaction.commit().await?)
}
