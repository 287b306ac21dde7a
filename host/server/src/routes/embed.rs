//! `GET /xblocks/v2/{usage}/embed/{view}/`: a block for a frame in a page of another site (spec 3.10).
//!
//! Cookies do not reach a frame in another site's page, so a learner comes with a token that the platform made for this
//! person, this block and a short while. Without one it is a visitor. Which sites may do it is a setting, and the
//! browser keeps to it (`frame-ancestors`).

use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use blockhouse_runtime::{Version, View, ViewRequest, Visitor};
use serde::Deserialize;

use crate::error::HttpError;
use crate::frame_document::{FramePage, handler_urls};
use crate::identity::Identity;
use crate::locale;
use crate::path::{self, Path};
use crate::platform::Member;
use crate::state::AppState;

/// What the address may say besides.
#[derive(Deserialize)]
pub(crate) struct Options {
    version: Option<String>,
    #[serde(default)]
    show_title: bool,
    token: Option<String>,
}

#[utoipa::path(
    get,
    path = "/xblocks/v2/{usage}/embed/{view}/",
    operation_id = "embed",
    params(("usage" = String, Path, description = "A usage key, with `@draft`, `@published` or `@N` behind it for a version"),
        ("view" = String, Path, description = "student_view or public_view"),
        ("version" = Option<String>, Query, description = "draft, published or a number"),
        ("show_title" = Option<bool>, Query, description = "Whether the document begins with the block's title"),
        ("token" = Option<String>, Query, description = "The platform's token for this person and block")),
    responses((status = 200, description = "A document for a frame", content_type = "text/html"),
        (status = 400, description = "No such version specifier", content_type = "text/html"),
        (status = 401, description = "The token is not valid", content_type = "text/html"),
        (status = 403, description = "Not for whoever asks", content_type = "text/html"),
        (status = 404, description = "No such block, context or version", content_type = "text/html"))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    headers: HeaderMap,
    identity: Identity,
    Path((usage, view)): Path<(String, String)>,
    options: Result<Query<Options>, axum::extract::rejection::QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(Options { version, show_title, token }) = options?;
    let ((usage, named), view) = (path::versioned(&usage)?, path::view(&view)?);
    let version = match version {
        Some(text) => {
            Some(text.parse::<Version>().map_err(|_| HttpError::bad_request("Invalid version specifier"))?)
        }
        None => named,
    };
    let visitor = match token {
        Some(token) => guest(&state, &headers, &token, &usage).await?,
        None => identity.visitor.clone(),
    };
    let version = version.unwrap_or_else(|| visitor.usual_version());
    let visitor = visitor.on(version);
    let request = ViewRequest { visitor: visitor.clone(), usage, version, view };
    let rendered = state.runtime().view(request).await?;
    let document = FramePage {
        title: &rendered.block.display_name,
        shows_title: show_title,
        locale: &visitor.locale,
        fragment: &rendered.fragment,
        handler_urls: handler_urls(&state, &visitor, &rendered.block.usage, version).await,
        draft: rendered.block.number.filter(|_| view == View::Studio),
        ancestors: state.embed_origins(),
        has_origin: false,
    };
    Ok(identity.answer(&state, document.render(&state)?))
}

async fn guest(
    state: &AppState,
    headers: &HeaderMap,
    token: &str,
    usage: &blockhouse_keys::UsageKey,
) -> Result<Visitor, HttpError> {
    let platform = state
        .platform()
        .ok_or_else(|| HttpError::not_authenticated("this host takes no tokens; it has no `platform`"))?;
    let Member { user, locale: known } = platform.guest(token, usage, state.now_s()).await?;
    Ok(Visitor { user, locale: known.unwrap_or_else(|| locale::of_browser(headers)) })
}
