//! Group commit: one task stores all commits of this process, those that wait together in one transaction.
//!
//! Making a transaction durable costs far more than the statements in it, so throughput grows with the number
//! of commits that wait. Nobody waits for company: the task takes what is there. Each commit keeps its own
//! outcome, and none is told before the transaction is durable.

use std::io;
use std::sync::Arc;

use sqlx::{Connection, SqliteConnection, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::plan::Plan;
use super::{commit, outbox};
use crate::StateError;

/// Commits in one transaction. Bounds how long the first of them waits for the last.
const GROUP: usize = 128;

/// Commits that may wait before whoever comes next waits for a place.
const QUEUE: usize = 1024;

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

/// The way to the writer task, which ends when this is dropped.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

impl Writer {
    /// Starts the task on the current Tokio runtime. `pool` has one connection.
    pub(super) fn start(pool: SqlitePool) -> Self {
        let (jobs, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(run(pool, waiting));
        Self { jobs }
    }

    /// Stores one commit. Answers when it is durable.
    pub(super) async fn store(&self, plan: Plan) -> Outcome {
        let (reply, outcome) = oneshot::channel();
        self.jobs.send(Job { plan, reply }).await.map_err(|_| stopped())?;
        outcome.await.map_err(|_| stopped())?
    }

    pub(super) fn ready(&self) -> Outcome {
        if self.jobs.is_closed() { Err(stopped()) } else { Ok(()) }
    }
}

fn stopped() -> StateError {
    let error = io::Error::other("the writer of the state store has stopped");
    StateError::Unavailable(Arc::new(error))
}

async fn run(pool: SqlitePool, mut waiting: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        while !group.is_empty() {
            match store(&pool, &group).await {
                Ok(outcomes) => {
                    group.drain(..).zip(outcomes).for_each(|(job, outcome)| job.answer(outcome));
                }
                Err(failure) => failure.answer(&mut group),
            }
        }
    }
}

/// The database failed, and nothing of the group is stored.
struct Failure {
    /// The commit whose statement failed. `None` when it was none of them, such as a full disk at the end.
    culprit: Option<usize>,
    error: sqlx::Error,
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self { culprit: None, error }
    }
}

impl Failure {
    /// Answers the culprit, so that the others can be tried again without it, or everybody.
    fn answer(self, group: &mut Vec<Job>) {
        let Self { culprit, error } = self;
        tracing::error!(%error, commits = group.len(), "the state store failed");
        let error = Arc::new(error);
        let failed = match culprit {
            Some(position) if position < group.len() => position..position + 1,
            _ => 0..group.len(),
        };
        for job in group.drain(failed) {
            job.answer(Err(StateError::Unavailable(error.clone())));
        }
    }
}

async fn store(pool: &SqlitePool, group: &[Job]) -> Result<Vec<Outcome>, Failure> {
    let mut connection = pool.acquire().await?;
    let stored = transact(&mut connection, group).await;
    if stored.is_err() {
        // SQLite may have undone the transaction by itself, as it does on a full disk, and the connection would
        // go on believing in it. Closing undoes whatever is left; the next group gets a new connection.
        let _ = connection.close().await;
    }
    stored
}

/// One transaction.
async fn transact(connection: &mut SqliteConnection, group: &[Job]) -> Result<Vec<Outcome>, Failure> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    let mut outcomes = Vec::with_capacity(group.len());
    for (position, job) in group.iter().enumerate() {
        let outcome = commit::apply(&mut transaction, &job.plan).await;
        outcomes.push(outcome.map_err(|error| Failure { culprit: Some(position), error })?);
    }
    let stored = group.iter().zip(&outcomes).filter(|(_, outcome)| outcome.is_ok());
    outbox::add(&mut transaction, stored.map(|(job, _)| &job.plan)).await?;
    transaction.commit().await?;
    Ok(outcomes)
}
