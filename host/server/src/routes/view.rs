//! `GET /api/xblock/v2/xblocks/{usage}/view/{view}/`: a view as a fragment (spec 2.7.4, 3.10).

use axum::extract::State;
use axum::response::{Json, Response};
use blockhouse_runtime::{Fragment, ViewRequest};
use serde::Serialize;
use utoipa::ToSchema;

use super::metadata::Metadata;
use crate::error::HttpError;
use crate::identity::Identity;
use crate::openapi::Problem;
use crate::path::{self, Path};
use crate::state::AppState;

/// A block and one of its views.
#[derive(Serialize, ToSchema)]
pub(crate) struct RenderedBlock {
    #[serde(flatten)]
    metadata: Metadata,
    #[serde(flatten)]
    #[schema(value_type = ShownFragment)]
    fragment: Fragment,
}

/// How a [`Fragment`] looks in JSON.
#[derive(ToSchema)]
#[schema(as = Fragment)]
#[expect(dead_code, reason = "it stands for a type of the runtime")]
pub(crate) struct ShownFragment {
    /// HTML.
    content: String,
    /// What the HTML needs, in order.
    resources: Vec<ShownResource>,
    /// The global JavaScript function that starts the block's page.
    js_init_fn: Option<String>,
    /// 1 where there is such a function.
    js_init_version: Option<u32>,
    /// Its third argument.
    json_init_args: Option<serde_json::Value>,
}

/// How a [`Resource`](blockhouse_runtime::Resource) looks in JSON.
#[derive(ToSchema)]
#[schema(as = Resource)]
#[expect(dead_code, reason = "it stands for a type of the runtime")]
pub(crate) struct ShownResource {
    /// `text` or `url`.
    kind: String,
    data: String,
    mimetype: String,
    /// `head` or `foot`.
    placement: String,
}

#[utoipa::path(
    get,
    path = "/api/xblock/v2/xblocks/{usage}/view/{view}/",
    operation_id = "view",
    params(("usage" = String, Path, description = "A usage key, with `@draft`, `@published` or `@N` behind it for a version"), ("view" = String, Path, description = "student_view, public_view, author_view or studio_view")),
    responses((status = 200, description = "The block and the view as a fragment", body = RenderedBlock), (status = 403, description = "Not for whoever asks", body = Problem), (status = 404, description = "No such block, context or version", body = Problem), (status = 409, description = "Others kept changing the same state", body = Problem), (status = 422, description = "The content is broken", body = Problem), (status = 500, description = "The block failed", body = Problem))
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
