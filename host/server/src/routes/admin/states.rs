//! `GET /api/admin/states`: learners' rows as lines of JSON, for exports of any size.
//!
//! It is read page by page, no faster than whoever asks takes it, so neither memory nor a transaction grows with it.

use axum::body::{Body, Bytes};
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use blockhouse_fields::UserId;
use blockhouse_runtime::RuntimeError;
use blockhouse_state::{Record, RecordsOf, StateError};
use futures_util::stream;
use serde::Deserialize;

use super::learners::learner_number;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::operator::Operator;
use crate::path;
use crate::state::AppState;

/// Rows that are read at once.
const PAGE: u32 = 500;

/// Whose rows: exactly one of them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Of {
    context: Option<String>,
    block: Option<String>,
    learner: Option<String>,
}

impl Of {
    fn parse(self) -> Result<RecordsOf, HttpError> {
        match (self.context, self.block, self.learner) {
            (Some(context), None, None) => Ok(RecordsOf::Context(path::context(&context)?)),
            (None, Some(block), None) => Ok(RecordsOf::Block(path::usage(&block)?)),
            (None, None, Some(learner)) => Ok(RecordsOf::Learner(UserId::Learner(learner_number(&learner)?))),
            _ => Err(HttpError::bad_request("say whose rows by one of `context`, `block` and `learner`")),
        }
    }
}

#[utoipa::path(
    get,
    path = "/api/admin/states",
    operation_id = "export_states",
    params(("context" = Option<String>, Query, description = "The key of a course or library"), ("block" = Option<String>, Query, description = "A usage key"), ("learner" = Option<u32>, Query, description = "A learner's number")),
    responses((status = 200, description = "One row of learners' state on each line", body = String, content_type = "application/jsonl"), (status = 400, description = "None or several of the three, or no learner's number", body = Problem), (status = 401, description = "Not the operator", body = Problem), (status = 404, description = "Not a key", body = Problem)),
    security(("operator" = []))
)]
pub(crate) async fn export(
    _: Operator,
    State(state): State<AppState>,
    of: Result<Query<Of>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(of) = of?;
    let of = of.parse()?;
    // A store that is away is told with a status; one that goes away later breaks the answer off.
    let first = page(&state, &of, 0).await.map_err(RuntimeError::from)?;
    let pages = stream::try_unfold(first, move |rows| {
        let (state, of) = (state.clone(), of.clone());
        async move {
            let Some(last) = rows.last().map(|row| row.id) else { return Ok::<_, StateError>(None) };
            let lines: String = rows.iter().map(|row| format!("{}\n", row.to_json())).collect();
            Ok(Some((Bytes::from(lines), page(&state, &of, last).await?)))
        }
    });
    Ok(([(CONTENT_TYPE, "application/jsonl")], Body::from_stream(pages)).into_response())
}

async fn page(state: &AppState, of: &RecordsOf, after: i64) -> Result<Vec<Record>, StateError> {
    state.runtime().learners().records(of, after, PAGE).await
}
