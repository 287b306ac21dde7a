//! Group load: the loads that wait are answered by one statement.
//!
//! Asking costs more than finding: a round trip, or a change of threads, for each statement. So the learners who come at
//! the same time are asked for together, as their commits are stored together. Nobody waits for company: a task takes
//! what is there.

use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot};

use super::cells::Cells;
use super::loaded::Loaded;
use super::statements::Statements;
use super::wanted::Wanted;
use crate::database::{self, Database, Parameter, Pool, Row, Statement};
use crate::{Snapshot, StateError};

/// Loads in one statement. Bounds how long the first of them waits for the last.
const GROUP: usize = 32;

/// Loads that may wait before whoever comes next waits for a place.
const QUEUE: usize = 1024;

type Outcome = Result<Snapshot, StateError>;

#[derive(Debug)]
struct Job {
    wanted: Wanted,
    reply: oneshot::Sender<Outcome>,
}

/// The connections that read, and the way to the tasks that load, which end when this is dropped.
#[derive(Debug)]
pub(super) struct Reader<D: Database> {
    connections: Connections<D>,
    jobs: mpsc::Sender<Job>,
}

impl<D: Database> Reader<D> {
    /// Starts the tasks on the current Tokio runtime.
    pub(super) fn start(pool: Pool<D>, statements: Arc<Statements>) -> Self {
        let connections = Connections { pool };
        let (jobs, waiting) = mpsc::channel(QUEUE);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..D::LOADERS {
            tokio::spawn(run(connections.clone(), statements.clone(), waiting.clone()));
        }
        Self { connections, jobs }
    }

    /// The connections, for others who keep tables in the same database.
    #[cfg(test)]
    pub(super) fn pool(&self) -> Pool<D> {
        self.connections.pool.clone()
    }

    /// The rows that are wanted, as they were at one moment.
    pub(super) async fn load(&self, wanted: Wanted) -> Outcome {
        let (reply, outcome) = oneshot::channel();
        self.jobs.send(Job { wanted, reply }).await.map_err(|_| super::stopped())?;
        outcome.await.map_err(|_| super::stopped())?
    }

    /// The answer to any other question.
    pub(super) async fn fetch(
        &self,
        statement: &Statement,
        parameters: Vec<Parameter>,
    ) -> Result<Vec<Row<D>>, StateError> {
        Ok(self.connections.fetch(statement, parameters).await?)
    }
}

async fn run<D: Database>(
    connections: Connections<D>,
    statements: Arc<Statements>,
    waiting: Arc<Mutex<mpsc::Receiver<Job>>>,
) {
    let mut group = Vec::with_capacity(GROUP);
    loop {
        // Whoever holds this waits for loads; the others wait behind, or are busy.
        if waiting.lock().await.recv_many(&mut group, GROUP).await == 0 {
            return;
        }
        match connections.load(&statements, &mut group).await {
            Ok(()) => {}
            // One of them may be the reason: it shall not take the others along.
            Err(error) if group.len() > 1 && error.as_database_error().is_some() => {
                for job in group.drain(..) {
                    let mut alone = vec![job];
                    if let Err(error) = connections.load(&statements, &mut alone).await {
                        refuse(&mut alone, error);
                    }
                }
            }
            Err(error) => refuse(&mut group, error),
        }
    }
}

fn refuse(group: &mut Vec<Job>, error: sqlx::Error) {
    let error = Arc::new(error);
    for job in group.drain(..) {
        let _ = job.reply.send(Err(StateError::Unavailable(error.clone())));
    }
}

/// Gives everybody their rows. A caller may have gone.
fn answer(group: &mut Vec<Job>, cells: &[Cells<'_>]) {
    let loaded = Loaded::new(cells);
    for Job { wanted, reply } in group.drain(..) {
        let _ = reply.send(Ok(loaded.snapshot(&wanted)));
    }
}

#[derive(Debug)]
struct Connections<D: Database> {
    pool: Pool<D>,
}

impl<D: Database> Clone for Connections<D> {
    fn clone(&self) -> Self {
        Self { pool: self.pool.clone() }
    }
}

impl<D: Database> Connections<D> {
    /// Answers the loads of a group, or none of them.
    async fn load(&self, statements: &Statements, group: &mut Vec<Job>) -> Result<(), sqlx::Error> {
        let lists = match &group[..] {
            [job] => job.wanted.to_load(),
            jobs => {
                let mut all = Wanted::default();
                jobs.iter().for_each(|job| all.extend(&job.wanted));
                all.to_load()
            }
        };
        let Some(statement) = statements.load(lists.each_ref().map(Option::is_some)) else {
            answer(group, &[]);
            return Ok(());
        };
        let parameters = lists.into_iter().flatten().map(Parameter::Text).collect();
        let rows = self.fetch(statement, parameters).await?;
        match rows.first() {
            Some(row) if statements.packed => {
                let text = D::text(row, "rows")?.unwrap_or_default();
                answer(group, &Cells::unpacked(text)?);
            }
            _ => {
                let cells: Vec<_> = rows.iter().map(Cells::of::<D>).collect::<Result<_, _>>()?;
                answer(group, &cells);
            }
        }
        Ok(())
    }

    /// Asks again where the connection turns out to be dead, as all of them are when a server has been away.
    async fn fetch(
        &self,
        statement: &Statement,
        parameters: Vec<Parameter>,
    ) -> Result<Vec<Row<D>>, sqlx::Error> {
        for _ in 0..self.pool.options().get_max_connections() {
            let mut connection = self.pool.acquire().await?;
            match D::fetch(&mut connection, statement, parameters.clone()).await {
                Err(error) if database::is_lost::<D>(&error) => drop(connection.close().await),
                answer => return answer,
            }
        }
        let mut connection = self.pool.acquire().await?;
        D::fetch(&mut connection, statement, parameters).await
    }
}
