//! Storing one commit inside the writer's transaction: compare first, then write.

use blockhouse_keys::UsageKey;
use sqlx::sqlite::SqliteConnection;

use super::plan::Plan;
use super::rows::{self, Found};
use super::{outbox, student_module};
use crate::StateError;

/// Stores `plan`. On an error the caller rolls back what was written so far.
pub(super) async fn apply(
    connection: &mut SqliteConnection,
    plan: &Plan,
) -> Result<(), StateError> {
    let found = rows::read(connection, &plan.wanted).await?;
    unchanged(plan, &found)?;
    for (usage, change) in &plan.modules {
        student_module::save(connection, plan, usage, found.module(usage), change).await?;
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
    for message in &plan.messages {
        outbox::add(connection, plan, message).await?;
    }
    Ok(())
}

/// Everything that the call has read still reads the same.
fn unchanged(plan: &Plan, found: &Found) -> Result<(), StateError> {
    for (key, revision) in &plan.reads {
        if found.value(key)? != revision.0.as_deref() {
            return Err(StateError::Conflict);
        }
    }
    Ok(())
}

/// Completion may go down as well as up (spec 2.11.2).
async fn complete(
    connection: &mut SqliteConnection,
    plan: &Plan,
    usage: &UsageKey,
    part: f64,
) -> Result<(), StateError> {
    sqlx::query(
        "INSERT INTO completion_blockcompletion
             (created, modified, user_id, course_key, block_key, block_type, completion)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (course_key, block_key, user_id)
         DO UPDATE SET completion = excluded.completion, modified = excluded.modified",
    )
    .bind(&plan.now)
    .bind(&plan.now)
    .bind(plan.student)
    .bind(usage.context_key().to_string())
    .bind(usage.to_string())
    .bind(usage.block_type())
    .bind(part)
    .execute(connection)
    .await?;
    Ok(())
}
