//! `POST /language`: the language in which this browser's pages are shown.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

use crate::error::HttpError;
use crate::own_page;
use crate::session::Session;
use crate::state::AppState;

/// The form at the foot of each page.
#[derive(Deserialize)]
pub(crate) struct Choice {
    /// One of ours; empty for the browser's.
    language: String,
    next: String,
}

pub(crate) async fn choose(
    State(state): State<AppState>,
    mut session: Session,
    headers: HeaderMap,
    form: Result<Form<Choice>, FormRejection>,
) -> Result<Response, HttpError> {
    let Form(Choice { language, next }) = form?;
    own_page::check(&headers, state.urls().origin())?;
    let chosen = Some(language).filter(|language| !language.is_empty());
    if let Some(unknown) = chosen.as_deref().filter(|language| !state.templates().texts().has(language)) {
        return Err(HttpError::bad_request(format!("there are no pages in `{unknown}`")));
    }
    session.read_in(chosen);
    Ok((state.sessions().write(&session), own_page::back(&next)).into_response())
}
