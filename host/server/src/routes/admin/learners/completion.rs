//! `/api/admin/learners/{learner}/blocks/{usage}/completion` and `/api/admin/learners/{learner}/completion/{context}`:
//! how much a learner has done (spec 2.11, 3.9.6).

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::Json;
use blockhouse_fields::UserId;
use blockhouse_runtime::RuntimeError;
use blockhouse_state::Completion;
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::{Place, learner_number};
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::operator::Operator;
use crate::path::{self, Path};
use crate::state::AppState;

#[utoipa::path(
    get,
    path = "/api/admin/learners/{learner}/completion/{context}",
    operation_id = "learner_completions",
    params(("learner" = u32, Path, description = "The learner's number"), ("context" = String, Path, description = "The key of a course or library")),
    responses((status = 200, description = "What the learner has begun, by usage key", body = serde_json::Value), (status = 400, description = "No learner's number", body = Problem), (status = 401, description = "Not the operator", body = Problem), (status = 404, description = "Not a key", body = Problem)),
    security(("operator" = []))
)]
pub(crate) async fn list(
    _: Operator,
    State(state): State<AppState>,
    Path((learner, context)): Path<(String, String)>,
) -> Result<Json<Value>, HttpError> {
    let (user, context) = (UserId::Learner(learner_number(&learner)?), path::context(&context)?);
    let found = state.runtime().learners().completions(&user, &context).await.map_err(RuntimeError::from)?;
    let results: Vec<_> = found.iter().map(Completion::to_json).collect();
    Ok(Json(json!({ "results": results })))
}

#[utoipa::path(
    get,
    path = "/api/admin/learners/{learner}/blocks/{usage}/completion",
    operation_id = "learner_completion",
    params(("learner" = u32, Path, description = "The learner's number"), ("usage" = String, Path, description = "A usage key")),
    responses((status = 200, description = "How much is done, from 0.0 to 1.0", body = serde_json::Value), (status = 400, description = "No learner's number", body = Problem), (status = 401, description = "Not the operator", body = Problem), (status = 404, description = "Nothing is known", body = Problem)),
    security(("operator" = []))
)]
pub(crate) async fn show(
    _: Operator,
    State(state): State<AppState>,
    Path((learner, usage)): Path<(String, String)>,
) -> Result<Json<Value>, HttpError> {
    done(&state, &Place::parse(&learner, &usage)?).await
}

/// How much is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Done {
    /// From 0.0 to 1.0. It may go down.
    completion: f64,
}

#[utoipa::path(
    put,
    path = "/api/admin/learners/{learner}/blocks/{usage}/completion",
    operation_id = "set_learner_completion",
    params(("learner" = u32, Path, description = "The learner's number"), ("usage" = String, Path, description = "A usage key")),
    request_body = Done,
    responses((status = 200, description = "How much is done now", body = serde_json::Value), (status = 400, description = "No learner's number, or a completion out of range", body = Problem), (status = 401, description = "Not the operator", body = Problem), (status = 404, description = "Not a usage key, or completion is not kept here", body = Problem), (status = 422, description = "A key that the tables have no place for", body = Problem)),
    security(("operator" = []))
)]
pub(crate) async fn set(
    _: Operator,
    State(state): State<AppState>,
    Path((learner, usage)): Path<(String, String)>,
    done_now: Result<Json<Done>, JsonRejection>,
) -> Result<Json<Value>, HttpError> {
    let (place, Json(Done { completion })) = (Place::parse(&learner, &usage)?, done_now?);
    if !(0.0..=1.0).contains(&completion) {
        return Err(HttpError::invalid("completion", format!("{completion} must be between 0.0 and 1.0")));
    }
    state.runtime().set_completion(place.learner, &place.usage, completion).await?;
    done(&state, &place).await
}

async fn done(state: &AppState, place: &Place) -> Result<Json<Value>, HttpError> {
    let found = state.runtime().learners().completion(&place.user(), &place.usage).await;
    let found = found.map_err(RuntimeError::from)?.ok_or_else(|| place.has_no("completion"))?;
    Ok(Json(found.to_json()))
}
