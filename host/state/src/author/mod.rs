//! What authors do in their previews: kept from request to request, private to the author, easy to throw away.
//!
//! A table of its own holds it, so nothing of it can reach a learner's row. There is no grade, no completion and no
//! outbox: a preview is no achievement, and its events are heard and dropped.

mod row;
mod statements;
#[cfg(test)]
mod tests;

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use blockhouse_fields::UserId;
use blockhouse_keys::{LearningContextKey, UsageKey};
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection as _};

use self::row::RowKey;
use self::statements::Statements;
use crate::database::{Connection, Database, Parameter, Pool};
use crate::{BlockRef, Commit, Snapshot, StateError, StateStore, Stored, check};

/// How often a transaction is tried again in which another host came between.
const ATTEMPTS: u32 = 8;

/// What an author wants to be rid of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorReset {
    /// What was done in one block.
    Block(UsageKey),
    /// What was done in all blocks of a learning context.
    Context(LearningContextKey),
    /// Everything, preferences and user info among it.
    Everything,
}

/// The store of authors' previews.
#[async_trait]
pub trait AuthorStore: StateStore {
    /// Forgets what `author` has left behind. What is not there is no error.
    async fn reset(&self, author: &UserId, what: &AuthorReset) -> Result<(), StateError>;
}

/// Authors' previews in a database. Keeps `UserId::Author` only.
pub struct SqlAuthorStore<D: Database> {
    readers: Pool<D>,
    writers: Pool<D>,
    statements: Statements,
    ttl: Duration,
    clock: fn() -> u64,
}

impl<D: Database> SqlAuthorStore<D> {
    /// A store that forgets a field `ttl` after its last change. `clock` gives milliseconds since 1970.
    pub(crate) fn new(writers: Pool<D>, readers: Pool<D>, ttl: Duration, clock: fn() -> u64) -> Self {
        Self { readers, writers, statements: Statements::new::<D>(), ttl, clock }
    }

    /// What was changed at this moment, or before it, is forgotten.
    fn forgotten(&self) -> i64 {
        let ttl = u64::try_from(self.ttl.as_millis()).unwrap_or(u64::MAX);
        i64::try_from((self.clock)().saturating_sub(ttl)).unwrap_or(i64::MAX)
    }

    /// The fields of an author that belong to these contexts, or to none.
    async fn read(
        &self,
        connection: &mut Connection<D>,
        author: i64,
        contexts: &BTreeSet<String>,
        with_files: bool,
    ) -> Result<HashMap<RowKey, Arc<str>>, sqlx::Error> {
        let mut found = HashMap::new();
        for context in contexts.iter().map(String::as_str).chain([row::NO_CONTEXT]) {
            let parameters = vec![
                Parameter::Number(author),
                Parameter::Text(context.to_owned()),
                Parameter::Number(self.forgotten()),
                Parameter::Number(with_files.into()),
            ];
            for row in D::fetch(connection, &self.statements.select, parameters).await? {
                let text = |column| Ok::<_, sqlx::Error>(D::text(&row, column)?.unwrap_or_default());
                let key = RowKey::stored(context, text("scope")?, text("owner")?, text("field_name")?);
                found.insert(key, Arc::from(text("value")?));
            }
        }
        Ok(found)
    }

    /// Compares and writes in one transaction, which has the author's state for itself.
    async fn transact(
        &self,
        connection: &mut Connection<D>,
        author: i64,
        changes: &Changes,
    ) -> Result<Result<(), StateError>, sqlx::Error> {
        let mut transaction = connection.begin_with(AssertSqlSafe(D::BEGIN)).await?;
        D::lock(&mut transaction, json!([format!("author {author}")]).to_string()).await?;
        let found = self.read(&mut transaction, author, &changes.contexts, changes.have_files()).await?;
        let current = changes.reads.iter().all(|(key, revision)| found.get(key) == revision.as_ref());
        if current {
            let forgotten = vec![Parameter::Number(author), Parameter::Number(self.forgotten())];
            D::execute(&mut transaction, &self.statements.forget, forgotten).await?;
            for (key, value) in &changes.writes {
                let (statement, parameters) = match value {
                    Some(value) => (&self.statements.set, key.set(author, value, changes.now_ms)),
                    None => (&self.statements.delete, key.delete(author)),
                };
                D::execute(&mut transaction, statement, parameters).await?;
            }
        }
        transaction.commit().await?;
        D::unlock(connection).await?;
        Ok(if current { Ok(()) } else { Err(StateError::Conflict) })
    }
}

/// A commit as the table will see it.
struct Changes {
    contexts: BTreeSet<String>,
    reads: Vec<(RowKey, Option<Arc<str>>)>,
    writes: Vec<(RowKey, Option<Arc<str>>)>,
    now_ms: i64,
}

impl Changes {
    fn have_files(&self) -> bool {
        self.reads.iter().chain(&self.writes).any(|(key, _)| key.is_file())
    }

    fn new(commit: Commit) -> Result<Self, StateError> {
        let mut writes = Vec::with_capacity(commit.writes.len());
        for write in &commit.writes {
            let value = check::value(write)?.map(|value| Arc::from(value.get()));
            writes.push((RowKey::of(&write.key)?, value));
        }
        let mut reads = Vec::with_capacity(commit.reads.len());
        for (key, revision) in commit.reads {
            reads.push((RowKey::of(&key)?, revision.0));
        }
        let keys = reads.iter().chain(&writes).map(|(key, _)| key.context.clone());
        let contexts = keys.filter(|context| context != row::NO_CONTEXT).collect();
        Ok(Self { contexts, reads, writes, now_ms: i64::try_from(commit.now_ms).unwrap_or(i64::MAX) })
    }
}

#[async_trait]
impl<D: Database> StateStore for SqlAuthorStore<D> {
    async fn load(&self, user: &UserId, blocks: &[BlockRef]) -> Result<Snapshot, StateError> {
        let author = number(user)?;
        let mut snapshot = Snapshot::default();
        if blocks.is_empty() {
            return Ok(snapshot);
        }
        let contexts = blocks.iter().map(|block| block.usage.context_key().to_string()).collect();
        let mut connection = self.readers.acquire().await?;
        let with_files =
            blocks.iter().any(|block| !(block.own_files.is_empty() && block.shared_files.is_empty()));
        let found = self.read(&mut connection, author, &contexts, with_files).await?;
        for (key, json) in found {
            if let Some(key) = key.into_store_key(user, blocks) {
                snapshot.values.insert(key, Stored { json });
            }
        }
        Ok(snapshot)
    }

    async fn commit(&self, commit: Commit) -> Result<(), StateError> {
        let author = number(&commit.user)?;
        check::one_person(&commit)?;
        if commit.writes.is_empty() {
            return Ok(());
        }
        let changes = Changes::new(commit)?;
        let mut attempt = 1;
        loop {
            let mut connection = self.writers.acquire().await?;
            match self.transact(&mut connection, author, &changes).await {
                Ok(outcome) => return outcome,
                Err(error) => {
                    // Closing undoes whatever is left, and gives back all locks.
                    let _ = connection.close().await;
                    let again = error.as_database_error().is_some_and(D::may_succeed_again);
                    if !again || attempt == ATTEMPTS {
                        return Err(error.into());
                    }
                    attempt += 1;
                }
            }
        }
    }

    async fn ready(&self) -> Result<(), StateError> {
        let mut connection = self.readers.acquire().await?;
        D::fetch(&mut connection, &Arc::from("SELECT 1"), Vec::new()).await?;
        Ok(())
    }
}

#[async_trait]
impl<D: Database> AuthorStore for SqlAuthorStore<D> {
    async fn reset(&self, author: &UserId, what: &AuthorReset) -> Result<(), StateError> {
        let mut parameters = vec![Parameter::Number(number(author)?)];
        let statement = match what {
            AuthorReset::Block(usage) => {
                parameters.push(Parameter::Text(usage.as_str().to_owned()));
                &self.statements.reset_block
            }
            AuthorReset::Context(context) => {
                parameters.push(Parameter::Text(context.as_str().to_owned()));
                &self.statements.reset_context
            }
            AuthorReset::Everything => &self.statements.reset_everything,
        };
        let mut connection = self.writers.acquire().await?;
        D::execute(&mut connection, statement, parameters).await?;
        Ok(())
    }
}

impl<D: Database> fmt::Debug for SqlAuthorStore<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqlAuthorStore").field("ttl", &self.ttl).finish_non_exhaustive()
    }
}

/// The number in `author_id`.
fn number(user: &UserId) -> Result<i64, StateError> {
    match user {
        UserId::Author(id) => Ok(*id),
        UserId::Anonymous(_) | UserId::Learner(_) => Err(StateError::WrongUser(user.clone())),
    }
}
