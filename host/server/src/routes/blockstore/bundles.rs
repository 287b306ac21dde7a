//! `/api/v1/bundles`.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Json;
use blockhouse_content::bundles::{BundleFilter, BundlePatch, NewBundle};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{Blockstore, Body, json, uuid};
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::{Path, Query};

/// Which bundles to list, in the query; or in the body, because thousands of uuids do not fit into an address.
#[derive(Default, Deserialize, PartialEq, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[schema(as = BundleFilter)]
pub(super) struct Filter {
    /// Separated by commas.
    #[serde(default)]
    uuid: Option<String>,
    #[serde(default)]
    text_search: Option<String>,
    #[serde(rename = "collection__uuid", default)]
    #[param(value_type = Option<String>, format = "uuid")]
    #[schema(value_type = Option<String>, format = "uuid")]
    collection: Option<Uuid>,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewBundle)]
pub(super) struct New {
    #[schema(value_type = String, format = "uuid")]
    collection_uuid: Uuid,
    slug: String,
    title: String,
    #[serde(default)]
    description: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(as = BundlePatch)]
pub(super) struct Patch {
    #[schema(value_type = Option<String>, format = "uuid")]
    collection_uuid: Option<Uuid>,
    slug: Option<String>,
    title: Option<String>,
    description: Option<String>,
}

/// Bundles.
#[utoipa::path(
    get,
    path = "/api/v1/bundles",
    operation_id = "bundles",
    params(Filter),
    request_body(content = Option<Filter>, description = "In place of the query, which cannot hold thousands of uuids"),
    responses((status = 200, description = "Those that are wanted", body = Vec<json::Bundle>))
)]
pub(super) async fn list(
    State(blockstore): State<Blockstore>,
    Query(query): Query<Filter>,
    body: Bytes,
) -> Result<Json<Vec<json::Bundle>>, HttpError> {
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

/// Makes a bundle.
#[utoipa::path(
    post,
    path = "/api/v1/bundles",
    operation_id = "create_bundle",
    request_body= New,
    responses(
        (status = 201, description = "The new bundle", body = json::Bundle),
        (status = 409, description = "There is one of this name", body = Problem),
    )
)]
pub(super) async fn create(
    State(blockstore): State<Blockstore>,
    Body(new): Body<New>,
) -> Result<(StatusCode, Json<json::Bundle>), HttpError> {
    let New { collection_uuid, slug, title, description } = new;
    let new = NewBundle { collection: collection_uuid, slug, title, description };
    let bundle = blockstore.store.create_bundle(new).await.map_err(HttpError::from_body)?;
    Ok((StatusCode::CREATED, Json(blockstore.bundle_json(&bundle))))
}

/// A bundle.
#[utoipa::path(
    get,
    path = "/api/v1/bundles/{uuid}",
    operation_id = "bundle",
    responses((status = 200, description = "The bundle", body = json::Bundle))
)]
pub(super) async fn show(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<Json<json::Bundle>, HttpError> {
    Ok(Json(blockstore.bundle_json(&blockstore.store.bundle(uuid(&id)?).await?)))
}

/// Changes what is said of a bundle.
#[utoipa::path(
    method(put, patch),
    path = "/api/v1/bundles/{uuid}",
    operation_id = "update_bundle",
    request_body= Patch,
    responses(
        (status = 200, description = "The bundle as it is now", body = json::Bundle),
        (status = 409, description = "There is one of this name", body = Problem),
    )
)]
pub(super) async fn update(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
    Body(patch): Body<Patch>,
) -> Result<Json<json::Bundle>, HttpError> {
    let Patch { collection_uuid, slug, title, description } = patch;
    let patch = BundlePatch { collection: collection_uuid, slug, title, description };
    Ok(Json(blockstore.bundle_json(&blockstore.store.update_bundle(uuid(&id)?, patch).await?)))
}

/// The bundle can be restored in the host that keeps it.
#[utoipa::path(
    delete,
    path = "/api/v1/bundles/{uuid}",
    operation_id = "delete_bundle",
    responses((status = 204, description = "It is gone"))
)]
pub(super) async fn delete(
    State(blockstore): State<Blockstore>,
    Path(id): Path<String>,
) -> Result<StatusCode, HttpError> {
    blockstore.store.delete_bundle(uuid(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
