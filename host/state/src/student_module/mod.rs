//! Registered learners' state in Open edX's student module tables.
//!
//! A commit becomes a [`Plan`](plan::Plan), which checks what can be checked without a database. The writer takes the
//! plans that wait, reads all their rows, decides in memory which of them are stored ([`Group`](group::Group)), and
//! writes each table once. No lock is held while a block runs: the database's locks last for that one transaction, in
//! which everything that a call has read is compared with what is there now.

mod found;
mod group;
mod message;
mod plan;
mod records;
pub(crate) mod schema;
mod statements;
#[cfg(test)]
pub(crate) mod tests;
mod wanted;
mod writer;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::UserId;
use serde_json::Value;

use self::found::Found;
use self::plan::Plan;
use self::statements::Statements;
use self::wanted::Wanted;
use self::writer::Writer;
use crate::database::{
    self, Database, DatabaseUrl, MySql, Parameter, Pool, Postgres, Row, Sqlite, Statement,
};
use crate::{BlockRef, Commit, Records, Snapshot, StateError, StateStore};

/// The student module tables in one database. Keeps `UserId::Learner` only.
#[derive(Debug)]
pub struct SqlStore<D: Database> {
    readers: Pool<D>,
    writer: Writer,
    statements: Arc<Statements>,
}

/// The store of a host that is one machine: a file.
pub type SqliteStore = SqlStore<Sqlite>;
/// The store of several hosts.
pub type PostgresStore = SqlStore<Postgres>;
/// The store of several hosts, or Open edX's own database.
pub type MySqlStore = SqlStore<MySql>;

/// Learners' state, for blocks and for those who run the platform.
pub trait LearnerStore: StateStore + Records {}

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
        let writer = Writer::start::<D>(writers, statements.clone());
        Self { readers, writer, statements }
    }

    /// Reads again where the connection turns out to be dead, as all of them are when a server has been away.
    async fn read(
        &self,
        statement: &Statement,
        parameters: Vec<Parameter>,
    ) -> Result<Vec<Row<D>>, StateError> {
        for _ in 0..self.readers.options().get_max_connections() {
            let mut connection = self.readers.acquire().await?;
            match D::fetch(&mut connection, statement, parameters.clone()).await {
                Err(error) if database::is_lost::<D>(&error) => drop(connection.close().await),
                answer => return Ok(answer?),
            }
        }
        let mut connection = self.readers.acquire().await?;
        Ok(D::fetch(&mut connection, statement, parameters).await?)
    }
}

#[async_trait]
impl<D: Database> StateStore for SqlStore<D> {
    async fn load(&self, user: &UserId, blocks: &[BlockRef]) -> Result<Snapshot, StateError> {
        let wanted = Wanted::of_blocks(student(user)?, blocks);
        let parameters = wanted.parameters().map(|rows| Parameter::Text(Value::Array(rows).to_string()));
        let rows = self.read(&self.statements.load, parameters.into()).await?;
        let mut found = Found::default();
        found.take::<D>(&wanted, &rows)?;
        Ok(found.into_snapshot(user))
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
        self.read(&Arc::from("SELECT 1"), Vec::new()).await?;
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

impl From<sqlx::Error> for StateError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(Arc::new(error))
    }
}
