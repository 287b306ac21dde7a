//! `/api/admin/learners/{learner}/blocks/{usage}/score`: a learner's score in a block.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::Json;
use blockhouse_runtime::{RuntimeError, Score};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Place;
use super::row::{Taken, What, take};
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::operator::Operator;
use crate::path::Path;
use crate::state::AppState;

/// A raw score.
#[derive(Serialize, ToSchema)]
pub(crate) struct Points {
    earned: f64,
    possible: f64,
}

#[utoipa::path(
    get,
    path = "/api/admin/learners/{learner}/blocks/{usage}/score",
    operation_id = "learner_score",
    params(("learner" = u32, Path, description = "The learner's number"), ("usage" = String, Path, description = "A usage key")),
    responses((status = 200, description = "The score", body = Points), (status = 400, description = "No learner's number", body = Problem), (status = 401, description = "Not the operator", body = Problem), (status = 404, description = "No score", body = Problem)),
    security(("operator" = []))
)]
pub(crate) async fn show(
    _: Operator,
    State(state): State<AppState>,
    Path((learner, usage)): Path<(String, String)>,
) -> Result<Json<Points>, HttpError> {
    points(&state, &Place::parse(&learner, &usage)?).await
}

/// A score to be given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Given {
    /// From 0 to `possible`.
    earned: f64,
    possible: f64,
    /// Whether a better score stays.
    #[serde(default)]
    only_if_higher: bool,
}

#[utoipa::path(
    put,
    path = "/api/admin/learners/{learner}/blocks/{usage}/score",
    operation_id = "set_learner_score",
    params(("learner" = u32, Path, description = "The learner's number"), ("usage" = String, Path, description = "A usage key")),
    request_body = Given,
    responses((status = 200, description = "The score as it is now", body = Points), (status = 400, description = "No learner's number, or no score", body = Problem), (status = 401, description = "Not the operator", body = Problem), (status = 404, description = "Not a usage key", body = Problem), (status = 422, description = "A key that the tables have no place for", body = Problem)),
    security(("operator" = []))
)]
pub(crate) async fn set(
    _: Operator,
    State(state): State<AppState>,
    Path((learner, usage)): Path<(String, String)>,
    given: Result<Json<Given>, JsonRejection>,
) -> Result<Json<Points>, HttpError> {
    let (place, Json(Given { earned, possible, only_if_higher })) = (Place::parse(&learner, &usage)?, given?);
    let score = Score::checked(earned, possible)
        .ok_or_else(|| HttpError::invalid("earned", "a score needs 0 <= earned <= possible"))?;
    state.runtime().set_score(place.learner, &place.usage, score, only_if_higher).await?;
    points(&state, &place).await
}

#[utoipa::path(
    delete,
    path = "/api/admin/learners/{learner}/blocks/{usage}/score",
    operation_id = "delete_learner_score",
    params(("learner" = u32, Path, description = "The learner's number"), ("usage" = String, Path, description = "A usage key")),
    responses((status = 200, description = "It is gone, and the block was told", body = Taken), (status = 400, description = "No learner's number", body = Problem), (status = 401, description = "Not the operator", body = Problem), (status = 404, description = "No score", body = Problem), (status = 409, description = "Others kept changing the same state", body = Problem)),
    security(("operator" = []))
)]
pub(crate) async fn delete(
    _: Operator,
    State(state): State<AppState>,
    Path((learner, usage)): Path<(String, String)>,
) -> Result<Json<Taken>, HttpError> {
    let place = Place::parse(&learner, &usage)?;
    let Json(Points { .. }) = points(&state, &place).await?;
    take(&state, place, What::Score).await
}

async fn points(state: &AppState, place: &Place) -> Result<Json<Points>, HttpError> {
    let record = state.runtime().learners().record(&place.user(), &place.usage).await;
    let score = record.map_err(RuntimeError::from)?.and_then(|record| record.score);
    let Score { earned, possible } = score.ok_or_else(|| place.has_no("score"))?;
    Ok(Json(Points { earned, possible }))
}
