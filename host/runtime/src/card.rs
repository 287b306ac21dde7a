//! What stands in a block's place when the block itself cannot: short notices, never a page that fails.

use blockhouse_sandbox::Fragment;

use crate::escape::escape;
use crate::{RuntimeError, Visitor};

/// The card for a block that cannot be shown. It says what a learner can do; details go to the log.
pub fn card(error: &RuntimeError, request_id: Option<&str>) -> Fragment {
    let (title, text) = match error {
        RuntimeError::NotInstalled { block_type } => (
            "Not available here",
            format!("This part uses the block type “{}”, which is not installed here.", escape(block_type)),
        ),
        RuntimeError::BrokenContent { reason, .. } => {
            ("This part cannot be shown", format!("Its content has a mistake: {}.", escape(reason)))
        }
        RuntimeError::SetAside { .. } => (
            "Set aside for now",
            "This part kept failing, so it is not shown for a while. What you did before is kept.".to_owned(),
        ),
        RuntimeError::Busy | RuntimeError::Conflict | RuntimeError::State(_) => {
            ("Not available right now", "Please try again in a moment.".to_owned())
        }
        RuntimeError::NoSuchBlock(_) | RuntimeError::NoSuchContext(_) | RuntimeError::Forbidden(_) => {
            ("Not found", "There is nothing here that you can see.".to_owned())
        }
        _ => (
            "Something went wrong in this part",
            "The rest of the page works, and what you did before is kept.".to_owned(),
        ),
    };
    let reference = request_id
        .map(|id| format!("<p class=\"bh-card-id\">Reference: <code>{}</code></p>", escape(id)))
        .unwrap_or_default();
    notice("bh-card bh-card-error", &format!("<strong>{title}</strong><p>{text}</p>{reference}"))
}

/// What a block without a public view shows to a visitor (spec 3.5.5).
pub(crate) fn sign_in_notice(visitor: &Visitor) -> Fragment {
    let text = if visitor.is_anonymous() {
        "This content is only accessible to registered learners. Sign in or register to view it."
    } else {
        "This content is only accessible to enrolled learners."
    };
    notice("bh-card bh-card-sign-in", &format!("<p>{text}</p>"))
}

fn notice(class: &str, html: &str) -> Fragment {
    Fragment { content: format!("<div class=\"{class}\" role=\"note\">{html}</div>"), ..Fragment::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_escapes_what_the_author_wrote() {
        let error = RuntimeError::NotInstalled { block_type: "<script>".to_owned() };
        assert!(!card(&error, None).content.contains("<script>"));
    }
}
