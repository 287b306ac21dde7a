//! Publishing and reverting a library. Both are fine when there is nothing to do.

use axum::extract::State;
use axum::response::{Json, Response};

use super::gate::{self, Need};
use super::shape;
use crate::account::Account;
use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

/// Publishes everything that changed.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/{library}/commit/",
    operation_id = "publish_library",
    responses((status = 200, description = "Learners see the draft", body = shape::Empty))
)]
pub(crate) async fn publish(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    state.runtime().libraries().publish_library(&key, &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}

/// Takes every change back that was not published.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/{library}/commit/",
    operation_id = "revert_library",
    responses((status = 200, description = "The draft is what learners see", body = shape::Empty))
)]
pub(crate) async fn revert(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    state.runtime().libraries().revert_library(&key, &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}
