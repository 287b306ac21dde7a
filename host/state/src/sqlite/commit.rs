//! Storing one commit inside the writer's transaction: compare, merge, and only then write. A commit that is
//! refused has written nothing, so it needs no undoing.

use blockhouse_keys::UsageKey;
use sqlx::sqlite::SqliteConnection;

use super::plan::Plan;
use super::rows::{self, Found};
use super::student_module::MergedRow;
use crate::StateError;

/// Stores the writes of `plan`, or says why not. The outer error is the database's; then some of them may
/// have taken place, and the transaction must not be committed.
pub(super) async fn apply(
    connection: &mut SqliteConnection,
    plan: &Plan,
) -> Result<Result<(), StateError>, sqlx::Error> {
    let found = rows::read(connection, &plan.wanted).await?;
    let modules = match merge(plan, &found) {
        Ok(modules) => modules,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for row in &modules {
        row.save(connection, plan).await?;
    }
    for (row, value) in &plan.rows {
        match value {
            Some(value) => row.set(connection, plan, value.get()).await?,
            None => row.delete(connection, plan.student).await?,
        }
    }
    for (usage, part) in &plan.completions {
        complete(connection, plan, usage, *part).await?;
    }
    Ok(Ok(()))
}

/// The StudentModule rows to write, provided that everything that the call has read still reads the same.
fn merge<'a>(plan: &'a Plan, found: &Found) -> Result<Vec<MergedRow<'a>>, StateError> {
    for (key, revision) in &plan.reads {
        if found.value(key)? != revision.0.as_deref() {
            return Err(StateError::Conflict);
        }
    }
    let merged =
        plan.modules.iter().map(|(usage, change)| MergedRow::new(usage, found.module(usage), change));
    merged.filter_map(Result::transpose).collect()
}

/// Completion may go down as well as up (spec 2.11.2).
async fn complete(
    connection: &mut SqliteConnection,
    plan: &Plan,
    usage: &UsageKey,
    part: f64,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO completion_blockcompletion
             (created, modified, user_id, course_key, block_key, block_type, completion)
         VALUES (?1, ?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (course_key, block_key, user_id)
         DO UPDATE SET completion = excluded.completion, modified = excluded.modified",
    )
    .bind(&plan.now)
    .bind(plan.student)
    .bind(usage.context_key().to_string())
    .bind(usage.as_str())
    .bind(usage.block_type())
    .bind(part)
    .execute(connection)
    .await?;
    Ok(())
}
