//! A component's OLX, as the author wrote it.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::{Json, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::gate::{self, Need};
use crate::account::Account;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::Path;
use crate::state::AppState;

/// What an author wrote.
#[derive(Serialize, ToSchema)]
pub(crate) struct Olx {
    olx: String,
    version_num: u64,
}

/// A component in OLX.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/blocks/{usage}/olx/",
    operation_id = "library_block_olx",
    responses((status = 200, description = "The draft", body = Olx))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Read).await?;
    let (olx, version_num) = state.runtime().libraries().olx(&usage).await?;
    Ok(account.answer(&state, Json(Olx { olx, version_num })))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = SavedOlx)]
pub(crate) struct Save {
    olx: String,
    /// The version that the author edited; 409 when it is not the current one any more. Without it, the last one wins.
    version_num: Option<u64>,
}

/// Saves a component in OLX.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/blocks/{usage}/olx/",
    operation_id = "save_library_block_olx",
    request_body= Save,
    responses(
        (status = 200, description = "The draft as it is now", body = Olx),
        (status = 409, description = "It has been edited meanwhile", body = Problem),
    )
)]
pub(crate) async fn save(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    save: Result<Json<Save>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(save) = save?;
    let usage = gate::component(&state, &account, &usage, Need::Edit).await?;
    let libraries = state.runtime().libraries();
    let version_num = libraries.set_olx(&usage, &save.olx, save.version_num, &account.author()).await?;
    let (olx, _) = libraries.olx(&usage).await?;
    Ok(account.answer(&state, Json(Olx { olx, version_num })))
}
