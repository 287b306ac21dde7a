//! `GET /api/xblock/v2/xblocks/{usage}/handler_url/{handler}/`: where to call a handler (spec 3.10). Whether the block
//! exists shows when it is called.

use axum::extract::State;
use axum::response::{Json, Response};
use blockhouse_runtime::Urls;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::HttpError;
use crate::identity::Identity;
use crate::openapi::Problem;
use crate::path::{self, Path};
use crate::state::AppState;

/// Where a handler is called.
#[derive(Serialize, ToSchema)]
pub(crate) struct HandlerUrl {
    handler_url: String,
}

#[utoipa::path(
    get,
    path = "/api/xblock/v2/xblocks/{usage}/handler_url/{handler}/",
    operation_id = "handler_url",
    params(("usage" = String, Path, description = "A usage key, with `@draft`, `@published` or `@N` behind it for a version"), ("handler" = String, Path, description = "The handler's name")),
    responses((status = 200, description = "Where to call it", body = HandlerUrl), (status = 404, description = "No usage key", body = Problem))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    identity: Identity,
    Path((usage, handler)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let (usage, version) = path::versioned(&usage)?;
    let version = version.unwrap_or_else(|| identity.visitor.usual_version());
    let visitor = identity.visitor.on(version);
    let handler_url = state.urls().handler_url(&visitor.user, &usage, version, &handler);
    Ok(identity.answer(&state, Json(HandlerUrl { handler_url })))
}
