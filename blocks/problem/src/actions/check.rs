//! Submitting an answer (`problem_check`).

use blockhouse_sdk::prelude::*;
use serde_json::Map;

use super::{Reply, report, snapshot};
use crate::capa::answers::{Answer, Answers};
use crate::capa::correct_map::{CorrectMap, Correctness};
use crate::capa::document::{Graded, Problem};
use crate::capa::input::{Input, Widget};
use crate::capa::markup;
use crate::capa::render::question;
use crate::rules::Rerandomize;
use crate::score::{self, Score};
use crate::standing::now;
use crate::{ProblemBlock, deadline, page};

pub(super) fn check(block: &mut ProblemBlock, answers: Answers) -> Result<Reply> {
    let before = snapshot(block)?;
    let settings = block.settings();
    let rules = block.rules(&settings);
    let refused = match (rules.closed(), rules.needs_reset()) {
        (true, _) => Some("closed"),
        (false, true) => Some("unreset"),
        (false, false) => None,
    };
    if let Some(failure) = refused {
        report("problem_check_fail", json!({ "state": before, "answers": answers, "failure": failure }))?;
        return Ok(Reply::Stale);
    }
    if let Some(wait) = remaining_wait(block) {
        return Ok(Reply::new(json!({ "success": wait, "html": "" })));
    }
    let graded = block.with_problem(|problem| {
        let graded = problem.grade(&answers)?;
        let score = Score::new(problem.points(&graded.outcomes), problem.max_points());
        let correct = problem.is_correct(&graded.outcomes);
        let submission = submission(block, problem, &answers, &graded.outcomes);
        Ok::<_, crate::capa::response::GradeError>((graded, score, correct, submission))
    });
    *block.seed = Some(block.current_seed());
    *block.student_answers = answers.clone();
    block.student_answers_history.push(answers.clone());
    let (graded, score, correct, submission) = match graded {
        Ok(Ok(graded)) => graded,
        Ok(Err(error)) => return Ok(Reply::new(json!({ "success": error.to_string() }))),
        Err(error) => return Ok(Reply::new(json!({ "success": error.to_string() }))),
    };
    let score = store(block, &graded, score);
    for (feedback, part, tag) in &graded.feedback {
        publish::event("edx.problem.hint.feedback_displayed", feedback.event(&usage::key(), part, tag))?;
    }
    publish::grade(score.raw_earned, score.raw_possible)?;
    let success = if correct { "correct" } else { "incorrect" };
    let details = json!({
        "state": before,
        "answers": answers,
        "grade": score.raw_earned,
        "max_grade": score.raw_possible,
        "correct_map": graded.outcomes,
        "success": success,
        "attempts": *block.attempts,
        "submission": submission,
    });
    report("problem_check", details)?;
    let seen = block.rules(&settings).correctness_available();
    let notice = i18n::text(if seen { outcome_text(&graded.outcomes) } else { "submitted" });
    let success = if seen { success } else { "submitted" };
    Ok(Reply::new(json!({ "success": success, "contents": page::page(block, Some(&notice)) })))
}

/// Keeps the outcome, and says which score counts now.
fn store(block: &mut ProblemBlock, graded: &Graded, score: Score) -> Score {
    *block.correct_map = graded.outcomes.clone();
    block.correct_map_history.push(graded.outcomes.clone());
    *block.attempts += 1;
    *block.done = true;
    *block.has_saved_answers = false;
    *block.last_submission_time = Some(deadline::stamp(now()));
    block.score_history.push(score);
    let counted = score::counted(&block.grading_method, &block.score_history).unwrap_or(score);
    *block.score = Some(counted);
    counted
}

/// The id of the sentence about all answers together.
fn outcome_text(outcomes: &CorrectMap) -> &'static str {
    let all = |wanted: Correctness| outcomes.values().all(|outcome| outcome.correctness == wanted);
    if all(Correctness::Correct) {
        "all-correct"
    } else if all(Correctness::Incorrect) {
        "all-incorrect"
    } else {
        "partly-correct"
    }
}

/// What is said to a learner who submits again too soon.
fn remaining_wait(block: &ProblemBlock) -> Option<String> {
    let wait = *block.submission_wait_seconds;
    let last = block.last_submission_time.as_deref().and_then(deadline::seconds)?;
    let remaining = wait - (now() - last);
    (wait > 0 && remaining > 0).then(|| {
        let times = [("wait", duration(wait).into()), ("remaining", duration(remaining).into())];
        i18n::text_with("wait", &times)
    })
}

/// `1 minute 30 seconds`.
fn duration(seconds: i64) -> String {
    let parts = [(seconds / 3600, "hours"), (seconds % 3600 / 60, "minutes"), (seconds % 60, "seconds")];
    let shown: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| i18n::text_with(unit, &[("count", (*count).into())]))
        .collect();
    shown.join(" ")
}

/// Question and answer of every input in words, for the log.
fn submission(block: &ProblemBlock, problem: &Problem, answers: &Answers, outcomes: &CorrectMap) -> Value {
    let variant = match Rerandomize::read(&block.rerandomize) {
        Rerandomize::Never => json!(""),
        _ => json!(block.current_seed()),
    };
    let mut submission = Map::new();
    for part in problem.parts() {
        for input in part.inputs() {
            let Some(answer) = answers.get(&input.id) else { continue };
            let entry = json!({
                "question": question(problem, part, input),
                "answer": in_words(input, answer),
                "response_type": part.tag,
                "input_type": input.tag,
                "correct": outcomes.get(&input.id).is_some_and(|outcome| outcome.is_correct()),
                "variant": variant,
                "group_label": "",
            });
            submission.insert(input.id.clone(), entry);
        }
    }
    Value::Object(submission)
}

fn in_words(input: &Input, answer: &Answer) -> Value {
    let Widget::Choices { choices, .. } = &input.widget else { return json!(answer) };
    let text = |name: &String| match choices.iter().find(|choice| choice.name == *name) {
        Some(choice) => choice.html.clone(),
        None => markup::escape(name),
    };
    let words: Vec<String> = answer.list().iter().map(text).collect();
    match (answer, words.as_slice()) {
        (Answer::Text(_), [word]) => json!(word),
        _ => json!(words),
    }
}
