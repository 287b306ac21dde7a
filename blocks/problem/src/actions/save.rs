//! Keeping an answer without submitting it (`problem_save`).

use blockhouse_sdk::prelude::*;

use super::{Reply, report, snapshot};
use crate::capa::answers::Answers;
use crate::{ProblemBlock, page};

pub(super) fn save(block: &mut ProblemBlock, answers: Answers) -> Result<Reply> {
    let before = snapshot(block)?;
    let settings = block.settings();
    let rules = block.rules(&settings);
    if !rules.save_allowed() {
        let (failure, message) = if rules.needs_reset() && !rules.closed() {
            ("done", "save-needs-reset")
        } else {
            ("closed", "closed")
        };
        report("save_problem_fail", json!({ "state": before, "answers": answers, "failure": failure }))?;
        return Ok(Reply::new(json!({ "success": false, "msg": i18n::text(message) })));
    }
    *block.seed = Some(block.current_seed());
    *block.student_answers = answers.clone();
    *block.has_saved_answers = true;
    report("save_problem_success", json!({ "state": before, "answers": answers }))?;
    let message = i18n::text(if settings.max_attempts == Some(0) { "saved-in-survey" } else { "saved" });
    Ok(Reply::new(json!({ "success": true, "msg": message, "html": page::page(block, Some(&message)) })))
}
