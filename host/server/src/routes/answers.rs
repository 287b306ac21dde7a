//! `POST /answers`: what becomes of the answers that somebody gave as a visitor before they signed in. Either way the
//! browser is not that visitor any more, so the question comes once.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::account::Account;
use crate::error::HttpError;
use crate::own_page;
use crate::session::Session;
use crate::state::AppState;

/// The buttons of the offer.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Choice {
    Keep,
    Leave,
}

#[derive(Deserialize)]
pub(crate) struct Answer {
    answers: Choice,
    next: String,
}

pub(crate) async fn decide(
    State(state): State<AppState>,
    account: Account,
    mut session: Session,
    form: Result<Form<Answer>, FormRejection>,
) -> Result<Response, HttpError> {
    let Form(Answer { answers, next }) = form?;
    if let (Choice::Keep, Some(anonymous)) = (answers, session.anonymous()) {
        let fields = state.runtime().claim(anonymous, account.number()).await?;
        tracing::info!(fields, "a learner keeps the answers from before");
    }
    session.forget_visitor();
    Ok((state.sessions().write(&session), own_page::back(&next)).into_response())
}
