//! `/api/v1/bundle_versions`.

use axum::extract::State;
use axum::response::Json;
use blockhouse_content::bundles::{BundleFilter, Tree};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::{Blockstore, json, uuid};
use crate::error::HttpError;
use crate::path::{Path, Query};

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Filter {
    #[serde(rename = "bundle__uuid")]
    #[param(value_type = Option<String>, format = "uuid")]
    bundle: Option<Uuid>,
    #[serde(rename = "bundle__collection__uuid")]
    #[param(value_type = Option<String>, format = "uuid")]
    collection: Option<Uuid>,
}

/// Versions of bundles.
#[utoipa::path(
    get,
    path = "/api/v1/bundle_versions",
    operation_id = "bundle_versions",
    params(Filter),
    responses((status = 200, description = "Those that are wanted", body = Vec<json::Version>))
)]
pub(super) async fn list(
    State(blockstore): State<Blockstore>,
    Query(filter): Query<Filter>,
) -> Result<Json<Vec<json::Version>>, HttpError> {
    let bundles = BundleFilter {
        uuids: filter.bundle.map(|uuid| vec![uuid]),
        collection: filter.collection,
        ..BundleFilter::default()
    };
    let mut shown = Vec::new();
    for bundle in blockstore.store.bundles(&bundles).await? {
        for version in blockstore.store.versions(bundle.uuid).await? {
            shown.push(blockstore.version_json(bundle.uuid, version.number, &version.description));
        }
    }
    Ok(Json(shown))
}

/// The address is `UUID,NUMBER`.
#[utoipa::path(
    get,
    path = "/api/v1/bundle_versions/{version}",
    operation_id = "bundle_version",
    responses((status = 200, description = "The version with its files and links", body = json::WholeVersion))
)]
pub(super) async fn show(
    State(blockstore): State<Blockstore>,
    Path(address): Path<String>,
) -> Result<Json<json::WholeVersion>, HttpError> {
    let nothing = || HttpError::not_found("there is nothing at this address");
    let (bundle, number) = address.split_once(',').ok_or_else(nothing)?;
    let (bundle, number) = (uuid(bundle)?, number.parse().map_err(|_| nothing())?);
    // A bundle that was deleted is not shown any more, though its versions stay readable to whoever links to them here.
    blockstore.store.bundle(bundle).await?;
    let version = blockstore.store.version(bundle, number).await?;
    let tree = Tree::Version { bundle, number };
    let files = blockstore.store.files(tree, None).await?;
    let links = blockstore.store.links(tree).await?;
    Ok(Json(blockstore.snapshot_json(&version, &files, &links)))
}
