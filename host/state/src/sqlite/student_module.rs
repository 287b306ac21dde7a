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

/// A row as it is to be stored. `state` of `None` is a row that has a score and no field yet.
struct Row<'a> {
    state: Option<Cow<'a, StateObject>>,
    score: Option<Score>,
}

/// Merges `change` into the row as it stands in the database. A change that comes to nothing, such as a lower
/// score or the deletion of a field that is not set, leaves the row and its dates alone.
pub(super) async fn save(
    connection: &mut SqliteConnection,
    plan: &Plan,
    usage: &UsageKey,
    stored: Option<&ModuleRow>,
    change: &ModuleChange,
) -> Result<(), StateError> {
    let Some(row) = merge(usage, stored, change)? else {
        return Ok(());
    };
    let state = row.state.map(|state| state.to_string());
    let (earned, possible) = row
        .score
        .map(|score| (score.earned, score.possible))
        .unzip();
    let id = match stored {
        Some(stored) => {
            sqlx::query(
                "UPDATE courseware_studentmodule
                 SET state = coalesce(?, state), grade = coalesce(?, grade),
                     max_grade = coalesce(?, max_grade), modified = ?
                 WHERE id = ?",
            )
            .bind(&state)
            .bind(earned)
            .bind(possible)
            .bind(&plan.now)
            .bind(stored.id)
            .execute(&mut *connection)
            .await?;
            stored.id
        }
        None => {
            sqlx::query_scalar(
                "INSERT INTO courseware_studentmodule
                     (module_type, module_id, student_id, course_id, state, grade, max_grade, created, modified)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                 RETURNING id",
            )
            .bind(usage.block_type())
            .bind(usage.to_string())
            .bind(plan.student)
            .bind(usage.context_key().to_string())
            .bind(&state)
            .bind(earned)
            .bind(possible)
            .bind(&plan.now)
            .bind(&plan.now)
            .fetch_one(&mut *connection)
            .await?
        }
    };
    if usage.block_type() == WITH_HISTORY {
        record(connection, id).await?;
    }
    Ok(())
}

/// Copies the row as it now is into the history (spec 4.1).
async fn record(connection: &mut SqliteConnection, id: i64) -> Result<(), StateError> {
    sqlx::query(
        "INSERT INTO courseware_studentmodulehistory (student_module_id, created, state, grade, max_grade)
         SELECT id, modified, state, grade, max_grade FROM courseware_studentmodule WHERE id = ?",
    )
    .bind(id)
    .execute(connection)
    .await?;
    Ok(())
}

/// The row with the change in it, or `None` when nothing changes. Parts that do not change are `None`.
fn merge<'a>(
    usage: &UsageKey,
    stored: Option<&'a ModuleRow>,
    change: &ModuleChange,
) -> Result<Option<Row<'a>>, StateError> {
    let mut state = match stored {
        Some(row) => Cow::Borrowed(row.state(usage)?),
        None => Cow::Owned(StateObject::default()),
    };
    let mut touched = false;
    for (field, value) in &change.fields {
        match value {
            Some(value) => {
                state.to_mut().set(field, value.clone());
                touched = true;
            }
            None => touched |= state.get(field).is_some() && state.to_mut().remove(field),
        }
    }
    let stored_score = stored.and_then(|row| row.score);
    let mut score = None;
    for grade in &change.grades {
        if counts(grade, score.or(stored_score)) {
            score = Some(grade.score);
        }
    }
    let row = Row {
        state: touched.then_some(state),
        score,
    };
    Ok((row.state.is_some() || row.score.is_some()).then_some(row))
}

/// Whether a score replaces the one that is stored (spec 4.3.3).
fn counts(grade: &Grade, stored: Option<Score>) -> bool {
    match stored {
        Some(stored) if grade.only_if_higher => ratio(grade.score) >= ratio(stored),
        _ => true,
    }
}

fn ratio(score: Score) -> f64 {
    if score.possible > 0.0 {
        score.earned / score.possible
    } else {
        0.0
    }
}
