//! `/api/v1/collections`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Json;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Blockstore, Body, json, uuid};
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::Path;

#[derive(Deserialize, ToSchema)]
#[schema(as = CollectionTitle)]
pub(super) struct Titled {
    title: String,
}

/// All collections.
#[utoipa::path(
    get,
    path = "/api/v1/collections",
    operation_id = "collections",
    responses((status = 200, description = "All of them", body = Vec<json::Collection>))
)]
pub(super) async fn list(
    State(blockstore): State<Blockstore>,
) -> Result<Json<Vec<json::Collection>>, HttpError> {
    let found = blockstore.store.collections().await?;
    Ok(Json(found.iter().map(|collection| blockstore.collection_json(collection)).collect()))
}

/// Makes a collection.
#[utoipa::path(
    post,
    path = "/api/v1/collections",
    operation_id = "create_collection",
    request_body= Titled,
    responses((status = 201, description = "The new collection", body = json::Collection))
)]
pub(super) async fn create(
    State(blockstore): State<Blockstore>,
    Body(Titled { title }): Body<Titled>,
) -> Result<(StatusCode, Json<json::Collection>), HttpError> {
    let collection = blockstore.store.create_collection(&title).await?;
    Ok((StatusCode::CREATED, Json(blockstore.collection_json(&collection))))
}

/// A collection.
#[utoipa::path(
    get,
    path = "/api/v1/collections/{uuid}",
    operation_id = "collection",
    responses((status = 200, description = "The collection", body = json::Collection))
)]
pub(super) async fn show(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<Json<json::Collection>, HttpError> {
    Ok(Json(blockstore.collection_json(&blockstore.store.collection(uuid(&id)?).await?)))
}

/// Gives a collection another title.
#[utoipa::path(
    method(put, patch),
    path = "/api/v1/collections/{uuid}",
    operation_id = "rename_collection",
    request_body= Titled,
    responses((status = 200, description = "The collection as it is now", body = json::Collection))
)]
pub(super) async fn rename(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
    Body(Titled { title }): Body<Titled>,
) -> Result<Json<json::Collection>, HttpError> {
    let renamed = blockstore.store.rename_collection(uuid(&id)?, &title).await?;
    Ok(Json(blockstore.collection_json(&renamed)))
}

/// Deletes a collection.
#[utoipa::path(
    delete,
    path = "/api/v1/collections/{uuid}",
    operation_id = "delete_collection",
    responses(
        (status = 204, description = "It is gone"),
        (status = 409, description = "It has bundles in it", body = Problem),
    )
)]
pub(super) async fn delete(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<StatusCode, HttpError> {
    blockstore.store.delete_collection(uuid(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
