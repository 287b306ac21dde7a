//! `/api/v1/collections`.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Json;
use serde::Deserialize;
use serde_json::Value;

use super::{Blockstore, Body, uuid};
use crate::error::HttpError;
use crate::path::Path;

#[derive(Deserialize)]
pub(super) struct Titled {
    title: String,
}

pub(super) async fn list(State(blockstore): State<Blockstore>) -> Result<Json<Vec<Value>>, HttpError> {
    let found = blockstore.store.collections().await?;
    Ok(Json(found.iter().map(|collection| blockstore.collection_json(collection)).collect()))
}

pub(super) async fn create(
    State(blockstore): State<Blockstore>,
    Body(Titled { title }): Body<Titled>,
) -> Result<(StatusCode, Json<Value>), HttpError> {
    let collection = blockstore.store.create_collection(&title).await?;
    Ok((StatusCode::CREATED, Json(blockstore.collection_json(&collection))))
}

pub(super) async fn show(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<Json<Value>, HttpError> {
    Ok(Json(blockstore.collection_json(&blockstore.store.collection(uuid(&id)?).await?)))
}

pub(super) async fn rename(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
    Body(Titled { title }): Body<Titled>,
) -> Result<Json<Value>, HttpError> {
    let renamed = blockstore.store.rename_collection(uuid(&id)?, &title).await?;
    Ok(Json(blockstore.collection_json(&renamed)))
}

pub(super) async fn delete(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<StatusCode, HttpError> {
    blockstore.store.delete_collection(uuid(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
