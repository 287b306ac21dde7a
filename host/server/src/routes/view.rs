//! `GET /api/xblock/v2/xblocks/{usage}/view/{view}/`: a view as a fragment (spec 2.7.4, 3.10).

use axum::extract::State;
use axum::response::{Json, Response};
use blockhouse_runtime::{Fragment, ViewRequest};
use serde::Serialize;

use super::metadata::Metadata;
use crate::error::HttpError;
use crate::identity::Identity;
use crate::path::{self, Path};
use crate::state::AppState;

#[derive(Serialize)]
struct RenderedBlock {
    #[serde(flatten)]
    metadata: Metadata,
    #[serde(flatten)]
    fragment: Fragment,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    identity: Identity,
    Path((usage, view)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let ((usage, version), view) = (path::versioned(&usage)?, path::view(&view)?);
    let version = version.unwrap_or_else(|| identity.visitor.usual_version());
    let request = ViewRequest { visitor: identity.visitor.clone(), usage, version, view };
    let rendered = state.runtime().view(request).await?;
    let body = RenderedBlock { metadata: Metadata::of(rendered.block, false), fragment: rendered.fragment };
    Ok(identity.answer(&state, Json(body)))
}
