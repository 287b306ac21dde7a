//! Links of a library to others, whose blocks its own include (spec 7.2, 7.3).

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{Json, Response};
use blockhouse_content::libraries::Link;
use blockhouse_keys::LibraryKey;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::gate::{self, Need};
use crate::account::Account;
use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

/// A link.
#[derive(Serialize, ToSchema)]
#[schema(as = LibraryLink)]
pub(crate) struct Shown {
    /// What includes call it: the value of `source`.
    id: String,
    /// Always null: a library is not a bundle here.
    bundle_uuid: Option<String>,
    /// The library that it leads to.
    opaque_key: String,
    /// The publication of that library.
    version: u64,
    /// The number of that library's latest publication; null: the library is gone.
    latest_version: Option<u64>,
}

/// The links of a library.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/links/",
    operation_id = "library_links",
    responses((status = 200, description = "All of them", body = Vec<Shown>))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Read).await?.key;
    let links = state.runtime().libraries().links(&key).await?;
    let links: Vec<_> = links.into_iter().map(shape).collect();
    Ok(account.answer(&state, Json(links)))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewLibraryLink)]
pub(crate) struct New {
    id: String,
    /// A library that whoever makes the link may read.
    opaque_key: String,
    /// A publication of that library; without it, the latest.
    version: Option<u64>,
}

/// Makes a link.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/{library}/links/",
    operation_id = "create_library_link",
    request_body= New,
    responses((status = 200, description = "The link", body = Shown))
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    new: Result<Json<New>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(new) = new?;
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let to: Result<LibraryKey, _> = new.opaque_key.parse();
    let to = to.map_err(|error| HttpError::invalid("opaque_key", error.to_string()))?;
    let libraries = state.runtime().libraries();
    // Whoever may not read a library must not show it to others, nor learn whether it exists.
    if let Err(error) = gate::library_for(&state, &account, &to, Need::Read).await {
        return Err(match error.status() {
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => {
                HttpError::invalid("opaque_key", format!("there is no library `{to}` that you may read"))
            }
            _ => error,
        });
    }
    libraries.add_link(&key, &new.id, &to, new.version, &account.author()).await?;
    let link = one(&state, &key, &new.id).await?;
    Ok(account.answer(&state, Json(link)))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = LibraryLinkVersion)]
pub(crate) struct Update {
    /// A publication of the library that the link leads to; without it, the latest.
    version: Option<u64>,
}

/// Lets a link lead to another publication.
#[utoipa::path(
    patch,
    path = "/api/libraries/v2/{library}/links/{link}/",
    operation_id = "update_library_link",
    request_body= Update,
    responses((status = 200, description = "The link", body = Shown))
)]
pub(crate) async fn update(
    State(state): State<AppState>,
    account: Account,
    Path((library, link)): Path<(String, String)>,
    update: Result<Json<Update>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(update) = update?;
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let libraries = state.runtime().libraries();
    libraries.update_link(&key, &link, update.version, &account.author()).await?;
    let link = one(&state, &key, &link).await?;
    Ok(account.answer(&state, Json(link)))
}

/// Takes a link away; publishing takes what is included through it from learners.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/{library}/links/{link}/",
    operation_id = "delete_library_link",
    responses((status = 204, description = "It is gone from the draft"))
)]
pub(crate) async fn delete(
    State(state): State<AppState>,
    account: Account,
    Path((library, link)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    state.runtime().libraries().delete_link(&key, &link, &account.author()).await?;
    Ok(account.answer(&state, StatusCode::NO_CONTENT))
}

async fn one(state: &AppState, key: &LibraryKey, id: &str) -> Result<Shown, HttpError> {
    let links = state.runtime().libraries().links(key).await?;
    let link = links.into_iter().find(|link| link.id == id);
    link.map(shape).ok_or_else(|| HttpError::not_found(format!("there is no link `{id}` in this library")))
}

fn shape(link: Link) -> Shown {
    Shown {
        id: link.id,
        bundle_uuid: None,
        opaque_key: link.library.to_string(),
        version: link.version,
        latest_version: link.latest,
    }
}
