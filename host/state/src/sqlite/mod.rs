//! Registered learners' state in Open edX's student module tables, on SQLite.
//!
//! Readers never wait for writers (WAL). All commits of one process go through one writer task, which stores
//! those that wait together in one transaction; `BEGIN IMMEDIATE` and a re-read of everything that a commit has
//! read keep several processes on one file apart. No lock is held while a block runs.

mod commit;
mod field_row;
mod outbox;
mod plan;
mod rows;
mod schema;
mod student_module;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;
use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::UserId;
use sqlx::SqlitePool;

use self::plan::Plan;
use self::rows::Wanted;
use self::writer::Writer;
use crate::{BlockRef, Commit, Snapshot, StateError, StateStore};

/// The student module tables in one SQLite file. Keeps `UserId::Learner` only.
#[derive(Debug)]
pub struct SqliteStore {
    readers: SqlitePool,
    writer: Writer,
}

impl SqliteStore {
    /// Opens the file, creates it when it is not there, and brings its tables up to date. Any number of
    /// processes may do so at once. Needs a Tokio runtime, on which the writer runs until the store is dropped.
    pub async fn open(path: &Path) -> Result<Self, StateError> {
        let writers = schema::open_writer(path).await?;
        schema::migrate(&writers).await?;
        let readers = schema::open_readers(path).await?;
        Ok(Self { readers, writer: Writer::start(writers) })
    }
}

#[async_trait]
impl StateStore for SqliteStore {
    async fn load(&self, user: &UserId, blocks: &[BlockRef]) -> Result<Snapshot, StateError> {
        let student = student(user)?;
        let wanted = Wanted::of_blocks(student, blocks);
        let mut connection = self.readers.acquire().await?;
        let found = rows::read(&mut connection, &wanted).await?;
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
        sqlx::query("SELECT 1").execute(&self.readers).await?;
        Ok(())
    }
}

/// The number in `student_id`.
fn student(user: &UserId) -> Result<i64, StateError> {
    match user {
        UserId::Learner(id) => Ok(*id),
        UserId::Anonymous(_) | UserId::Author(_) => Err(StateError::WrongUser(user.clone())),
    }
}

impl From<sqlx::Error> for StateError {
    fn from(error: sqlx::Error) -> Self {
        Self::Unavailable(Arc::new(error))
    }
}
