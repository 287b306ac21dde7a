//! Showing the right answer (`problem_show`).

use blockhouse_sdk::prelude::*;

use super::{Reply, report};
use crate::ProblemBlock;
use crate::page::with_addresses;

const CORRECT: &str = "<span class=\"status correct\">correct</span>";

/// The question is logged before it is known whether there is an answer to it (spec 9.3.13).
pub(super) fn show(block: &ProblemBlock) -> Result<Reply> {
    report("showanswer", Value::Null)?;
    if !block.rules(&block.settings()).answer_available() {
        return Ok(Reply::Stale);
    }
    let mut answers = block.with_problem(|problem| problem.correct_answers())?;
    for answer in answers.values_mut() {
        if let Value::String(html) = answer {
            *html = with_addresses(html);
        }
    }
    Ok(Reply::new(json!({ "answers": answers, "correct_status_html": CORRECT })))
}
