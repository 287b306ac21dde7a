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
use blockhouse_content::libraries::{Library, may_create};
use blockhouse_keys::LibraryKey;
use serde::Deserialize;
use serde_json::{Value, json};

use super::gate::{Need, library_for, library_key};
use crate::account::Account;
use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;
use crate::urls;

#[derive(Deserialize)]
pub(crate) struct Task {
    task_id: String,
}

pub(crate) async fn begin(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let library = library_for(&state, &account, &library_key(&library)?, Need::Edit).await?;
    Ok(account.answer(&state, Json(json!({ "task_id": library.key.as_str() }))))
}

pub(crate) async fn state(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    task: Result<Query<Task>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(task) = task?;
    let library = library_for(&state, &account, &library_key(&library)?, Need::Edit).await?;
    if task.task_id != library.key.as_str() {
        return Err(HttpError::not_found(format!("there is no task `{}`", task.task_id)));
    }
    let url = format!("{}{}", state.urls().origin(), urls::backup(&library.key));
    Ok(account.answer(&state, Json(json!({ "state": "Succeeded", "url": url }))))
}

/// The file itself, as the library is now.
pub(crate) async fn download(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let library = library_for(&state, &account, &library_key(&library)?, Need::Edit).await?;
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
    Ok(account.answer(&state, Json(json!({ "task_id": library.key.as_str() }))))
}

pub(crate) async fn restored(
    State(state): State<AppState>,
    account: Account,
    task: Result<Query<Task>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(task) = task?;
    let library = library_for(&state, &account, &library_key(&task.task_id)?, Need::Edit).await?;
    Ok(account.answer(&state, Json(json!({ "state": "Succeeded", "result": result(&library) }))))
}

fn result(library: &Library) -> Value {
    json!({
        "key": library.key.as_str(),
        "archive_key": library.key.as_str(),
        "title": library.title,
        "org": library.key.org(),
        "slug": library.key.slug(),
    })
}
