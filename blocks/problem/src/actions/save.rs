//! Keeping an answer without submitting it (`problem_save`).

use blockhouse_sdk::prelude::*;

use super::{Reply, report, snapshot};
use crate::capa::answers::Answers;
use crate::{ProblemBlock, page};

const SAVED: &str = "Your answers have been saved but not graded. Click 'Submit' to grade them.";
const SAVED_IN_SURVEY: &str = "Your answers have been saved.";

pub(super) fn save(block: &mut ProblemBlock, answers: Answers) -> Result<Reply> {
    let before = snapshot(block)?;
    let settings = block.settings();
    let rules = block.rules(&settings);
    if !rules.save_allowed() {
        let (failure, message) = if rules.needs_reset() && !rules.closed() {
            ("done", "Problem needs to be reset prior to save.")
        } else {
            ("closed", "Problem is closed.")
        };
        report("save_problem_fail", json!({ "state": before, "answers": answers, "failure": failure }))?;
        return Ok(Reply::new(json!({ "success": false, "msg": message })));
    }
    *block.seed = Some(block.current_seed());
    *block.student_answers = answers.clone();
    *block.has_saved_answers = true;
    report("save_problem_success", json!({ "state": before, "answers": answers }))?;
    let message = if settings.max_attempts == Some(0) { SAVED_IN_SURVEY } else { SAVED };
    Ok(Reply::new(json!({ "success": true, "msg": message, "html": page::page(block, Some(message)) })))
}
