//! The offer to somebody who has just signed in: to keep the answers that they gave before, as a visitor.

use blockhouse_fields::UserId;
use blockhouse_keys::LearningContextKey;
use blockhouse_runtime::Visitor;
use serde::Serialize;

use crate::session::Session;
use crate::state::AppState;

/// What the banner needs.
#[derive(Serialize)]
pub(crate) struct Offer {
    /// The page to come back to.
    next: String,
}

impl Offer {
    /// For the page at `path` of a course. There is an offer only where the platform allows it, to a learner whose
    /// browser has been a visitor's and has left something behind. A store of visitors that is away costs the offer,
    /// not the page.
    pub(crate) async fn of(
        state: &AppState,
        session: &Session,
        visitor: &Visitor,
        context: &LearningContextKey,
        path: &str,
    ) -> Option<Self> {
        let anonymous = session.anonymous()?;
        let allowed = state.runtime().policy().claimable.contains(context);
        if !allowed || !matches!(visitor.user, UserId::Learner(_)) {
            return None;
        }
        match state.runtime().has_claimable_answers(anonymous).await {
            Ok(true) => Some(Self { next: path.to_owned() }),
            Ok(false) => None,
            Err(error) => {
                tracing::warn!(%error, "nobody can be offered to keep answers now");
                None
            }
        }
    }
}
