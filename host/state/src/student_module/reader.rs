//! Group load: those who come at the same time are answered by one statement.
//!
//! Asking costs more than finding: a round trip, or a change of threads, for each statement. So the learners who come at
//! the same time are asked for together, as their commits are stored together. Nobody waits for company: whoever finds a
//! free place asks at once, for all who wait by then.

use std::sync::Arc;

use super::cells::Cells;
use super::loaded::Loaded;
use super::statements::{SOURCES, Statements};
use super::turns::{Others, Turn, Turns};
use super::wanted::Wanted;
use crate::database::{self, AtHand, Database, Parameter, Pool, Row, Statement};
use crate::{Snapshot, StateError};

/// Loads in one statement. Bounds how long the first of them waits for the last.
const GROUP: usize = 32;

type Outcome = Result<Snapshot, StateError>;

/// The connections that read, and the turns of those who load.
#[derive(Debug)]
pub(super) struct Reader<D: Database> {
    connections: Connections<D>,
    statements: Arc<Statements>,
    turns: Turns<Wanted, Outcome>,
}

impl<D: Database> Reader<D> {
    pub(super) fn new(pool: Pool<D>, statements: Arc<Statements>) -> Self {
        let connections = Connections(AtHand::new(pool, D::LOADERS));
        Self { connections, statements, turns: Turns::new(D::LOADERS) }
    }

    /// The connections, for others who keep tables in the same database.
    #[cfg(test)]
    pub(super) fn pool(&self) -> Pool<D> {
        self.connections.0.pool().clone()
    }

    /// The rows that are wanted, as they were at one moment.
    pub(super) async fn load(&self, wanted: Wanted) -> Outcome {
        let (wanted, lead) = match self.turns.turn(wanted).await.ok_or_else(super::stopped)? {
            Turn::Answered(outcome) => return outcome,
            Turn::Lead(wanted, lead) => (wanted, lead),
        };
        let mut others = lead.others(GROUP - 1);
        match self.connections.load(&self.statements, &wanted, &mut others).await {
            Ok(snapshot) => Ok(snapshot),
            // One of the others may be the reason: they ask by themselves, each in turn.
            Err(error) if error.as_database_error().is_some() && others.questions().next().is_some() => {
                drop(others);
                Ok(self.connections.load(&self.statements, &wanted, &mut lead.others(0)).await?)
            }
            Err(error) => {
                let error = Arc::new(error);
                others.answer(|_| Err(StateError::Unavailable(error.clone())));
                Err(StateError::Unavailable(error))
            }
        }
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

#[derive(Debug)]
struct Connections<D: Database>(AtHand<D>);

impl<D: Database> Connections<D> {
    /// Answers one load, and with it those of the others; of an error they do not hear.
    async fn load(
        &self,
        statements: &Statements,
        wanted: &Wanted,
        others: &mut Others<'_, Wanted, Outcome>,
    ) -> Result<Snapshot, sqlx::Error> {
        let mut lists = wanted.to_load();
        if others.questions().next().is_some() {
            let mut all = Wanted::default();
            all.extend(wanted);
            others.questions().for_each(|other| all.extend(other));
            lists = all.to_load();
        }
        let mut answer = |cells: &[Cells<'_>]| {
            let loaded = Loaded::new(cells);
            others.answer(|other| Ok(loaded.snapshot(other)));
            loaded.snapshot(wanted)
        };
        let tables = lists.each_ref().map(Option::is_some);
        let Some(statement) = statements.load(tables) else {
            return Ok(answer(&[]));
        };
        let parameters = lists.into_iter().flatten().map(Parameter::Text).collect();
        let rows = self.fetch(statement, parameters).await?;
        match rows.first() {
            Some(row) if statements.packed => Ok(answer(&unpacked::<D>(row, tables)?)),
            _ => {
                let cells: Vec<_> = rows.iter().map(Cells::of::<D>).collect::<Result<_, _>>()?;
                Ok(answer(&cells))
            }
        }
    }

    /// Asks again where the connection turns out to be dead, as all of them are when a server has been away.
    async fn fetch(
        &self,
        statement: &Statement,
        parameters: Vec<Parameter>,
    ) -> Result<Vec<Row<D>>, sqlx::Error> {
        for _ in 0..self.0.pool().options().get_max_connections() {
            let mut used = self.0.take().await?;
            match D::fetch(&mut used.connection, statement, parameters.clone()).await {
                Err(error) if database::is_lost::<D>(&error) => drop(used.connection.close().await),
                Err(error) => return Err(error),
                Ok(rows) => {
                    self.0.keep(used);
                    return Ok(rows);
                }
            }
        }
        let mut connection = self.0.pool().acquire().await?;
        D::fetch(&mut connection, statement, parameters).await
    }
}

/// The rows of all tables that were asked.
fn unpacked<D: Database>(row: &Row<D>, tables: [bool; SOURCES]) -> Result<Vec<Cells<'_>>, sqlx::Error> {
    let mut cells = Vec::new();
    let asked = (0..).zip(tables).filter(|(_, asked)| *asked);
    for (column, (source, _)) in asked.enumerate() {
        let rows = D::text(row, &format!("rows{column}"))?.unwrap_or_default();
        cells.extend(Cells::unpacked(source, rows).map_err(|error| sqlx::Error::Decode(Box::new(error)))?);
    }
    Ok(cells)
}
