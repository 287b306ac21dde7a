//! The StudentModule row of one learner in one block: all `user_state` fields, and the score.

use std::borrow::Cow;

use blockhouse_keys::UsageKey;
use sqlx::sqlite::SqliteConnection;

use super::plan::{ModuleChange, Plan};
use super::rows::ModuleRow;
use crate::state_object::StateObject;
use crate::{Grade, Score, StateError};

/// The block type whose rows leave a history (spec 4.1).
const WITH_HISTORY: &str = "problem";

/// A row with a change merged into it. What is `None` stays as it is, or unset in a new row.
#[derive(Debug)]
pub(super) struct MergedRow<'a> {
    usage: &'a UsageKey,
    /// `None` for a new row.
    id: Option<i64>,
    state: Option<String>,
    score: Option<Score>,
}

impl<'a> MergedRow<'a> {
    /// Merges `change` into the row as it stands in the database. `None` is a change that comes to nothing, such
    /// as a lower score or the deletion of a field that is not set: it leaves the row and its dates alone.
    pub(super) fn new(
        usage: &'a UsageKey,
        stored: Option<&ModuleRow>,
        change: &ModuleChange,
    ) -> Result<Option<Self>, StateError> {
        let mut state = match stored {
            Some(row) => Cow::Borrowed(row.state(usage)?),
            None => Cow::Owned(StateObject::default()),
        };
        let mut touched = false;
        for (field, value) in &change.fields {
            touched |= match value {
                Some(value) => {
                    state.to_mut().set(field, value.clone());
                    true
                }
                None => state.get(field).is_some() && state.to_mut().remove(field),
            };
        }
        let before = stored.and_then(|row| row.score);
        let mut score = None;
        for grade in &change.grades {
            if counts(grade, score.or(before)) {
                score = Some(grade.score);
            }
        }
        let row =
            Self { usage, id: stored.map(|row| row.id), state: touched.then(|| state.to_string()), score };
        Ok((row.state.is_some() || row.score.is_some()).then_some(row))
    }

    /// Writes the row, and what it has become into the history.
    pub(super) async fn save(
        &self,
        connection: &mut SqliteConnection,
        plan: &Plan,
    ) -> Result<(), sqlx::Error> {
        let id = match self.id {
            Some(id) => {
                self.update(connection, plan, id).await?;
                id
            }
            None => self.insert(connection, plan).await?,
        };
        if self.usage.block_type() == WITH_HISTORY {
            record(connection, id).await?;
        }
        Ok(())
    }

    async fn update(
        &self,
        connection: &mut SqliteConnection,
        plan: &Plan,
        id: i64,
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "UPDATE courseware_studentmodule
             SET state = coalesce(?, state), grade = coalesce(?, grade),
                 max_grade = coalesce(?, max_grade), modified = ?
             WHERE id = ?",
        )
        .bind(&self.state)
        .bind(self.score.map(|score| score.earned))
        .bind(self.score.map(|score| score.possible))
        .bind(&plan.now)
        .bind(id)
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn insert(&self, connection: &mut SqliteConnection, plan: &Plan) -> Result<i64, sqlx::Error> {
        sqlx::query_scalar(
            "INSERT INTO courseware_studentmodule
                 (module_type, module_id, student_id, course_id, state, grade, max_grade,
                  created, modified)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8)
             RETURNING id",
        )
        .bind(self.usage.block_type())
        .bind(self.usage.as_str())
        .bind(plan.student)
        .bind(self.usage.context_key().to_string())
        .bind(&self.state)
        .bind(self.score.map(|score| score.earned))
        .bind(self.score.map(|score| score.possible))
        .bind(&plan.now)
        .fetch_one(connection)
        .await
    }
}

/// Copies the row as it now is into the history (spec 4.1).
async fn record(connection: &mut SqliteConnection, id: i64) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO courseware_studentmodulehistory
             (student_module_id, created, state, grade, max_grade)
         SELECT id, modified, state, grade, max_grade FROM courseware_studentmodule WHERE id = ?",
    )
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
}

/// Whether a score replaces the one that is stored (spec 4.3.3).
fn counts(grade: &Grade, stored: Option<Score>) -> bool {
    match stored {
        Some(stored) if grade.only_if_higher => ratio(grade.score) >= ratio(stored),
        _ => true,
    }
}

fn ratio(score: Score) -> f64 {
    if score.possible > 0.0 { score.earned / score.possible } else { 0.0 }
}
