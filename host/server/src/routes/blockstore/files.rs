//! `GET /api/v1/files/{tree}/{signature}/{path}`: one file of a version or a draft, to whoever was given the address.

use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use axum::response::{IntoResponse, Response};
use blockhouse_content::bundles::Tree;

use super::{Blockstore, uuid};
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::Path;

/// Versions never change; their files need not be asked for again as long as the address is good.
const IMMUTABLE: &str = "private, max-age=172800, immutable";

/// A file, to whoever was given its address.
#[utoipa::path(
    get,
    path = "/api/v1/files/{tree}/{signature}/{path}",
    operation_id = "bundle_file",
    responses(
        (status = 200, description = "The file, with the media type of its name"),
        (status = 403, description = "The address is not valid any more", body = Problem),
    ),
    security(())
)]
pub(super) async fn show(
    State(blockstore): State<Blockstore>,
    Path((tree, signature, path)): Path<(String, String, String)>,
) -> Result<Response, HttpError> {
    if !blockstore.is_signed(&tree, &path, &signature) {
        return Err(HttpError::forbidden("this address is not valid any more; ask for the file list again"));
    }
    let (tree, caching) = match tree.split_once(',') {
        Some((bundle, number)) => {
            let number =
                number.parse().map_err(|_| HttpError::not_found("there is nothing at this address"))?;
            (Tree::Version { bundle: uuid(bundle)?, number }, IMMUTABLE)
        }
        None => (Tree::Draft(uuid(&tree)?), "private, no-cache"),
    };
    let path = path.parse()?;
    let (file, contents) = blockstore.store.read(tree, &path).await?;
    let kind = mime_guess::from_path(file.path.as_str()).first_or_octet_stream();
    let headers = [
        (CONTENT_TYPE, kind.as_ref().to_owned()),
        (ETAG, format!("\"{}\"", file.digest)),
        (CACHE_CONTROL, caching.to_owned()),
        // An author's file is never shown as a page of this host.
        (CONTENT_DISPOSITION, "attachment".to_owned()),
    ];
    Ok((headers, contents).into_response())
}
