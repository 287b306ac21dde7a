//! `GET /files/{usage}/{hash}/{name}`: a file of a library's block (spec 3.11). The hash names the bytes, so an answer
//! holds for ever; and only who has seen a view of the block, or the file itself, knows it.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue};
use axum::response::{IntoResponse, Response};

use crate::error::HttpError;
use crate::path::{self, Path};
use crate::state::AppState;

pub(crate) async fn show(
    State(state): State<AppState>,
    Path((usage, hash, name)): Path<(String, String, String)>,
) -> Result<Response, HttpError> {
    let bytes = state.runtime().libraries().file_bytes(&path::usage(&usage)?, &hash).await?;
    let mime = mime_guess::from_path(&name).first_or_octet_stream();
    let mime = HeaderValue::try_from(mime.as_ref())
        .map_err(|error| HttpError::internal(format!("a media type is no header: {error}")))?;
    let headers: [(HeaderName, HeaderValue); 2] = [
        (CONTENT_TYPE, mime),
        (CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, bytes).into_response())
}
