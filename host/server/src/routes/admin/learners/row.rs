//! `/api/admin/learners/{learner}/blocks/{usage}`: all that a learner has in a block.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::Json;
use blockhouse_runtime::{Notice, ResetKind, ResetRequest, RuntimeError};
use blockhouse_state::PastRecord;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::Place;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::operator::Operator;
use crate::path::Path;
use crate::state::AppState;

#[utoipa::path(
    get,
    path = "/api/admin/learners/{learner}/blocks/{usage}",
    operation_id = "learner_state",
    params(("learner" = u32, Path, description = "The learner's number"), ("usage" = String, Path, description = "A usage key")),
    responses((status = 200, description = "The row; in `history` what it has been, newest first, and in `files` the sizes of the files that the block keeps for the learner, by name", body = serde_json::Value), (status = 400, description = "No learner's number", body = Problem), (status = 401, description = "Not the operator", body = Problem), (status = 404, description = "No such row", body = Problem)),
    security(("operator" = []))
)]
pub(crate) async fn show(
    _: Operator,
    State(state): State<AppState>,
    Path((learner, usage)): Path<(String, String)>,
) -> Result<Json<Value>, HttpError> {
    let place = Place::parse(&learner, &usage)?;
    let store = state.runtime().learners();
    let record = store.record(&place.user(), &place.usage).await.map_err(RuntimeError::from)?;
    let files = state.runtime().files_of(&place.user(), &place.usage).await?;
    let mut shown = match record {
        Some(record) => record.to_json(),
        None if files.is_empty() => return Err(place.has_no("state")),
        None => json!({ "learner": place.learner, "usage": place.usage }),
    };
    let history = store.history(&place.user(), &place.usage).await.map_err(RuntimeError::from)?;
    if let Some(object) = shown.as_object_mut() {
        object.insert("history".to_owned(), history.iter().map(PastRecord::to_json).collect());
        object.insert("files".to_owned(), json!(files));
    }
    Ok(Json(shown))
}

/// How much goes.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum What {
    /// The row, with fields and score, and the files.
    #[default]
    Everything,
    /// All fields and files.
    Fields,
    /// The score.
    Score,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Options {
    #[serde(default)]
    what: What,
}

/// What has happened.
#[derive(Serialize, ToSchema)]
pub(crate) struct Taken {
    /// What the learner has no more.
    taken: What,
    /// `told`: the block was told, and what it changed is stored. `not-wanted`: it does not want to know, or is not here.
    /// `failed`: it was told and failed, and nothing of what it changed is stored.
    block: &'static str,
    /// Why it failed.
    failure: Option<String>,
}

#[utoipa::path(
    delete,
    path = "/api/admin/learners/{learner}/blocks/{usage}",
    operation_id = "reset_learner_state",
    params(("learner" = u32, Path, description = "The learner's number"), ("usage" = String, Path, description = "A usage key"), ("what" = Option<String>, Query, description = "everything (the default), fields or score")),
    responses((status = 200, description = "It is gone, and the block was told", body = Taken), (status = 400, description = "No learner's number, or nothing that can be taken away", body = Problem), (status = 401, description = "Not the operator", body = Problem), (status = 404, description = "No such row", body = Problem), (status = 409, description = "Others kept changing the same state", body = Problem)),
    security(("operator" = []))
)]
pub(crate) async fn reset(
    _: Operator,
    State(state): State<AppState>,
    Path((learner, usage)): Path<(String, String)>,
    options: Result<Query<Options>, QueryRejection>,
) -> Result<Json<Taken>, HttpError> {
    let Query(Options { what }) = options?;
    take(&state, Place::parse(&learner, &usage)?, what).await
}

/// Takes it away from whoever has something there.
pub(super) async fn take(state: &AppState, place: Place, what: What) -> Result<Json<Taken>, HttpError> {
    let record = state.runtime().learners().record(&place.user(), &place.usage).await;
    if record.map_err(RuntimeError::from)?.is_none()
        && state.runtime().files_of(&place.user(), &place.usage).await?.is_empty()
    {
        return Err(place.has_no("state"));
    }
    let kind = match what {
        What::Everything => ResetKind::Row,
        What::Fields => ResetKind::Fields,
        What::Score => ResetKind::Score,
    };
    let request = ResetRequest { learner: place.learner, usage: place.usage, what: kind };
    let (block, failure) = match state.runtime().reset(request).await? {
        Notice::Told => ("told", None),
        Notice::NotWanted => ("not-wanted", None),
        Notice::Failed(why) => ("failed", Some(why)),
    };
    Ok(Json(Taken { taken: what, block, failure }))
}
