//! `GET /api/xblock/v2/xblocks/{usage}/view/{view}/`: a view as a fragment (spec 2.7.4, 3.10).

use axum::extract::State;
use axum::response::{Json, Response};
use blockhouse_runtime::{Fragment, ViewRequest};
use serde::Serialize;

use super::metadata::Metadata;
use crate::error::HttpError;
use crate::identity::Identity;
use crate::openapi::Problem;
use crate::path::{self, Path};
use crate::state::AppState;

#[derive(Serialize)]
struct RenderedBlock {
    #[serde(flatten)]
    metadata: Metadata,
    #[serde(flatten)]
    fragment: Fragment,
}

#[utoipa::path(
    get,
    path = "/api/xblock/v2/xblocks/{usage}/view/{view}/",
    operation_id = "view",
    params(("usage" = String, Path, description = "A usage key, with `@draft`, `@published` or `@N` behind it for a version"), ("view" = String, Path, description = "student_view, public_view, author_view or studio_view")),
    responses((status = 200, description = "The block and the view as a fragment", body = serde_json::Value), (status = 403, description = "Not for whoever asks", body = Problem), (status = 404, description = "No such block, context or version", body = Problem))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    identity: Identity,
    Path((usage, view)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let ((usage, version), view) = (path::versioned(&usage)?, path::view(&view)?);
    let version = version.unwrap_or_else(|| identity.visitor.usual_version());
    let request = ViewRequest { visitor: identity.visitor.clone(), usage, version, view };
    let rendered = state.runtime().view(request).await?;
    let body = RenderedBlock {
        metadata: Metadata::of(rendered.block, serde_json::Map::new()),
        fragment: rendered.fragment,
    };
    Ok(identity.answer(&state, Json(body)))
}
