//! Completion of what is only looked at (spec 3.9.7): the page says that a block was seen, and the host answers in the
//! block's place. A block that publishes completion itself, or that is graded, has nothing to do with it.

use blockhouse_fields::{BlockDefinition, CompletionMode, UserId};
use blockhouse_keys::LearningContextKey;
use blockhouse_sandbox::{Output, Request, Response};
use blockhouse_state::{Completion, Event, EventKind};
use serde_json::{Value, json};

use crate::call::Called;
use crate::changes::Changes;
use crate::prefetch::Prefetched;
use crate::{Runtime, RuntimeError, Visitor};

/// The handler that every block has without having it: a page says with it that the block was seen.
pub const COMPLETION_HANDLER: &str = "publish_completion";

/// Whether a learner completes a block of this type by looking at it.
pub(crate) fn is_completed_by_viewing(definition: &BlockDefinition) -> bool {
    definition.completion == CompletionMode::Completable
        && !definition.has_score
        && !definition.custom_completion
}

/// Whether a grade completes a block of this type: whoever has answered is done.
pub(crate) fn is_completed_by_grade(definition: &BlockDefinition) -> bool {
    definition.completion == CompletionMode::Completable && !definition.custom_completion
}

/// Whether a call of `handler` is the host's to answer.
pub(crate) fn is_ours(definition: &BlockDefinition, handler: &str) -> bool {
    handler == COMPLETION_HANDLER && !definition.handlers.iter().any(|own| own == COMPLETION_HANDLER)
}

/// What `publish_completion` comes to.
pub(crate) fn answer(prefetched: Prefetched, request: &Request) -> Called {
    let Prefetched { scene } = prefetched;
    let block = scene.resolved.root.clone();
    let mut changes = Changes::default();
    let enabled = scene.runtime.policy().completion;
    let response = match fraction(block.block_type.definition(), enabled, request) {
        Ok(fraction) => {
            let kind = EventKind::Completion(fraction);
            changes.events.push(Event { usage: block.usage().clone(), kind });
            json_response(200, &json!({ "result": "ok" }))
        }
        Err((status, message)) => json_response(status, &json!({ "error": message })),
    };
    let output = Output::Response(response);
    Called { block, output, changes, for_everybody: false, now_ms: scene.now_ms }
}

fn fraction(definition: &BlockDefinition, enabled: bool, request: &Request) -> Result<f64, (u16, String)> {
    if request.method != "POST" {
        return Err((405, "Method must be POST".to_owned()));
    }
    if !enabled {
        return Err((404, RuntimeError::CompletionOff.to_string()));
    }
    if !is_completed_by_viewing(definition) {
        return Err((400, "Block not configured for completion on view.".to_owned()));
    }
    let body: Value = serde_json::from_slice(&request.body).map_err(|_| (400, "Invalid JSON".to_owned()))?;
    match body.get("completion").and_then(Value::as_f64) {
        Some(fraction) if (0.0..=1.0).contains(&fraction) => Ok(fraction),
        _ => Err((400, "`completion` must be a number in [0.0; 1.0]".to_owned())),
    }
}

fn json_response(status: u16, body: &Value) -> Response {
    let mut headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    if status == 405 {
        headers.push(("allow".to_owned(), "POST".to_owned()));
    }
    Response { status, headers, body: body.to_string().into_bytes() }
}

impl Runtime {
    /// Whether blocks of a type count in somebody's progress: it is installed, and neither a container nor left out.
    pub fn is_completable(&self, block_type: &str) -> bool {
        let found = self.inner.catalog.get(block_type);
        found.is_some_and(|found| found.completable)
    }

    /// What a registered learner has done in a learning context. Nobody else has completion.
    ///
    /// # Errors
    /// The store is not available.
    pub async fn completions(
        &self,
        visitor: &Visitor,
        context: &LearningContextKey,
    ) -> Result<Vec<Completion>, RuntimeError> {
        match visitor.user {
            UserId::Learner(_) => Ok(self.learners().completions(&visitor.user, context).await?),
            UserId::Anonymous(_) | UserId::Author(_) => Ok(Vec::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(more: Value) -> BlockDefinition {
        let mut definition = json!({ "name": "x", "version": "1.0.0", "display_name": "X" });
        definition.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(definition).unwrap()
    }

    fn posted(more: Value, body: &str) -> Result<f64, (u16, String)> {
        let request = Request { method: "POST".to_owned(), body: body.into(), ..Request::default() };
        fraction(&definition(more), true, &request)
    }

    #[test]
    fn row_160_a_block_that_is_only_looked_at_is_completed() {
        assert_eq!(posted(json!({}), r#"{"completion": 1.0}"#), Ok(1.0));
    }

    #[test]
    fn row_161_a_block_that_is_not_completed_by_viewing_says_so() {
        for kind in [
            json!({ "has_score": true }),
            json!({ "custom_completion": true }),
            json!({ "completion": "aggregator" }),
            json!({ "completion": "excluded" }),
        ] {
            let (status, message) = posted(kind, r#"{"completion": 1.0}"#).unwrap_err();
            assert_eq!((status, message.as_str()), (400, "Block not configured for completion on view."));
        }
    }

    #[test]
    fn row_161_where_completion_is_off_nothing_is_there() {
        let request = Request { method: "POST".to_owned(), body: "{}".into(), ..Request::default() };
        let refused = fraction(&definition(json!({})), false, &request).unwrap_err();
        let text = "Completion tracking is not enabled and API calls are unexpected";
        assert_eq!(refused, (404, text.to_owned()));
    }

    #[test]
    fn row_162_a_completion_out_of_range_is_refused() {
        for body in [r#"{"completion": 1.5}"#, r#"{"completion": -1}"#, r#"{"completion": "1"}"#, "{}", ""] {
            assert_eq!(posted(json!({}), body).unwrap_err().0, 400, "{body}");
        }
    }

    #[test]
    fn a_block_with_a_handler_of_that_name_answers_itself() {
        assert!(is_ours(&definition(json!({})), COMPLETION_HANDLER));
        assert!(!is_ours(&definition(json!({ "handlers": [COMPLETION_HANDLER] })), COMPLETION_HANDLER));
    }
}
