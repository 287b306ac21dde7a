//! The outbox: events stored with the state that they speak of, until they have been delivered.
//!
//! `id` grows in the order of the commits, so the events of one learner can leave in the order in which they
//! happened.

use blockhouse_keys::UsageKey;
use serde_json::{Value, json};

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

    /// A score that was taken away, as Open edX says it.
    pub(super) fn score_deleted(usage: &UsageKey) -> Self {
        let data =
            json!({ "block": usage.to_string(), "value": null, "max_value": null, "score_deleted": true });
        Self { usage: usage.clone(), kind: "grade".to_owned(), data: data.to_string() }
    }

    /// The row, in the order of the columns of `statements::OUTBOX`.
    pub(super) fn row(&self, plan: &Plan, position: usize) -> Value {
        let (context, usage) = (self.usage.context_key(), self.usage.as_str());
        json!([plan.now, plan.student, context.as_str(), usage, self.kind, self.data, position])
    }
}
