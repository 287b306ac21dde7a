//! `GET /api/xblock/v2/xblocks/{usage}/olx/`: a block as its author wrote it (spec 3.10).

use axum::extract::State;
use axum::response::{Json, Response};
use blockhouse_runtime::Version;
use serde::Serialize;
use utoipa::ToSchema;

use crate::account::Account;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::{self, Path};
use crate::state::AppState;

/// A block's element.
#[derive(Serialize, ToSchema)]
pub(crate) struct Olx {
    olx: String,
}

#[utoipa::path(
    get,
    path = "/api/xblock/v2/xblocks/{usage}/olx/",
    operation_id = "olx",
    params(("usage" = String, Path, description = "A usage key, with `@draft`, `@published` or `@N` behind it for a version")),
    responses((status = 200, description = "What its author wrote", body = Olx), (status = 401, description = "Nobody with an account", body = Problem), (status = 403, description = "Not for whoever asks", body = Problem), (status = 404, description = "No such block, context or version", body = Problem))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let (usage, version) = path::versioned(&usage)?;
    // Whoever reads OLX is an author, and works on the draft.
    let version = version.unwrap_or(Version::Draft);
    let olx = state.runtime().olx(&account.identity.visitor, &usage, version).await?.to_string();
    Ok(account.answer(&state, Json(Olx { olx })))
}
