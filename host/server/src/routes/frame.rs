//! `GET /frame/{usage}/{credential}/{view}`: the document of a block's frame.
//!
//! Frames have no cookies. Whatever session a browser sends along is not looked at: the address says who looks, and in
//! which language.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::HeaderMap;
use axum::response::Response;
use blockhouse_runtime::{View, ViewRequest, Visitor};
use serde::Deserialize;

use crate::error::HttpError;
use crate::frame_document::{FramePage, handler_urls};
use crate::identity::Credential;
use crate::locale;
use crate::path::{self, Path};
use crate::session::Session;
use crate::state::AppState;

/// What the address may say besides.
#[derive(Deserialize)]
pub(crate) struct Options {
    locale: Option<String>,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    headers: HeaderMap,
    Path((usage, credential, view)): Path<(String, String, String)>,
    options: Result<Query<Options>, QueryRejection>,
) -> Result<Response, HttpError> {
    let ((usage, version), view) = (path::versioned(&usage)?, path::view(&view)?);
    let version = version.unwrap_or_default();
    let user = Credential::parse(&credential)?.authorize(&state, &Session::default(), &usage)?;
    let Query(Options { locale: chosen }) = options?;
    let locale = chosen.filter(|tag| locale::is_locale(tag)).unwrap_or_else(|| locale::of_browser(&headers));
    let has_origin = state.urls().is_frames_home(&headers, &user, &usage);
    let visitor = Visitor { user, locale }.on(version);
    let request = ViewRequest { visitor: visitor.clone(), usage, version, view };
    let rendered = state.runtime().view(request).await?;
    let document = FramePage {
        title: &rendered.block.display_name,
        shows_title: false,
        locale: &visitor.locale,
        fragment: &rendered.fragment,
        handler_urls: handler_urls(&state, &visitor, &rendered.block.usage, version).await,
        draft: rendered.block.number.filter(|_| view == View::Studio),
        ancestors: &[],
        has_origin,
    };
    document.render(&state)
}
