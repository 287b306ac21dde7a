//! `/api/v1/bundles`.

use axum::body::Bytes;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Json;
use blockhouse_content::bundles::{BundleFilter, BundlePatch, NewBundle};
use serde::Deserialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Blockstore, Body, uuid};
use crate::error::HttpError;
use crate::path::Path;

/// Which bundles to list, in the query; or in the body, because thousands of uuids do not fit into an address.
#[derive(Default, Deserialize, PartialEq)]
pub(super) struct Filter {
    /// Separated by commas.
    #[serde(default)]
    uuid: Option<String>,
    #[serde(default)]
    text_search: Option<String>,
    #[serde(rename = "collection__uuid", default)]
    collection: Option<Uuid>,
}

#[derive(Deserialize)]
pub(super) struct New {
    collection_uuid: Uuid,
    slug: String,
    title: String,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
pub(super) struct Patch {
    collection_uuid: Option<Uuid>,
    slug: Option<String>,
    title: Option<String>,
    description: Option<String>,
}

pub(super) async fn list(
    State(blockstore): State<Blockstore>,
    Query(query): Query<Filter>,
    body: Bytes,
) -> Result<Json<Vec<Value>>, HttpError> {
    let filter = match serde_json::from_slice(&body) {
        Ok(in_body) if query == Filter::default() => in_body,
        _ => query,
    };
    let uuids = match filter.uuid.as_deref().filter(|list| !list.is_empty()) {
        None => None,
        Some(list) => {
            let uuids: Result<Vec<Uuid>, _> = list.split(',').map(|text| text.trim().parse()).collect();
            Some(uuids.map_err(|_| HttpError::bad_request("`uuid` must be uuids, separated by commas"))?)
        }
    };
    let filter =
        BundleFilter { uuids, collection: filter.collection, text: filter.text_search, deleted: false };
    let found = blockstore.store.bundles(&filter).await?;
    Ok(Json(found.iter().map(|bundle| blockstore.bundle_json(bundle)).collect()))
}

pub(super) async fn create(
    State(blockstore): State<Blockstore>,
    Body(new): Body<New>,
) -> Result<(StatusCode, Json<Value>), HttpError> {
    let New { collection_uuid, slug, title, description } = new;
    let new = NewBundle { collection: collection_uuid, slug, title, description };
    let bundle = blockstore.store.create_bundle(new).await.map_err(HttpError::from_body)?;
    Ok((StatusCode::CREATED, Json(blockstore.bundle_json(&bundle))))
}

pub(super) async fn show(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<Json<Value>, HttpError> {
    Ok(Json(blockstore.bundle_json(&blockstore.store.bundle(uuid(&id)?).await?)))
}

pub(super) async fn update(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
    Body(patch): Body<Patch>,
) -> Result<Json<Value>, HttpError> {
    let Patch { collection_uuid, slug, title, description } = patch;
    let patch = BundlePatch { collection: collection_uuid, slug, title, description };
    Ok(Json(blockstore.bundle_json(&blockstore.store.update_bundle(uuid(&id)?, patch).await?)))
}

/// The bundle can be restored in the host that keeps it.
pub(super) async fn delete(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<StatusCode, HttpError> {
    blockstore.store.delete_bundle(uuid(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
