//! Where a component or container stands in its library (spec 7.3).

use axum::extract::State;
use axum::response::{Json, Response};
use blockhouse_content::libraries::HierarchyItem;
use serde::Serialize;
use utoipa::ToSchema;

use super::gate::{self, Need};
use crate::account::Account;
use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

/// Where something stands: what holds it and what it holds, by level. It stands on its own level itself.
#[derive(Serialize, ToSchema)]
#[schema(as = LibraryHierarchy)]
pub(crate) struct Shown {
    /// What was asked for.
    object_key: String,
    sections: Vec<Item>,
    subsections: Vec<Item>,
    units: Vec<Item>,
    components: Vec<Item>,
    /// Of a component: the components whose OLX includes it.
    included_by: Vec<Item>,
    /// Of a component: those of the library that its OLX includes.
    includes: Vec<Item>,
}

/// A component or container.
#[derive(Serialize, ToSchema)]
#[schema(as = LibraryHierarchyItem)]
pub(crate) struct Item {
    id: String,
    display_name: String,
    has_unpublished_changes: bool,
}

/// Where a component stands.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/blocks/{usage}/hierarchy/",
    operation_id = "library_block_hierarchy",
    responses((status = 200, description = "What holds it", body = Shown))
)]
pub(crate) async fn of_block(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Read).await?;
    let shown = show(&state, usage.as_str()).await?;
    Ok(account.answer(&state, Json(shown)))
}

/// Where a container stands.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/containers/{container}/hierarchy/",
    operation_id = "library_container_hierarchy",
    responses((status = 200, description = "What holds it, and what it holds", body = Shown))
)]
pub(crate) async fn of_container(
    State(state): State<AppState>,
    account: Account,
    Path(container): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::container(&state, &account, &container, Need::Read).await?;
    let shown = show(&state, key.as_str()).await?;
    Ok(account.answer(&state, Json(shown)))
}

async fn show(state: &AppState, key: &str) -> Result<Shown, HttpError> {
    let found = state.runtime().libraries().hierarchy(key).await?;
    let level = |name: &str| {
        let of_level = found.containers.iter().filter(|item| item.type_name == name);
        of_level.map(item).collect()
    };
    Ok(Shown {
        object_key: key.to_owned(),
        sections: level("section"),
        subsections: level("subsection"),
        units: level("unit"),
        components: found.components.iter().map(item).collect(),
        included_by: found.included_by.iter().map(item).collect(),
        includes: found.includes.iter().map(item).collect(),
    })
}

fn item(item: &HierarchyItem) -> Item {
    Item {
        id: item.key.clone(),
        display_name: item.title.clone(),
        has_unpublished_changes: item.has_unpublished_changes,
    }
}
