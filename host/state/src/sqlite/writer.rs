//! Group commit: one task stores all commits of this process, those that wait together in one transaction.
//!
//! Making a transaction durable costs far more than the statements in it, so throughput grows with the number
//! of commits that wait. Nobody waits for company: the task takes what is there. Each commit keeps its own
//! outcome, and none is told before the transaction is durable.

use std::io;
use std::sync::Arc;

use sqlx::{Acquire, SqlitePool};
use tokio::sync::{mpsc, oneshot};

use super::commit;
use super::plan::Plan;
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
        self.jobs
            .send(Job { plan, reply })
            .await
            .map_err(|_| stopped())?;
        outcome.await.map_err(|_| stopped())?
    }

    pub(super) fn ready(&self) -> Outcome {
        if self.jobs.is_closed() {
            Err(stopped())
        } else {
            Ok(())
        }
    }
}

fn stopped() -> StateError {
    StateError::Unavailable(Arc::new(io::Error::other(
        "the writer of the state store has stopped",
    )))
}

async fn run(pool: SqlitePool, mut waiting: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        match store(&pool, &group).await {
            Ok(outcomes) => {
                for (job, outcome) in group.drain(..).zip(outcomes) {
                    // The caller may have gone; what it wanted is done all the same.
                    let _ = job.reply.send(outcome);
                }
            }
            Err(error) => {
                tracing::error!(%error, commits = group.len(), "the state store failed");
                let error = Arc::new(error);
                for job in group.drain(..) {
                    let _ = job.reply.send(Err(StateError::Unavailable(error.clone())));
                }
            }
        }
    }
}

/// One transaction. An error means that none of the group is stored.
async fn store(pool: &SqlitePool, group: &[Job]) -> Result<Vec<Outcome>, sqlx::Error> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    let mut outcomes = Vec::with_capacity(group.len());
    for job in group {
        let mut savepoint = transaction.begin().await?;
        let outcome = commit::apply(&mut savepoint, &job.plan).await;
        match &outcome {
            Ok(()) => savepoint.commit().await?,
            Err(_) => savepoint.rollback().await?,
        }
        outcomes.push(outcome);
    }
    transaction.commit().await?;
    Ok(outcomes)
}
