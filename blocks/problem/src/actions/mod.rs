//! What a learner can do: the single handler's dispatches (spec 9.3.3), one file for each.

mod check;
mod hint;
mod reset;
mod save;
mod show;

use blockhouse_sdk::prelude::*;
use serde::Serialize;
use serde_json::Map;

use crate::capa::answers::Answers;
use crate::{ProblemBlock, form, page};

/// The answer to an action.
pub(crate) enum Reply {
    /// JSON, to which the score and the attempts are added.
    Json(Map<String, Value>),
    /// The action is not to be had now. Reported events stay; the fields were not touched.
    Stale,
}

impl Reply {
    fn new(value: Value) -> Self {
        match value {
            Value::Object(map) => Self::Json(map),
            other => Self::Json(Map::from_iter([("success".to_owned(), other)])),
        }
    }
}

/// Carries out the action that the request's suffix names.
pub(crate) fn dispatch(block: &mut ProblemBlock, request: &Request) -> Result<Response> {
    let action = request.suffix.trim_end_matches('/');
    let graded_before = block.score_history.len();
    let reply = match action {
        "problem_get" => Reply::new(json!({ "html": page::page(block, None) })),
        "problem_check" => check::check(block, answers(request)?)?,
        "problem_save" => save::save(block, answers(request)?)?,
        "problem_reset" => reset::reset(block)?,
        "problem_show" => show::show(block)?,
        "hint_button" => hint::hint(block, request)?,
        other => {
            let text = format!("Error: {other} is not a known capa action");
            return Ok(Response::new("text/plain; charset=utf-8", text));
        }
    };
    let Reply::Json(mut reply) = reply else {
        // The page does not know of something that happened elsewhere.
        return Response::json(json!({ "success": i18n::text("stale") }));
    };
    let settings = block.settings();
    let score = block.with_problem(|problem| block.score_of(problem)).ok();
    let points = score.and_then(|score| score.weighted(*block.weight));
    let (earned, possible) = points.unwrap_or_default();
    let earned = block.rules(&settings).correctness_available().then_some(earned);
    let changed = points.is_some() && block.score_history.len() != graded_before;
    reply.insert("progress_changed".to_owned(), json!(changed));
    reply.insert("current_score".to_owned(), json!(earned));
    reply.insert("total_possible".to_owned(), json!(possible));
    reply.insert("attempts_used".to_owned(), json!(*block.attempts));
    Response::json(reply)
}

fn answers(request: &Request) -> Result<Answers> {
    form::answers(request.form()).map_err(|error| Error::status(400, error.to_string()))
}

/// Reports `name` to the platform's log, with what every event of a problem says.
fn report(name: &str, details: Value) -> Result<()> {
    let mut event = Map::from_iter([("problem_id".to_owned(), json!(usage::key()))]);
    if let Value::Object(details) = details {
        event.extend(details);
    }
    publish::event(name, event)
}

/// Where a learner stands, for the log.
#[derive(Serialize)]
struct Snapshot<'b> {
    seed: i64,
    student_answers: &'b Answers,
    has_saved_answers: bool,
    correct_map: &'b crate::capa::correct_map::CorrectMap,
    correct_map_history: &'b [crate::capa::correct_map::CorrectMap],
    input_state: &'b std::collections::BTreeMap<String, Value>,
    done: bool,
}

fn snapshot(block: &ProblemBlock) -> Result<Value> {
    Ok(serde_json::to_value(Snapshot {
        seed: block.current_seed(),
        student_answers: &block.student_answers,
        has_saved_answers: *block.has_saved_answers,
        correct_map: &block.correct_map,
        correct_map_history: &block.correct_map_history,
        input_state: &block.input_state,
        done: *block.done,
    })?)
}
