//! Starting over (`problem_reset`).

use blockhouse_sdk::prelude::*;

use super::{Reply, report, snapshot};
use crate::score::Score;
use crate::{ProblemBlock, page, seed};

pub(super) fn reset(block: &mut ProblemBlock) -> Result<Reply> {
    let before = snapshot(block)?;
    let settings = block.settings();
    let refused = if block.rules(&settings).closed() {
        Some(("closed", "reset-closed"))
    } else if !*block.done {
        Some(("not_done", "reset-not-done"))
    } else {
        None
    };
    if let Some((failure, message)) = refused {
        report("reset_problem_fail", json!({ "old_state": before, "failure": failure }))?;
        return Ok(Reply::new(json!({ "success": false, "msg": i18n::text(message) })));
    }
    let seed =
        if settings.rerandomize.on_reset() { seed::drawn(random::u64()) } else { block.current_seed() };
    *block.seed = Some(seed);
    block.student_answers.clear();
    block.correct_map.clear();
    block.correct_map_history.clear();
    *block.done = false;
    let possible = block.with_problem(|problem| problem.max_points()).unwrap_or_default();
    *block.score = Some(Score::new(0.0, possible));
    publish::grade(0.0, possible)?;
    report("reset_problem", json!({ "old_state": before, "new_state": snapshot(block)? }))?;
    Ok(Reply::new(json!({ "success": true, "html": page::page(block, None) })))
}
