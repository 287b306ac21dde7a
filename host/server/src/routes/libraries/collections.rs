//! Collections of a library.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{Json, Response};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::gate::{self, Need};
use super::shape;
use crate::account::Account;
use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

/// The collections of a library.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/collections/",
    operation_id = "library_collections",
    responses((status = 200, description = "All of them", body = Vec<shape::Collection>))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Read).await?.key;
    let collections = state.runtime().libraries().collections(&key).await?;
    let collections: Vec<_> = collections.iter().map(shape::collection).collect();
    Ok(account.answer(&state, Json(collections)))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewLibraryCollection)]
pub(crate) struct New {
    title: String,
    #[serde(default)]
    description: String,
}

/// Makes a collection.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/{library}/collections/",
    operation_id = "create_library_collection",
    request_body= New,
    responses((status = 200, description = "The new collection", body = shape::Collection))
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    new: Result<Json<New>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(new) = new?;
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let made = state
        .runtime()
        .libraries()
        .create_collection(&key, &new.title, &new.description, &account.author())
        .await?;
    Ok(account.answer(&state, Json(shape::collection(&made))))
}

/// A collection.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/collections/{collection}/",
    operation_id = "library_collection",
    responses((status = 200, description = "The collection", body = shape::Collection))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path((library, collection)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Read).await?.key;
    let found = state.runtime().libraries().collection(&key, &collection).await?;
    Ok(account.answer(&state, Json(shape::collection(&found))))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = LibraryCollectionPatch)]
pub(crate) struct Patch {
    title: Option<String>,
    description: Option<String>,
}

/// Changes what is said of a collection.
#[utoipa::path(
    patch,
    path = "/api/libraries/v2/{library}/collections/{collection}/",
    operation_id = "update_library_collection",
    request_body= Patch,
    responses((status = 200, description = "The collection as it is now", body = shape::Collection))
)]
pub(crate) async fn update(
    State(state): State<AppState>,
    account: Account,
    Path((library, collection)): Path<(String, String)>,
    patch: Result<Json<Patch>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(patch) = patch?;
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let (title, description) = (patch.title.as_deref(), patch.description.as_deref());
    let changed = state
        .runtime()
        .libraries()
        .update_collection(&key, &collection, title, description, &account.author())
        .await?;
    Ok(account.answer(&state, Json(shape::collection(&changed))))
}

/// Deletes a collection; what was in it stays in the library.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/{library}/collections/{collection}/",
    operation_id = "delete_library_collection",
    responses((status = 204, description = "It is gone"))
)]
pub(crate) async fn delete(
    state: State<AppState>,
    account: Account,
    path: Path<(String, String)>,
) -> Result<Response, HttpError> {
    enable(state, account, path, false).await
}

/// Brings a deleted collection back.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/{library}/collections/{collection}/restore/",
    operation_id = "restore_library_collection",
    responses((status = 204, description = "It is there again"))
)]
pub(crate) async fn restore(
    state: State<AppState>,
    account: Account,
    path: Path<(String, String)>,
) -> Result<Response, HttpError> {
    enable(state, account, path, true).await
}

async fn enable(
    State(state): State<AppState>,
    account: Account,
    Path((library, collection)): Path<(String, String)>,
    enabled: bool,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    state.runtime().libraries().enable_collection(&key, &collection, enabled, &account.author()).await?;
    Ok(account.answer(&state, StatusCode::NO_CONTENT))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = CollectionItems)]
pub(crate) struct Items {
    usage_keys: Vec<String>,
}

/// A number of things.
#[derive(Serialize, ToSchema)]
pub(crate) struct Count {
    count: usize,
}

/// Puts components and containers into a collection.
#[utoipa::path(
    patch,
    path = "/api/libraries/v2/{library}/collections/{collection}/items/",
    operation_id = "add_to_library_collection",
    request_body= Items,
    responses((status = 200, description = "How many changed", body = Count))
)]
pub(crate) async fn add(
    state: State<AppState>,
    account: Account,
    path: Path<(String, String)>,
    items: Result<Json<Items>, JsonRejection>,
) -> Result<Response, HttpError> {
    change(state, account, path, items?.0, true).await
}

/// Takes components and containers out of a collection.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/{library}/collections/{collection}/items/",
    operation_id = "remove_from_library_collection",
    request_body= Items,
    responses((status = 200, description = "How many changed", body = Count))
)]
pub(crate) async fn remove(
    state: State<AppState>,
    account: Account,
    path: Path<(String, String)>,
    items: Result<Json<Items>, JsonRejection>,
) -> Result<Response, HttpError> {
    change(state, account, path, items?.0, false).await
}

async fn change(
    State(state): State<AppState>,
    account: Account,
    Path((library, collection)): Path<(String, String)>,
    items: Items,
    add: bool,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let libraries = state.runtime().libraries();
    let count = libraries.change_items(&key, &collection, &items.usage_keys, add, &account.author()).await?;
    Ok(account.answer(&state, Json(Count { count })))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = CollectionsOfBlock)]
pub(crate) struct OfBlock {
    collection_keys: Vec<String>,
}

/// Puts a component into these collections and takes it out of all others.
#[utoipa::path(
    patch,
    path = "/api/libraries/v2/blocks/{usage}/collections/",
    operation_id = "set_library_block_collections",
    request_body= OfBlock,
    responses((status = 200, description = "In how many it is", body = Count))
)]
pub(crate) async fn of_block(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    wanted: Result<Json<OfBlock>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(wanted) = wanted?;
    let usage = gate::component(&state, &account, &usage, Need::Edit).await?;
    let library = gate::library_of(&usage)?;
    let libraries = state.runtime().libraries();
    let item = [usage.to_string()];
    let had = libraries.component(&usage).await?.collections;
    for collection in &wanted.collection_keys {
        libraries.collection(library, collection).await?;
    }
    for (collection, _) in had.iter().filter(|(key, _)| !wanted.collection_keys.contains(key)) {
        libraries.change_items(library, collection, &item, false, &account.author()).await?;
    }
    for collection in &wanted.collection_keys {
        libraries.change_items(library, collection, &item, true, &account.author()).await?;
    }
    Ok(account.answer(&state, Json(Count { count: wanted.collection_keys.len() })))
}
