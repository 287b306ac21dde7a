//! Registered learners' state in Open edX's student module tables.
//!
//! A commit becomes a [`Plan`](plan::Plan), which checks what can be checked without a database. The writer takes the
//! plans that wait, reads all their rows, decides in memory which of them are stored ([`Group`](group::Group)), and
//! writes each table once. Loads that wait are answered together as well. No lock is held while a block runs: the
//! database's locks last for that one transaction, in which everything that a call has read is compared with what is
//! there now.

mod cells;
mod completions;
mod found;
mod group;
mod loaded;
mod message;
mod outbox;
mod plan;
mod reader;
mod records;
pub(crate) mod schema;
mod statements;
#[cfg(test)]
pub(crate) mod tests;
mod turns;
mod wanted;
mod writer;

use std::io;
use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::UserId;

use self::outbox::DeliveryStatements;
use self::plan::Plan;
use self::reader::Reader;
use self::statements::Statements;
use self::wanted::Wanted;
use self::writer::Writer;
use crate::database::{Database, DatabaseUrl, MySql, Pool, Postgres, Sqlite};
use crate::{BlockRef, Commit, Completions, Outbox, Records, Snapshot, StateError, StateStore};

/// The student module tables in one database. Keeps `UserId::Learner` only.
#[derive(Debug)]
pub struct SqlStore<D: Database> {
    reader: Reader<D>,
    writers: Pool<D>,
    writer: Writer,
    statements: Arc<Statements>,
    delivery: DeliveryStatements,
}

/// The store of a host that is one machine: a file.
pub type SqliteStore = SqlStore<Sqlite>;
/// The store of several hosts.
pub type PostgresStore = SqlStore<Postgres>;
/// The store of several hosts, or Open edX's own database.
pub type MySqlStore = SqlStore<MySql>;

/// Learners' state, for blocks and for those who run the platform.
pub trait LearnerStore: StateStore + Records + Completions + Outbox {}

impl<D: Database> LearnerStore for SqlStore<D> {}

impl SqliteStore {
    /// Opens the file, creates it when it is not there, and brings its tables up to date.
    pub async fn open(path: &Path) -> Result<Self, StateError> {
        let (writers, readers) = Sqlite::open(path, DatabaseUrl::synchronous(true), schema::sqlite()).await?;
        Ok(Self::new(Sqlite, writers, readers))
    }
}

impl<D: Database> SqlStore<D> {
    pub(crate) fn new(database: D, writers: Pool<D>, readers: Pool<D>) -> Self {
        let statements = Arc::new(Statements::new(&database));
        let delivery = DeliveryStatements::new(&database);
        let writer = Writer::start::<D>(writers.clone(), statements.clone());
        let reader = Reader::new(readers, statements.clone());
        Self { reader, writers, writer, statements, delivery }
    }
}

#[async_trait]
impl<D: Database> StateStore for SqlStore<D> {
    async fn load(&self, user: &UserId, blocks: &[BlockRef]) -> Result<Snapshot, StateError> {
        let wanted = Wanted::of_blocks(student(user)?, blocks);
        self.reader.load(wanted).await
    }

    async fn commit(&self, commit: Commit) -> Result<(), StateError> {
        let plan = Plan::new(commit)?;
        if plan.is_empty() {
            return Ok(());
        }
        self.writer.store(plan).await
    }

    async fn ready(&self) -> Result<(), StateError> {
        self.writer.ready()?;
        self.reader.fetch(&Arc::from("SELECT 1"), Vec::new()).await?;
        Ok(())
    }
}

/// The number in `student_id`, a column of 32 bits.
fn student(user: &UserId) -> Result<i64, StateError> {
    match user {
        UserId::Learner(id) if i32::try_from(*id).is_ok() => Ok(*id),
        UserId::Learner(_) | UserId::Anonymous(_) | UserId::Author(_) => {
            Err(StateError::WrongUser(user.clone()))
        }
    }
}

/// The answer of a task that has ended with its Tokio runtime.
fn stopped() -> StateError {
    StateError::Unavailable(Arc::new(io::Error::other("the state store has stopped")))
}

impl From<sqlx::Error> for StateError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(Arc::new(error))
    }
}
