//! Group commit: the commits that wait are stored together, in one transaction.
//!
//! Making a transaction durable costs far more than the statements in it, so throughput grows with the number
//! of commits that wait. Nobody waits for company: a task takes what is there. Each commit keeps its own
//! outcome, and none is told before the transaction is durable.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::{Mutex, mpsc, oneshot};

use super::found::Found;
use super::group::Group;
use super::plan::Plan;
use super::statements::Statements;
use super::wanted::Wanted;
use crate::StateError;
use crate::database::{self, Connection, Database, Pool, Uncommitted};

/// Commits in one transaction. Bounds how long the first of them waits for the last.
const GROUP: usize = 128;

/// Commits that may wait before whoever comes next waits for a place.
const QUEUE: usize = 1024;

/// How often a transaction is tried again in which another host came between.
const ATTEMPTS: u32 = 8;

/// Bytes of rows in one statement, more or less. A database takes a statement of any length that is not far from here.
const STATEMENT: usize = 4 << 20;

type Outcome = Result<(), StateError>;

#[derive(Debug)]
struct Job {
    plan: Plan,
    reply: oneshot::Sender<Outcome>,
}

impl Job {
    /// The caller may have gone; what it wanted is done all the same.
    fn answer(self, outcome: Outcome) {
        let _ = self.reply.send(outcome);
    }
}

/// The way to the writer tasks, which end when this is dropped.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts one task for each connection of `pool` on the current Tokio runtime.
    pub(super) fn start<D: Database>(pool: Pool<D>, statements: Arc<Statements>) -> Self {
        let (jobs, waiting) = mpsc::channel(QUEUE);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..D::WRITERS {
            let store = Store::<D> { pool: pool.clone(), statements: statements.clone() };
            tokio::spawn(run(store, waiting.clone()));
        }
        Self { jobs }
    }

    /// Stores one commit. Answers when it is durable.
    pub(super) async fn store(&self, plan: Plan) -> Outcome {
        let (reply, outcome) = oneshot::channel();
        self.jobs.send(Job { plan, reply }).await.map_err(|_| super::stopped())?;
        outcome.await.map_err(|_| super::stopped())?
    }

    pub(super) fn ready(&self) -> Outcome {
        if self.jobs.is_closed() { Err(super::stopped()) } else { Ok(()) }
    }
}

async fn run<D: Database>(store: Store<D>, waiting: Arc<Mutex<mpsc::Receiver<Job>>>) {
    let mut group = Vec::with_capacity(GROUP);
    loop {
        // Whoever holds this waits for commits; the others wait behind, or are busy.
        if waiting.lock().await.recv_many(&mut group, GROUP).await == 0 {
            return;
        }
        match store.store(&group).await {
            Ok(outcomes) => group.drain(..).zip(outcomes).for_each(|(job, outcome)| job.answer(outcome)),
            // One of them may be the reason: it shall not take the others along.
            Err(error) if group.len() > 1 && error.as_database_error().is_some() => {
                tracing::warn!(%error, commits = group.len(), "a group of commits failed and is stored one by one");
                for job in group.drain(..) {
                    let outcome = store.store_one(&job).await;
                    job.answer(outcome);
                }
            }
            Err(error) => {
                tracing::error!(%error, commits = group.len(), "the state store failed");
                let error = Arc::new(error);
                for job in group.drain(..) {
                    job.answer(Err(StateError::Unavailable(error.clone())));
                }
            }
        }
    }
}

/// One task's way to the database.
struct Store<D: Database> {
    pool: Pool<D>,
    statements: Arc<Statements>,
}

impl<D: Database> Store<D> {
    async fn store_one(&self, job: &Job) -> Outcome {
        let outcomes = self.store(std::slice::from_ref(job)).await;
        if let Err(error) = &outcomes {
            tracing::error!(%error, "the state store refused a commit");
        }
        outcomes?.pop().unwrap_or_else(|| Err(super::stopped()))
    }

    /// Stores a group, again and again while other hosts come between.
    async fn store(&self, group: &[Job]) -> Result<Vec<Outcome>, sqlx::Error> {
        let mut attempt = 1;
        loop {
            let mut connection = self.pool.acquire().await?;
            match self.transact(&mut connection, group).await {
                Ok(outcomes) => return Ok(outcomes),
                Err(Uncommitted { error, ambiguous }) => {
                    // A database may have undone the transaction by itself, as SQLite does on a full disk, and the
                    // connection would go on believing in it. Closing undoes whatever is left, and gives back all locks.
                    let _ = connection.close().await;
                    let lost = !ambiguous && database::is_lost::<D>(&error);
                    let again = lost || error.as_database_error().is_some_and(D::may_succeed_again);
                    if !again || attempt == ATTEMPTS {
                        return Err(error);
                    }
                    attempt += 1;
                }
            }
        }
    }

    /// One transaction: lock, read, decide, write.
    async fn transact(
        &self,
        connection: &mut Connection<D>,
        group: &[Job],
    ) -> Result<Vec<Outcome>, Uncommitted> {
        let mut wanted = Wanted::default();
        let mut names = BTreeSet::new();
        for job in group {
            wanted.extend(&job.plan.wanted);
            names.extend(job.plan.locks());
        }
        let names = Value::from(names.into_iter().collect::<Vec<_>>()).to_string();
        let selects = self.statements.select.iter().zip(wanted.to_lock());
        let selects = selects.filter_map(|(statement, list)| Some((statement, list?))).collect();

        let mut found = Found::default();
        found.take::<D>(&wanted, &D::begin(connection, names, selects).await?)?;
        let mut decided = Group::new(found);
        let outcomes = group.iter().map(|job| decided.add(&job.plan)).collect();
        let batches = decided.batches(&self.statements).into_iter();
        let writes =
            batches.flat_map(|(statement, rows)| lists(&rows).into_iter().map(move |list| (statement, list)));
        D::commit(connection, writes.collect()).await?;
        Ok(outcomes)
    }
}

/// The rows as lists for one statement, several where they are large.
fn lists(rows: &[Value]) -> Vec<String> {
    let mut lists = Vec::new();
    let mut texts = rows.iter().map(Value::to_string).peekable();
    while let Some(mut list) = texts.next() {
        while let Some(row) = texts.next_if(|row| list.len() + row.len() < STATEMENT) {
            list.push(',');
            list.push_str(&row);
        }
        lists.push(format!("[{list}]"));
    }
    lists
}
