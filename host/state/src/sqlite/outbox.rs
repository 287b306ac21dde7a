//! The outbox: events stored with the state that they speak of, until they have been delivered.
//!
//! `id` grows in the order of the commits, so the events of one learner can leave in the order in which they
//! happened.

use blockhouse_keys::UsageKey;
use serde_json::{Value, json};
use sqlx::sqlite::SqliteConnection;

use super::plan::Plan;
use crate::{Event, EventKind};

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
            EventKind::Completion(part) => {
                ("completion".to_owned(), json!({ "completion": part }).to_string())
            }
            EventKind::Other(name, data) => (name.clone(), data.to_string()),
        };
        Self { usage: event.usage.clone(), kind, data }
    }

    /// The columns, in the order of the statement below.
    fn row(&self, plan: &Plan) -> Value {
        let (context, usage) = (self.usage.context_key(), self.usage.as_str());
        json!([plan.now, plan.student, context.as_str(), usage, self.kind, self.data])
    }
}

/// Adds the events of several commits, in their order, in one statement.
pub(super) async fn add(
    connection: &mut SqliteConnection,
    commits: impl Iterator<Item = &Plan>,
) -> Result<(), sqlx::Error> {
    let messages: Vec<Value> =
        commits.flat_map(|plan| plan.messages.iter().map(|message| message.row(plan))).collect();
    if messages.is_empty() {
        return Ok(());
    }
    sqlx::query(
        "INSERT INTO blockhouse_outbox (created, student_id, context, usage_id, kind, data)
         SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
           FROM json_each(?)
          ORDER BY key",
    )
    .bind(Value::from(messages).to_string())
    .execute(connection)
    .await?;
    Ok(())
}
