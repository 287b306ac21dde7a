//! `GET /healthz`, `/readyz` and `/metrics`: for operators and what they run.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use crate::error::HttpError;
use crate::state::AppState;

/// The process answers.
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can serve learners: its stores answer.
pub(crate) async fn readyz(State(state): State<AppState>) -> Result<&'static str, HttpError> {
    state.runtime().ready().await?;
    Ok("ready\n")
}

/// Counters and histograms in Prometheus' text format.
pub(crate) async fn metrics(State(state): State<AppState>) -> Response {
    state.metrics().run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics().render()).into_response()
}
