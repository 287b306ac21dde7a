//! `GET /healthz`, `/readyz` and `/metrics`: for operators and what they run.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use blockhouse_runtime::RuntimeError;

use crate::error::HttpError;
use crate::state::AppState;

/// The process answers.
#[utoipa::path(get, path = "/healthz", operation_id = "healthz", responses((status = 200, description = "The process lives", body = String, content_type = "text/plain")), security(()))]
pub(crate) async fn healthz() -> &'static str {
    "ok\n"
}

/// The process can serve learners: their store answers. Visitors without an account are served at their own risk, so a
/// store of theirs that is away is told and takes no host out of service.
#[utoipa::path(get, path = "/readyz", operation_id = "readyz", responses((status = 200, description = "Its stores answer", body = String, content_type = "text/plain")), security(()))]
pub(crate) async fn readyz(State(state): State<AppState>) -> Result<&'static str, HttpError> {
    let readiness = state.runtime().ready().await;
    readiness.learners.map_err(RuntimeError::from)?;
    readiness.libraries.map_err(RuntimeError::from)?;
    match readiness.visitors {
        Ok(()) => Ok("ready\n"),
        Err(error) => {
            tracing::warn!(%error, "the state of visitors without an account is away");
            Ok("ready for learners; visitors without an account cannot be served now\n")
        }
    }
}

#[utoipa::path(get, path = "/metrics", operation_id = "metrics", responses((status = 200, description = "One measurement on each line", body = String, content_type = "text/plain")), security(()))]
/// Counters, gauges and histograms in Prometheus' text format.
pub(crate) async fn metrics(State(state): State<AppState>) -> Response {
    state.runtime().note_pool();
    state.metrics().run_upkeep();
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics().render()).into_response()
}
