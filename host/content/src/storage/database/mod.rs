//! The database of content: SQLite by default, PostgreSQL or MySQL/MariaDB when several hosts share one.
//!
//! One set of statements serves all three. They are written with `?` for values, in the SQL that the three have in
//! common; what they do not have in common is in [`Dialect`]. Text that is compared or ordered, such as a path, is
//! compared byte by byte everywhere. This module knows nothing of what is stored.

mod connection;
mod dialect;
mod migrate;
mod row;
mod value;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::mysql::MySqlPoolOptions;
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{MySqlPool, PgPool, SqlitePool};

pub(crate) use connection::{Fetch, Reader, Transaction};
pub(crate) use dialect::{Dialect, insert, list};
pub(crate) use row::Row;
pub(crate) use value::Value;

/// How long to wait for another process that writes to the same SQLite file. An import of thousands of blocks is one
/// transaction of seconds.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// How long to wait for a connection to a database server.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// Connections of one process to a database server, or readers of an SQLite file.
const CONNECTIONS: u32 = 8;

/// Why a database cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DatabaseError {
    /// The address is none.
    #[error("`{0}` is no address of a database; it must begin with sqlite:, postgres: or mysql:")]
    Address(String),
    /// The database is away, refuses, or is full.
    #[error("the content database is not available")]
    Unavailable(#[source] Arc<sqlx::Error>),
    /// The tables cannot be brought up to date.
    #[error("the tables of the content database cannot be brought up to date")]
    Migrate(#[source] Arc<sqlx::migrate::MigrateError>),
    /// A value is not of the type that this program wrote there.
    #[error("the content database has a value that cannot be: {0}")]
    Damaged(String),
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Self::Damaged(error.to_string()),
            error => Self::Unavailable(Arc::new(error)),
        }
    }
}

impl DatabaseError {
    /// Whether a row was to be written under a key that another row has.
    pub(crate) fn is_duplicate(&self) -> bool {
        let Self::Unavailable(error) = self else { return false };
        error.as_database_error().is_some_and(|error| error.is_unique_violation())
    }

    /// Whether two transactions stood in each other's way, and the same will succeed when it is tried again.
    pub(crate) fn is_collision(&self) -> bool {
        let Self::Unavailable(error) = self else { return false };
        let Some(error) = error.as_database_error() else { return false };
        // PostgreSQL: serialization failure, deadlock. MySQL: deadlock, lock wait timeout, record has changed.
        // SQLite: busy with a snapshot that is too old.
        let code = error.code();
        matches!(code.as_deref(), Some("40001" | "40P01" | "517"))
            || error.message().contains("Deadlock found")
            || error.message().contains("Record has changed since last read")
    }
}

/// A database. Cheap to clone; clones are the same database.
#[derive(Clone, Debug)]
pub(crate) enum Database {
    /// Writers take turns, and readers never wait for them (WAL).
    Sqlite {
        /// The one connection that writes.
        writer: SqlitePool,
        /// Connections that cannot write.
        readers: SqlitePool,
    },
    Postgres(PgPool),
    MySql(MySqlPool),
}

impl Database {
    /// Opens the database at an address, and brings its tables up to date. `sqlite:` and a path, or an address that
    /// begins with `postgres:` or `mysql:`.
    pub(crate) async fn open(address: &str) -> Result<Self, DatabaseError> {
        let database = match address.split_once(':') {
            Some(("sqlite", path)) => {
                return Self::open_sqlite(Path::new(path.strip_prefix("//").unwrap_or(path))).await;
            }
            Some(("postgres" | "postgresql", _)) => {
                let options = PgPoolOptions::new().max_connections(CONNECTIONS);
                Self::Postgres(options.acquire_timeout(ACQUIRE_TIMEOUT).connect(address).await?)
            }
            Some(("mysql" | "mariadb", _)) => {
                // Each statement of a transaction sees what others have committed before it, as in PostgreSQL: after a
                // row is locked, the rows that belong to it are the newest.
                let options =
                    MySqlPoolOptions::new().max_connections(CONNECTIONS).after_connect(|connection, _| {
                        Box::pin(async {
                            let isolation = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
                            sqlx::query(isolation).execute(connection).await.map(drop)
                        })
                    });
                Self::MySql(options.acquire_timeout(ACQUIRE_TIMEOUT).connect(address).await?)
            }
            _ => return Err(DatabaseError::Address(address.to_owned())),
        };
        migrate::run(&database).await?;
        Ok(database)
    }

    /// Opens an SQLite file, creating it if need be. Any number of processes may do so at once.
    pub(crate) async fn open_sqlite(path: &Path) -> Result<Self, DatabaseError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(false)
            .busy_timeout(BUSY_TIMEOUT);
        let pool = |connections| {
            SqlitePoolOptions::new()
                .max_connections(connections)
                .idle_timeout(None)
                .max_lifetime(None)
                .acquire_timeout(BUSY_TIMEOUT)
                .test_before_acquire(false)
        };
        let writer = pool(1).connect_with(options.clone().create_if_missing(true)).await?;
        let readers = pool(CONNECTIONS).connect_lazy_with(options.pragma("query_only", "true"));
        let database = Self::Sqlite { writer, readers };
        migrate::run(&database).await?;
        Ok(database)
    }

    /// What is particular to it.
    pub(crate) fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite { .. } => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
            Self::MySql(_) => Dialect::MySql,
        }
    }

    /// A connection for reading. Each statement sees what is committed when it begins.
    pub(crate) async fn read(&self) -> Result<Reader, DatabaseError> {
        Ok(match self {
            Self::Sqlite { readers, .. } => Reader::Sqlite(readers.acquire().await?),
            Self::Postgres(pool) => Reader::Postgres(pool.acquire().await?),
            Self::MySql(pool) => Reader::MySql(pool.acquire().await?),
        })
    }

    /// A transaction for writing. Dropped, it undoes everything.
    pub(crate) async fn write(&self) -> Result<Transaction, DatabaseError> {
        Ok(match self {
            // The write lock first: a transaction that began with reading could not get it any more.
            Self::Sqlite { writer, .. } => Transaction::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Transaction::Postgres(pool.begin().await?),
            Self::MySql(pool) => Transaction::MySql(pool.begin().await?),
        })
    }
}
