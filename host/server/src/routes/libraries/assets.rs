//! A component's files.

use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{Json, Redirect, Response};
use blockhouse_content::libraries::LibraryFile;
use blockhouse_keys::UsageKey;
use blockhouse_runtime::Urls;
use serde::Serialize;
use utoipa::ToSchema;

use super::gate::{self, Need};
use crate::account::Account;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::Path;
use crate::state::AppState;

/// A file.
#[derive(Serialize, ToSchema)]
#[schema(as = LibraryFile)]
pub(crate) struct File {
    /// With `static/` before it.
    path: String,
    url: String,
    size: u64,
}

/// Files.
#[derive(Serialize, ToSchema)]
#[schema(as = LibraryFiles)]
pub(crate) struct Files {
    files: Vec<File>,
}

/// The form in which a file is sent. Only described here: it is read part by part.
#[derive(ToSchema)]
#[schema(as = FileUpload)]
#[expect(dead_code, reason = "it stands for the parts of a form")]
pub(crate) struct Upload {
    #[schema(value_type = String, format = Binary)]
    content: Vec<u8>,
}

/// The files of a component.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/blocks/{usage}/assets/",
    operation_id = "library_block_files",
    responses((status = 200, description = "All of them", body = Files))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Read).await?;
    let files = state.runtime().libraries().files(&usage).await?;
    let files: Vec<_> = files.iter().map(|file| shape(&state, &usage, file)).collect();
    Ok(account.answer(&state, Json(Files { files })))
}

/// The address of a file.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/blocks/{usage}/assets/{path}",
    operation_id = "library_block_file",
    responses((status = 303, description = "Where it is"))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path((usage, path)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Read).await?;
    let files = state.runtime().libraries().files(&usage).await?;
    let file = files.iter().find(|file| file.path == path);
    let file = file.ok_or_else(|| HttpError::not_found(format!("the component has no file `{path}`")))?;
    Ok(account.answer(&state, Redirect::to(&url(&state, &usage, file))))
}

/// Puts a file there, or another in its place.
#[utoipa::path(
    put,
    path = "/api/libraries/v2/blocks/{usage}/assets/{path}",
    operation_id = "put_library_block_file",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, description = "The file", body = File))
)]
pub(crate) async fn upload(
    State(state): State<AppState>,
    account: Account,
    Path((usage, path)): Path<(String, String)>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Edit).await?;
    let mut form = form.map_err(|error| HttpError::bad_request(error.body_text()))?;
    while let Some(field) = form.next_field().await? {
        if field.name() == Some("content") {
            let data = field.bytes().await?;
            let libraries = state.runtime().libraries();
            let file = libraries.add_file(&usage, &path, &data, &account.author()).await?;
            return Ok(account.answer(&state, Json(shape(&state, &usage, &file))));
        }
    }
    Err(HttpError::invalid("content", "No file was submitted."))
}

/// Takes a file away.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/blocks/{usage}/assets/{path}",
    operation_id = "delete_library_block_file",
    responses(
        (status = 204, description = "It is gone"),
        (status = 400, description = "No path that a file can have", body = Problem),
    )
)]
pub(crate) async fn delete(
    State(state): State<AppState>,
    account: Account,
    Path((usage, path)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Edit).await?;
    state.runtime().libraries().delete_file(&usage, &path, &account.author()).await?;
    Ok(account.answer(&state, StatusCode::NO_CONTENT))
}

fn shape(state: &AppState, usage: &UsageKey, file: &LibraryFile) -> File {
    File { path: file.path.clone(), url: url(state, usage, file), size: file.size }
}

fn url(state: &AppState, usage: &UsageKey, file: &LibraryFile) -> String {
    let name = file.path.strip_prefix("static/").unwrap_or(&file.path);
    state.urls().file_url(usage, &file.digest.to_hex(), name)
}
