//! Recorded sessions, called again on the block.

use blockhouse_sdk::testing::TestHost;
use serde_json::{Map, Value as Json};

use super::request;
use crate::ProblemBlock;
use crate::testing::{self, same};

const STALE: &str =
    "The state of this problem has changed since you loaded this page. Please refresh your page.";

/// The members of the state that are compared. `input_state` is not: the recorded one holds an empty object for each
/// input, which says nothing. `score` and `seed` are compared where we have them, for we store neither before the
/// learner does something (spec row 208).
const STATE: &[&str] = &[
    "attempts",
    "correct_map",
    "correct_map_history",
    "done",
    "has_saved_answers",
    "score_history",
    "student_answers",
];

struct Session {
    host: TestHost<ProblemBlock>,
    id: String,
    /// The recorded state keeps refused submissions in the history, although nothing is stored when an action fails;
    /// from the first one on, histories differ.
    refused: bool,
}

/// What the ids of the session's inputs start with: `g14` in `g14_2_1`.
fn problem_id(row: &Json) -> String {
    let text = row.to_string();
    let (before, _) = text.split_once("_2_1\"").unwrap_or_default();
    before.rsplit('"').next().unwrap_or_default().to_owned()
}

impl Session {
    fn new(row: &Json) -> Self {
        let mut host = TestHost::new();
        let id = problem_id(row);
        host.at(&format!("block-v1:Bench+XB+2026+type@problem+block@{id}"), "course-v1:Bench+XB+2026");
        host.author("data", format!("<problem>{}</problem>", row["body"].as_str().unwrap_or_default()));
        for (name, value) in row["attributes"].as_object().into_iter().flatten() {
            host.author(name, value);
        }
        Self { host, id, refused: false }
    }

    fn call(&mut self, call: &Json) -> Result<(), String> {
        let action = call["action"].as_str().unwrap_or_default();
        let mut fields = Vec::new();
        for (id, answer) in call["answers"].as_object().into_iter().flatten() {
            let name = format!("input_{}_{id}", self.id);
            match answer {
                Json::Array(list) => {
                    let text = |item: &Json| item.as_str().unwrap_or_default().to_owned();
                    fields.extend(list.iter().map(|item| (format!("{name}[]"), text(item))));
                }
                answer => fields.push((name, answer.as_str().unwrap_or_default().to_owned())),
            }
        }
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let response = self.host.learner("1").request("xmodule_handler", request(action, &fields));
        self.refused |= call.get("err").is_some();
        match &call["reply"] {
            Json::String(text) => (response.body == text.as_bytes()).then_some(()).ok_or("another text")?,
            Json::Object(expected) => reply(&response.body_json(), expected)?,
            _ => {
                let got = response.body_json();
                (got["success"] == STALE)
                    .then_some(())
                    .ok_or_else(|| format!("{got} instead of a failure"))?;
            }
        }
        self.events(&call["events"])?;
        self.state(&call["state"])
    }

    fn events(&mut self, expected: &Json) -> Result<(), String> {
        let got = self.host.take_events();
        let names: Vec<&str> = got.iter().map(|event| event.name.as_str()).collect();
        let expected: Vec<&Json> = expected.as_array().into_iter().flatten().collect();
        let wanted: Vec<&str> = expected.iter().map(|event| event[0].as_str().unwrap_or_default()).collect();
        if names != wanted {
            return Err(format!("events {names:?} instead of {wanted:?}"));
        }
        for (got, expected) in got.iter().zip(expected) {
            for (member, value) in expected[1].as_object().into_iter().flatten() {
                // An absent flag and a flag that is down say the same.
                let down = value.is_null() && got.data[member] == false;
                if !down && !same(&got.data[member], value) {
                    return Err(format!("{} {member}: {} instead of {value}", got.name, got.data[member]));
                }
            }
        }
        Ok(())
    }

    fn state(&mut self, expected: &Json) -> Result<(), String> {
        let mut members: Vec<&str> = STATE.to_vec();
        if !self.refused {
            members.push("student_answers_history");
        }
        if expected["seed"].is_number() && !self.host.learner("1").field::<Json>("seed").is_null() {
            members.push("seed");
        }
        if !self.host.learner("1").field::<Json>("score").is_null() {
            members.push("score");
        }
        for member in members {
            let got = self.host.learner("1").field::<Json>(member);
            let empty = match &got {
                Json::Bool(_) => Json::from(false),
                Json::Array(_) => Json::Array(Vec::new()),
                Json::Object(_) => Json::Object(Map::new()),
                _ => Json::from(0),
            };
            let expected = scores(expected.get(member).unwrap_or(&empty));
            if !same(&got, &expected) {
                return Err(format!("{member}: {got} instead of {expected}"));
            }
        }
        Ok(())
    }
}

/// A recorded score is a tagged pair; a stored one is an object.
fn scores(value: &Json) -> Json {
    match value {
        Json::Array(list) => list.iter().map(scores).collect(),
        value if value["$t"] == "Score" => {
            serde_json::json!({ "raw_earned": value["v"][0], "raw_possible": value["v"][1] })
        }
        value => value.clone(),
    }
}

fn reply(got: &Json, expected: &Map<String, Json>) -> Result<(), String> {
    for (member, value) in expected {
        let got = &got[member];
        let fine = match member.as_str() {
            // Our own markup.
            "html" | "contents" | "correct_status_html" => {
                got.as_str().is_some_and(|html| html.contains('<'))
            }
            "answers" => {
                value.as_object().into_iter().flatten().all(|(id, value)| compact(&got[id]) == compact(value))
            }
            _ => same(got, value),
        };
        if !fine {
            return Err(format!("{member}: {got} instead of {value}"));
        }
    }
    Ok(())
}

/// Blanks between elements mean nothing.
fn compact(answer: &Json) -> String {
    let text = answer.as_str().map_or_else(|| answer.to_string(), str::to_owned);
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace("> <", "><")
}

#[test]
fn row_193_golden_sessions_with_a_problem_run_as_recorded() {
    let vectors = testing::vectors("problem_block.json");
    let rows = vectors["vectors"].as_array().cloned().unwrap_or_default();
    assert!(!rows.is_empty(), "no sessions found");
    let mut wrong = Vec::new();
    for row in &rows {
        let mut session = Session::new(row);
        for (at, call) in row["calls"].as_array().into_iter().flatten().enumerate() {
            if let Err(error) = session.call(call) {
                wrong.push(format!("{}, call {at} {}: {error}", row["name"], call["action"]));
                break;
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
}
