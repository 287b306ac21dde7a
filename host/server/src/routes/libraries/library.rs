//! Libraries themselves.

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Json, Response};
use blockhouse_content::Access;
use blockhouse_content::libraries::{LibraryFilter, LibraryPatch, NewLibrary, may_create};
use serde::Deserialize;
use serde_json::{Value, json};

use super::gate::{Need, library_for, library_key};
use super::page::{Page, Wanted};
use super::shape;
use crate::account::Account;
use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

#[derive(Deserialize)]
pub(crate) struct Search {
    org: Option<String>,
    text_search: Option<String>,
    order: Option<String>,
    pagination: Option<String>,
    page: Option<usize>,
    page_size: Option<usize>,
}

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
        Some("true" | "True" | "1") => Json(page).into_response(),
        _ => Json(page.results).into_response(),
    };
    Ok(account.answer(&state, body))
}

#[derive(Deserialize)]
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

pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let body = described(&state, &account, &library).await?;
    Ok(account.answer(&state, Json(body)))
}

#[derive(Deserialize)]
pub(crate) struct Patch {
    title: Option<String>,
    description: Option<String>,
    license: Option<String>,
    allow_public_learning: Option<bool>,
    allow_public_read: Option<bool>,
}

pub(crate) async fn update(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    patch: Result<Json<Patch>, JsonRejection>,
) -> Result<Response, HttpError> {
    let (key, Json(patch)) = (library_key(&library)?, patch?);
    library_for(&state, &account, &key, Need::Edit).await?;
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

pub(crate) async fn delete(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let key = library_key(&library)?;
    library_for(&state, &account, &key, Need::Manage).await?;
    state.runtime().libraries().delete_library(&key, &account.author()).await?;
    Ok(account.answer(&state, Json(json!({}))))
}

pub(crate) async fn block_types(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    library_for(&state, &account, &library_key(&library)?, Need::Read).await?;
    let mut types: Vec<_> =
        state.runtime().installed().into_iter().filter(|definition| !definition.has_children).collect();
    types.sort_by(|one, other| one.name.cmp(&other.name));
    let types: Vec<Value> = types
        .iter()
        .map(|definition| json!({ "block_type": definition.name, "display_name": definition.display_name }))
        .collect();
    Ok(account.answer(&state, Json(types)))
}

async fn described(state: &AppState, account: &Account, key: &str) -> Result<Value, HttpError> {
    let library = library_for(state, account, &library_key(key)?, Need::Read).await?;
    let libraries = state.runtime().libraries();
    let access = libraries.access(&library, &account.person).await?;
    Ok(shape::library(&library, libraries.counts(&library).await?, access))
}
