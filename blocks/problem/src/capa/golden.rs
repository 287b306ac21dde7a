//! The grading of recorded problems.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::answers::Answers;
use super::document::{PartState, Problem};
use super::feedback::Feedback;
use super::response::GradeError;
use crate::testing::{self, same};

/// Errors that no code of the reference raises on purpose: it crashed there, and a grading that crashes is nothing
/// to follow. (`numericalhint` always does, as do additional answers without an attribute.)
const CRASHES: &[&str] = &["AttributeError", "IndexError", "KeyError", "OverflowError", "TypeError"];

fn crashed(row: &Json) -> bool {
    let error = row["err"].as_str().or_else(|| row["load_error"]["err"].as_str());
    error.is_some_and(|error| CRASHES.contains(&error))
}

/// Whether the problem needs its author's program, or a response that is not here yet.
fn out_of_reach(problem: &Problem) -> bool {
    problem.has_program() || problem.parts().iter().any(|part| matches!(part.state, PartState::Needs(_)))
}

fn class(error: &GradeError) -> &'static str {
    match error {
        GradeError::Unreadable(_) => "StudentInputError",
        GradeError::Pattern(_) => "ResponseError",
        GradeError::Number(_) => "ValueError",
        GradeError::Credit(_) => "LoncapaProblemError",
    }
}

fn answers(row: &Json) -> Answers {
    let row = row["answers"].as_object().cloned().unwrap_or_default();
    let answer = |value| serde_json::from_value(value).unwrap_or_else(|error| panic!("{error}"));
    row.into_iter().map(|(id, value)| (format!("1_{id}"), answer(value))).collect()
}

/// What differs between the recorded grading and ours.
fn check(problem: &Problem, row: &Json) -> Result<(), String> {
    let graded = match (problem.grade(&answers(row)), row["err"].as_str()) {
        (Ok(graded), None) => graded,
        (Err(error), Some(expected)) if class(&error) == expected => {
            let spoken = matches!(error, GradeError::Unreadable(_) | GradeError::Credit(_));
            if spoken && row["msg"].as_str() != Some(error.to_string().as_str()) {
                return Err(format!("says {error} instead of {}", row["msg"]));
            }
            return Ok(());
        }
        (Ok(_), expected) => return Err(format!("graded instead of {expected:?}")),
        (Err(error), expected) => return Err(format!("{error:?} instead of {expected:?}")),
    };
    for (id, expected) in row["inputs"].as_object().into_iter().flatten() {
        let Some(got) = graded.outcomes.get(&format!("1_{id}")) else {
            return Err(format!("{id} is not graded"));
        };
        let got = serde_json::to_value(got).map_err(|error| error.to_string())?;
        for member in ["correctness", "npoints", "msg", "hint", "hintmode"] {
            let empty = if matches!(member, "msg" | "hint") { Json::from("") } else { Json::Null };
            let expected = without_references(expected.get(member).unwrap_or(&empty));
            if !same(&got[member], &expected) {
                return Err(format!("{id} {member}: {} instead of {expected}", got[member]));
            }
        }
    }
    let events: Vec<Json> = graded
        .feedback
        .iter()
        .map(|(feedback, part, tag): &(Feedback, String, &str)| {
            let data = feedback.event("block-v1:Org+C+R+type@problem+block@p", part, tag);
            serde_json::json!(["edx.problem.hint.feedback_displayed", data])
        })
        .collect();
    let expected = row.get("events").cloned().unwrap_or_else(|| Json::Array(Vec::new()));
    let mut expected = expected;
    texts_without_references(&mut expected);
    if !same(&Json::Array(events.clone()), &expected) {
        return Err(format!("events {} instead of {expected}", Json::Array(events)));
    }
    let score = &row["score"];
    let (earned, possible) = (problem.points(&graded.outcomes), problem.max_points());
    if !same(&earned.into(), &score["earned"]) || !same(&possible.into(), &score["possible"]) {
        return Err(format!("{earned} of {possible} instead of {score}"));
    }
    Ok(())
}

/// The inputs and the choices that they offer, in the recorded form.
fn offered(problem: &Problem) -> BTreeMap<String, Vec<String>> {
    problem
        .inputs()
        .map(|input| {
            let names = match &input.widget {
                super::input::Widget::Choices { choices, .. } => {
                    choices.iter().map(|c| c.name.clone()).collect()
                }
                super::input::Widget::Menu(_) | super::input::Widget::Line(_) => Vec::new(),
            };
            (input.id.clone(), names)
        })
        .collect()
}

fn recorded_offer(row: &Json) -> BTreeMap<String, Vec<String>> {
    let name = |choice: &Json| choice["name"].as_str().unwrap_or_default().to_owned();
    row["inputs"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|input| {
            let names = input["choices"].as_array().into_iter().flatten().map(name).collect();
            (format!("1_{}", input["id"].as_str().unwrap_or_default()), names)
        })
        .collect()
}

/// `&#233;` and `é` are the same to a reader of HTML.
fn without_references(value: &Json) -> Json {
    let Some(text) = value.as_str() else { return value.clone() };
    let mut parts = text.split("&#");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match part.split_once(';').and_then(|(code, rest)| Some((char::from_u32(code.parse().ok()?)?, rest)))
        {
            Some((c, rest)) if !c.is_ascii() => {
                out.push(c);
                out.push_str(rest);
            }
            _ => out.push_str(&format!("&#{part}")),
        }
    }
    Json::from(out)
}

fn texts_without_references(value: &mut Json) {
    match value {
        Json::Array(list) => list.iter_mut().for_each(texts_without_references),
        Json::Object(map) => map.values_mut().for_each(texts_without_references),
        text => *text = without_references(text),
    }
}

/// Right choices are a set: the recorded order is that of a hash table.
fn in_any_order(answer: &Json) -> Json {
    let Json::Array(list) = answer else { return answer.clone() };
    let mut list = list.clone();
    list.sort_by_key(Json::to_string);
    Json::Array(list)
}

fn check_problem(row: &Json) -> Vec<String> {
    let seed = row["seed"].as_i64().unwrap_or(1);
    let problem = match Problem::parse(row["xml"].as_str().unwrap_or_default(), "1", seed) {
        Ok(problem) => problem,
        Err(_) if row.get("load_error").is_some() => return Vec::new(),
        Err(error) => return vec![error.to_string()],
    };
    if out_of_reach(&problem) {
        return Vec::new();
    }
    let broken = problem.parts().iter().any(|part| matches!(part.state, PartState::Broken(_)));
    match (broken, row.get("load_error")) {
        (true, Some(_)) => return Vec::new(),
        (false, Some(error)) => return vec![format!("loads instead of {error}")],
        (true, None) => return vec!["is broken".to_owned()],
        (false, None) => {}
    }
    let mut wrong = Vec::new();
    let (got, expected) = (offered(&problem), recorded_offer(row));
    if got != expected {
        wrong.push(format!("offers {got:?} instead of {expected:?}"));
    }
    for (id, expected) in row["correct_answers"].as_object().into_iter().flatten() {
        let got = problem.correct_answers().get(&format!("1_{id}")).cloned().unwrap_or_default();
        if in_any_order(&got) != in_any_order(expected) {
            wrong.push(format!("the right answer is {got} instead of {expected}"));
        }
    }
    for grade in row["grades"].as_array().into_iter().flatten().filter(|row| !crashed(row)) {
        wrong.extend(check(&problem, grade).err().map(|error| format!("{}: {error}", grade["answers"])));
    }
    wrong
}

#[test]
fn row_190_golden_gradings_are_those_recorded() {
    let vectors = testing::vectors("capa.json");
    let mut wrong = Vec::new();
    let mut graded = 0;
    for row in vectors["vectors"].as_array().into_iter().flatten() {
        let name = row["name"].as_str().unwrap_or_default();
        if crashed(row) {
            continue;
        }
        graded += row["grades"].as_array().map_or(0, Vec::len);
        wrong.extend(check_problem(row).into_iter().map(|error| format!("{name}: {error}")));
    }
    assert!(graded > 0, "no gradings found");
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
}
