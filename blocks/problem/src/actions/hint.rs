//! Asking for a hint (`hint_button`).

use blockhouse_sdk::prelude::*;

use super::Reply;
use crate::ProblemBlock;
use crate::page::with_addresses;

/// The hints up to the one asked for; after the last comes the first.
pub(super) fn hint(block: &ProblemBlock, request: &Request) -> Result<Reply> {
    let hints = block.with_problem(|problem| problem.demand_hints())?;
    let asked = request.form().into_iter().find(|(name, _)| name == "hint_index");
    let asked: usize = asked
        .and_then(|(_, index)| index.trim().parse().ok())
        .ok_or_else(|| Error::status(400, "the form field 'hint_index' has to be a whole number"))?;
    let count = hints.len();
    let index = asked.checked_rem(count).unwrap_or_default();
    let Some(text) = hints.get(index) else {
        return Ok(Reply::new(json!({ "success": false, "msg": i18n::text("no-hints") })));
    };
    let mut html = String::from("<ol>");
    for (at, hint) in hints.iter().take(index + 1).enumerate() {
        let title = match count {
            1 => i18n::text("one-hint"),
            _ => i18n::text_with("hint-of", &[("number", (at + 1).into()), ("count", count.into())]),
        };
        html.push_str(&format!(
            "<li class=\"hint-index-{at}\" tabindex=\"-1\"><strong>{title} </strong>{hint}</li>"
        ));
    }
    html.push_str("</ol>");
    let event =
        json!({ "module_id": usage::key(), "hint_index": index, "hint_len": count, "hint_text": text });
    publish::event("edx.problem.hint.demandhint_displayed", event)?;
    Ok(Reply::new(json!({
        "success": true,
        "hint_index": index,
        "should_enable_next_hint": index + 1 < count,
        "msg": with_addresses(&html),
    })))
}
