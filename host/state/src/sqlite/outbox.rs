//! The outbox: events stored with the state that they speak of, until they have been delivered.
//!
//! `id` grows in the order of the commits, so the events of one learner can leave in the order in which they
//! happened.

use blockhouse_keys::UsageKey;
use serde_json::json;
use sqlx::sqlite::SqliteConnection;

use super::plan::Plan;
use crate::{Event, EventKind, StateError};

/// One event as it stands in the table.
#[derive(Debug)]
pub(super) struct Message {
    usage: UsageKey,
    kind: String,
    data: String,
}

impl Message {
    /// `grade` and `completion` carry the fields of spec 2.11.1; any other event carries what the block said.
    pub(super) fn new(event: &Event) -> Self {
        let (kind, data) = match &event.kind {
            EventKind::Grade(grade) => {
                let data = json!({
                    "block": grade.usage.to_string(),
                    "value": grade.score.earned,
                    "max_value": grade.score.possible,
                    "only_if_higher": grade.only_if_higher,
                });
                ("grade".to_owned(), data.to_string())
            }
            EventKind::Completion(part) => (
                "completion".to_owned(),
                json!({ "completion": part }).to_string(),
            ),
            EventKind::Other(name, data) => (name.clone(), data.to_string()),
        };
        Self {
            usage: event.usage.clone(),
            kind,
            data,
        }
    }
}

/// Adds one event.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    plan: &Plan,
    message: &Message,
) -> Result<(), StateError> {
    sqlx::query(
        "INSERT INTO blockhouse_outbox (created, student_id, context, usage_id, kind, data)
         VALUES (?, ?, ?, ?, ?, ?)",
    )
    .bind(&plan.now)
    .bind(plan.student)
    .bind(message.usage.context_key().to_string())
    .bind(message.usage.to_string())
    .bind(&message.kind)
    .bind(&message.data)
    .execute(connection)
    .await?;
    Ok(())
}
