//! `GET /xblock/resource/{block_type}/{digest}/{path}`: a file of a block's package (spec 3.11.5). The digest makes the
//! address that of one version, so browsers may keep it.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

pub(crate) async fn show(
    State(state): State<AppState>,
    Path((block_type, digest, path)): Path<(String, String, String)>,
) -> Result<Response, HttpError> {
    let file = state.runtime().resource(&block_type, &digest, &path).await.ok_or_else(|| {
        HttpError::not_found(format!("the block type `{block_type}` has no file `{path}` here"))
    })?;
    let mime = mime_guess::from_path(&path).first_or_octet_stream().to_string();
    let headers = [(CONTENT_TYPE, mime), (CACHE_CONTROL, "public, max-age=31536000, immutable".to_owned())];
    Ok((headers, file.to_vec()).into_response())
}
