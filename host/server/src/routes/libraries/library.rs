//! Libraries themselves.

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::response::{Json, Response};
use blockhouse_content::Access;
use blockhouse_content::libraries::{LibraryFilter, LibraryPatch, NewLibrary, may_create};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::gate::{self, Need};
use super::page::{Page, Wanted};
use super::shape;
use crate::account::Account;
use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

/// Libraries, with or without what is said of the page.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Listed {
    /// With `pagination`.
    Page(Page<shape::Library>),
    /// Without.
    Plain(Vec<shape::Library>),
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Search {
    /// The organisation.
    org: Option<String>,
    /// Words of the title, the description or the key.
    text_search: Option<String>,
    /// `title`, `created` or `updated`; `-` before it for the other way round.
    order: Option<String>,
    /// `true` for pages.
    pagination: Option<String>,
    /// From 1.
    page: Option<usize>,
    /// How many entries; at most 500.
    page_size: Option<usize>,
}

/// The libraries that whoever asks may read.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/",
    operation_id = "libraries",
    params(Search),
    responses((status = 200, description = "A page of libraries, or all of them in a plain list when `pagination` is not set", body = Listed))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    account: Account,
    search: Result<Query<Search>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(search) = search?;
    let libraries = state.runtime().libraries();
    let filter = LibraryFilter { org: search.org, text: search.text_search, order: search.order };
    let mut shown = Vec::new();
    for library in libraries.libraries(&filter).await? {
        let access = libraries.access(&library, &account.person).await?;
        if access.blocks >= Access::Read {
            shown.push(shape::library(&library, libraries.counts(&library).await?, access));
        }
    }
    let wanted = Wanted { page: search.page, page_size: search.page_size };
    let page = Page::of(shown, wanted, "/api/libraries/v2/");
    // Without pagination the list is one page all the same (spec 7.3).
    let body = match search.pagination.as_deref() {
        Some("true" | "True" | "1") => Listed::Page(page),
        _ => Listed::Plain(page.results),
    };
    Ok(account.answer(&state, Json(body)))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewLibrary)]
pub(crate) struct New {
    org: String,
    slug: String,
    title: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    license: String,
    #[serde(default)]
    allow_public_learning: bool,
    #[serde(default)]
    allow_public_read: bool,
}

/// Makes a library.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/",
    operation_id = "create_library",
    request_body= New,
    responses((status = 200, description = "The new library", body = shape::Library))
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    account: Account,
    new: Result<Json<New>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(new) = new?;
    if !may_create(&account.person) {
        return Err(HttpError::forbidden("You do not have permission to create libraries."));
    }
    let new = NewLibrary {
        org: new.org,
        slug: new.slug,
        title: new.title,
        description: new.description,
        license: new.license,
        allow_public_learning: new.allow_public_learning,
        allow_public_read: new.allow_public_read,
    };
    let library = state.runtime().libraries().create_library(new, &account.author()).await?;
    let body = described(&state, &account, library.key.as_str()).await?;
    Ok(account.answer(&state, Json(body)))
}

/// A library.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/",
    operation_id = "library",
    responses((status = 200, description = "The library", body = shape::Library))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let body = described(&state, &account, &library).await?;
    Ok(account.answer(&state, Json(body)))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = LibraryPatch)]
pub(crate) struct Patch {
    title: Option<String>,
    description: Option<String>,
    license: Option<String>,
    allow_public_learning: Option<bool>,
    allow_public_read: Option<bool>,
}

/// Changes what is said of a library.
#[utoipa::path(
    patch,
    path = "/api/libraries/v2/{library}/",
    operation_id = "update_library",
    request_body= Patch,
    responses((status = 200, description = "The library as it is now", body = shape::Library))
)]
pub(crate) async fn update(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    patch: Result<Json<Patch>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(patch) = patch?;
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let patch = LibraryPatch {
        title: patch.title,
        description: patch.description,
        license: patch.license,
        allow_public_learning: patch.allow_public_learning,
        allow_public_read: patch.allow_public_read,
    };
    state.runtime().libraries().update_library(&key, patch, &account.author()).await?;
    let body = described(&state, &account, &library).await?;
    Ok(account.answer(&state, Json(body)))
}

/// Deletes a library with everything in it.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/{library}/",
    operation_id = "delete_library",
    responses((status = 200, description = "It is gone", body = shape::Empty))
)]
pub(crate) async fn delete(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Manage).await?.key;
    state.runtime().libraries().delete_library(&key, &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}

/// A type of blocks.
#[derive(Serialize, ToSchema)]
pub(crate) struct BlockType {
    block_type: String,
    display_name: String,
}

/// The types of which the library can have components.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/block_types/",
    operation_id = "library_block_types",
    responses((status = 200, description = "The types by name", body = Vec<BlockType>))
)]
pub(crate) async fn block_types(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    gate::library(&state, &account, &library, Need::Read).await?;
    let mut types = state.runtime().installed();
    types.sort_by(|one, other| one.name.cmp(&other.name));
    let types: Vec<_> = types
        .iter()
        .map(|entry| BlockType { block_type: entry.name.clone(), display_name: entry.display_name.clone() })
        .collect();
    Ok(account.answer(&state, Json(types)))
}

async fn described(state: &AppState, account: &Account, key: &str) -> Result<shape::Library, HttpError> {
    let library = gate::library(state, account, key, Need::Read).await?;
    let libraries = state.runtime().libraries();
    let access = libraries.access(&library, &account.person).await?;
    Ok(shape::library(&library, libraries.counts(&library).await?, access))
}
