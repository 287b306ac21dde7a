//! `POST /dev/identity`: who to be, in development mode. In production this address does not exist.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::error::HttpError;
use crate::identity::Identity;
use crate::own_page;
use crate::state::AppState;

/// Somebody whom one can be in development mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Choice {
    /// For the form.
    pub(crate) name: &'static str,
    /// For people.
    pub(crate) label: &'static str,
    /// The account number; none for a visitor without an account.
    pub(crate) learner: Option<i64>,
}

/// Everybody. The first one is who everyone is at first.
pub(crate) const CHOICES: [Choice; 4] = [
    Choice { name: "visitor", label: "an anonymous visitor", learner: None },
    Choice { name: "alice", label: "Alice, a learner", learner: Some(1) },
    Choice { name: "bob", label: "Bob, a learner", learner: Some(2) },
    Choice { name: "ann", label: "Ann, an author", learner: Some(3) },
];

impl Choice {
    /// The choice that a session stands for.
    pub(crate) fn of(learner: Option<i64>) -> Self {
        let [visitor, ..] = CHOICES;
        CHOICES.into_iter().find(|choice| choice.learner == learner).unwrap_or(visitor)
    }
}

/// The switch as it is sent.
#[derive(Deserialize)]
pub(crate) struct Switch {
    identity: String,
    next: String,
}

pub(crate) async fn choose(
    State(state): State<AppState>,
    mut identity: Identity,
    headers: HeaderMap,
    form: Result<Form<Switch>, FormRejection>,
) -> Result<Response, HttpError> {
    let Form(form) = form?;
    own_page::check(&headers, state.urls().origin())?;
    let choice = CHOICES
        .into_iter()
        .find(|choice| choice.name == form.identity)
        .ok_or_else(|| HttpError::bad_request(format!("there is nobody called `{}`", form.identity)))?;
    identity.session.choose(choice.learner);
    Ok(identity.answer(&state, own_page::back(&form.next)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_learner_is_shown_as_a_visitor() {
        assert_eq!(Choice::of(Some(7)).name, "visitor");
        assert_eq!(Choice::of(Some(2)).name, "bob");
    }
}
