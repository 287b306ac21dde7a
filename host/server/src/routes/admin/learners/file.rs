//! `GET /api/admin/learners/{learner}/blocks/{usage}/files/{name}`: a file that a block keeps for a learner, as it is. Their
//! names stand in the learner's row.

use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use super::Place;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::operator::Operator;
use crate::path::Path;
use crate::state::AppState;

#[utoipa::path(
    get,
    path = "/api/admin/learners/{learner}/blocks/{usage}/files/{name}",
    operation_id = "learner_file",
    params(("learner" = u32, Path, description = "The learner's number"), ("usage" = String, Path, description = "A usage key"), ("name" = String, Path, description = "The file's name")),
    responses((status = 200, description = "The file", body = Vec<u8>, content_type = "application/octet-stream"), (status = 400, description = "No learner's number", body = Problem), (status = 401, description = "Not the operator", body = Problem), (status = 404, description = "No such file", body = Problem)),
    security(("operator" = []))
)]
pub(crate) async fn show(
    _: Operator,
    State(state): State<AppState>,
    Path((learner, usage, name)): Path<(String, String, String)>,
) -> Result<Response, HttpError> {
    let place = Place::parse(&learner, &usage)?;
    let file = state.runtime().file_of(&place.user(), &place.usage, &name).await?;
    let file = file.ok_or_else(|| place.has_no("file of this name"))?;
    // Whatever it is, a learner's file is never shown as a page of this host.
    let headers = [(CONTENT_TYPE, "application/octet-stream"), (CONTENT_DISPOSITION, "attachment")];
    Ok((headers, file).into_response())
}
