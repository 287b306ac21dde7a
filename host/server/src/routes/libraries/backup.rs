//! Backup and restore of a library as a zip (spec 7.3, 7.6.10).
//!
//! Other platforms do this in the background, so the answers name a task. Here the work is done when it is asked for, and
//! a task is only a name: asking for its state needs nothing to be remembered, on whichever host one asks.

use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Multipart, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Json, Response};
use blockhouse_content::libraries::{Library, Link, may_create};
use blockhouse_keys::LibraryKey;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::gate::{self, Need};
use crate::account::Account;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::Path;
use crate::state::AppState;
use crate::urls;

/// How every task ends here.
const SUCCEEDED: &str = "Succeeded";

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Task {
    /// The name of the task, as whoever began it was told.
    task_id: String,
}

/// A task that was begun.
#[derive(Serialize, ToSchema)]
pub(crate) struct Begun {
    task_id: String,
}

/// A backup.
#[derive(Serialize, ToSchema)]
pub(crate) struct BackedUp {
    state: &'static str,
    url: String,
}

/// A restoration.
#[derive(Serialize, ToSchema)]
pub(crate) struct Restored {
    state: &'static str,
    result: RestoredLibrary,
}

/// The library that a backup has become.
#[derive(Serialize, ToSchema)]
pub(crate) struct RestoredLibrary {
    key: String,
    archive_key: String,
    title: String,
    org: String,
    slug: String,
    /// The links that lead nowhere yet: restore the other library too, or change or delete the link.
    dead_links: Vec<DeadLink>,
}

/// A link to a library, or to a publication of it, that is not there.
#[derive(Serialize, ToSchema)]
pub(crate) struct DeadLink {
    id: String,
    opaque_key: String,
    version: u64,
}

/// The form in which a backup is sent. Only described here: it is read part by part.
#[derive(ToSchema)]
#[schema(as = BackupUpload)]
#[expect(dead_code, reason = "it stands for the parts of a form")]
pub(crate) struct Upload {
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// With `slug`: restores it under another key.
    org: Option<String>,
    slug: Option<String>,
}

/// Begins a backup.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/{library}/backup/",
    operation_id = "begin_library_backup",
    responses((status = 200, description = "The name of the task", body = Begun))
)]
pub(crate) async fn begin(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let library = gate::library(&state, &account, &library, Need::Edit).await?;
    Ok(account.answer(&state, Json(Begun { task_id: library.key.to_string() })))
}

/// How far a backup is.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/backup/",
    operation_id = "library_backup",
    params(Task),
    responses((status = 200, description = "Where the file is", body = BackedUp))
)]
pub(crate) async fn state(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    task: Result<Query<Task>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(task) = task?;
    let library = gate::library(&state, &account, &library, Need::Edit).await?;
    if task.task_id != library.key.as_str() {
        return Err(HttpError::not_found(format!("there is no task `{}`", task.task_id)));
    }
    let url = format!("{}{}", state.urls().origin(), urls::backup(&library.key));
    Ok(account.answer(&state, Json(BackedUp { state: SUCCEEDED, url })))
}

/// The file itself, as the library is now.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/backup/file/",
    operation_id = "library_backup_file",
    responses((status = 200, description = "A zip", content_type = "application/zip"))
)]
pub(crate) async fn download(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let library = gate::library(&state, &account, &library, Need::Edit).await?;
    let failed = |error: std::io::Error| HttpError::internal(format!("a backup cannot be written: {error}"));
    let folder = tempfile::tempdir().map_err(failed)?;
    let file = folder.path().join("backup.zip");
    state.runtime().libraries().backup(&library.key, &file, &account.author()).await?;
    let bytes = tokio::fs::read(&file).await.map_err(failed)?;
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("application/zip")),
        (CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"library.zip\"")),
    ];
    Ok(account.answer(&state, (headers, bytes).into_response()))
}

/// Takes a form with the zip as `file`, and `org` and `slug` to restore it under another key.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/restore/",
    operation_id = "restore_library",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, description = "The name of the task", body = Begun))
)]
pub(crate) async fn restore(
    State(state): State<AppState>,
    account: Account,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, HttpError> {
    if !may_create(&account.person) {
        return Err(HttpError::forbidden("You do not have permission to create libraries."));
    }
    let mut form = form.map_err(|error| HttpError::bad_request(error.body_text()))?;
    let failed = |error: std::io::Error| HttpError::internal(format!("an upload cannot be written: {error}"));
    let folder = tempfile::tempdir().map_err(failed)?;
    let file = folder.path().join("backup.zip");
    let (mut uploaded, mut org, mut slug) = (false, None, None);
    while let Some(field) = form.next_field().await? {
        match field.name() {
            Some("file") => {
                tokio::fs::write(&file, field.bytes().await?).await.map_err(failed)?;
                uploaded = true;
            }
            Some("org") => org = Some(field.text().await?),
            Some("slug") => slug = Some(field.text().await?),
            _ => {}
        }
    }
    if !uploaded {
        return Err(HttpError::invalid("file", "No file was submitted."));
    }
    let under = match (org, slug) {
        (Some(org), Some(slug)) => Some(
            LibraryKey::new(&org, &slug).map_err(|error| HttpError::invalid("slug", error.to_string()))?,
        ),
        _ => None,
    };
    let libraries = state.runtime().libraries();
    let library = libraries.restore(&file, under.as_ref(), &account.author()).await?;
    Ok(account.answer(&state, Json(Begun { task_id: library.key.to_string() })))
}

/// How far a restoration is.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/restore/",
    operation_id = "restored_library",
    params(Task),
    responses(
        (status = 200, description = "What has become of it", body = Restored),
        (status = 404, description = "No such task", body = Problem),
    )
)]
pub(crate) async fn restored(
    State(state): State<AppState>,
    account: Account,
    task: Result<Query<Task>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(task) = task?;
    let library = gate::library(&state, &account, &task.task_id, Need::Edit).await?;
    let links = state.runtime().libraries().links(&library.key).await?;
    Ok(account.answer(&state, Json(Restored { state: SUCCEEDED, result: result(&library, links) })))
}

fn result(library: &Library, links: Vec<Link>) -> RestoredLibrary {
    let dead = links.into_iter().filter(Link::is_dead).map(|link| DeadLink {
        id: link.id,
        opaque_key: link.library.to_string(),
        version: link.version,
    });
    RestoredLibrary {
        key: library.key.to_string(),
        archive_key: library.key.to_string(),
        title: library.title.clone(),
        org: library.key.org().to_owned(),
        slug: library.key.slug().to_owned(),
        dead_links: dead.collect(),
    }
}
