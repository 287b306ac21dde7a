//! `GET /frame-libraries/{name}.js`: what the front ends of older blocks expect on their page. A host serves what its
//! operator has installed; nothing of it is on a page whose block does not ask for it.

use axum::extract::State;
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use blockhouse_fields::FrameLibrary;

use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

/// Ours: the functions, without any catalogue.
const GETTEXT: &str = include_str!("../../static/gettext.js");

pub(crate) async fn show(
    State(state): State<AppState>,
    Path(name): Path<String>,
) -> Result<Response, HttpError> {
    let library = name
        .strip_suffix(".js")
        .and_then(|name| FrameLibrary::ALL.into_iter().find(|library| library.name() == name))
        .ok_or_else(|| {
            HttpError::not_found(format!("there is no library `{name}` for the pages of blocks"))
        })?;
    let text = match file(library) {
        None => GETTEXT.to_owned(),
        Some(file) => {
            let missing =
                || HttpError::not_found(format!("`{name}` is not installed here; set `frame_libraries`"));
            let path = state.config().frame_libraries.as_ref().ok_or_else(missing)?.join(file);
            tokio::fs::read_to_string(&path).await.map_err(|error| {
                tracing::error!(path = %path.display(), %error, "a library for the pages of blocks cannot be read");
                missing()
            })?
        }
    };
    let headers = [
        (CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (CACHE_CONTROL, "public, max-age=86400"),
        (ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
    ];
    Ok((headers, text).into_response())
}

/// Where npm puts it.
fn file(library: FrameLibrary) -> Option<&'static str> {
    match library {
        FrameLibrary::Jquery => Some("jquery/dist/jquery.min.js"),
        FrameLibrary::Underscore => Some("underscore/underscore-umd-min.js"),
        FrameLibrary::Mathjax => Some("mathjax/es5/tex-svg.js"),
        FrameLibrary::Gettext => None,
    }
}
