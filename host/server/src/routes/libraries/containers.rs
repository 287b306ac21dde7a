//! Containers of a library: units, subsections and sections.

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Json, Response};
use blockhouse_content::libraries::{ContainerChild, Copied};
use blockhouse_keys::ContainerKey;
use serde::Deserialize;
use utoipa::ToSchema;

use super::gate::{self, Need};
use super::publication::Looked;
use super::shape;
use crate::account::Account;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::Path;
use crate::state::AppState;

#[derive(Deserialize, ToSchema)]
#[schema(as = NewContainer)]
pub(crate) struct New {
    container_type: String,
    display_name: String,
}

/// The containers of a library.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/containers/",
    operation_id = "library_containers",
    responses((status = 200, description = "All of them", body = Vec<shape::Container>))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Read).await?.key;
    let containers = state.runtime().libraries().containers(&key).await?;
    let containers: Vec<_> = containers.iter().map(shape::container).collect();
    Ok(account.answer(&state, Json(containers)))
}

/// Makes a container.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/{library}/containers/",
    operation_id = "create_library_container",
    request_body= New,
    responses((status = 200, description = "The new container", body = shape::Container))
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    new: Result<Json<New>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(new) = new?;
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let libraries = state.runtime().libraries();
    let made =
        libraries.create_container(&key, &new.container_type, &new.display_name, &account.author()).await?;
    Ok(account.answer(&state, Json(shape::container(&made))))
}

/// A container.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/containers/{container}/",
    operation_id = "library_container",
    responses((status = 200, description = "The container", body = shape::Container))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(container): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::container(&state, &account, &container, Need::Read).await?;
    let found = state.runtime().libraries().container(&key).await?;
    Ok(account.answer(&state, Json(shape::container(&found))))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = ContainerPatch)]
pub(crate) struct Patch {
    display_name: String,
}

/// Gives a container another title.
#[utoipa::path(
    patch,
    path = "/api/libraries/v2/containers/{container}/",
    operation_id = "update_library_container",
    request_body= Patch,
    responses((status = 200, description = "The container as it is now", body = shape::Container))
)]
pub(crate) async fn update(
    State(state): State<AppState>,
    account: Account,
    Path(container): Path<String>,
    patch: Result<Json<Patch>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(patch) = patch?;
    let key = gate::container(&state, &account, &container, Need::Edit).await?;
    let libraries = state.runtime().libraries();
    let changed = libraries.rename_container(&key, &patch.display_name, &account.author()).await?;
    Ok(account.answer(&state, Json(shape::container(&changed))))
}

/// Takes a container out of the draft; what stands in it stays in the library.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/containers/{container}/",
    operation_id = "delete_library_container",
    responses((status = 204, description = "It is gone from the draft"))
)]
pub(crate) async fn delete(
    State(state): State<AppState>,
    account: Account,
    Path(container): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::container(&state, &account, &container, Need::Edit).await?;
    state.runtime().libraries().delete_container(&key, false, &account.author()).await?;
    Ok(account.answer(&state, StatusCode::NO_CONTENT))
}

/// Brings a deleted container back.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/containers/{container}/restore/",
    operation_id = "restore_library_container",
    responses((status = 204, description = "It is there again"))
)]
pub(crate) async fn restore(
    State(state): State<AppState>,
    account: Account,
    Path(container): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::container(&state, &account, &container, Need::Edit).await?;
    state.runtime().libraries().delete_container(&key, true, &account.author()).await?;
    Ok(account.answer(&state, StatusCode::NO_CONTENT))
}

/// Puts a container on the clipboard of whoever asks, from where `paste_clipboard/` takes it.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/containers/{container}/copy/",
    operation_id = "copy_library_container",
    responses((status = 200, description = "It can be pasted into a library for a day", body = shape::Empty))
)]
pub(crate) async fn copy(
    State(state): State<AppState>,
    account: Account,
    Path(container): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::container(&state, &account, &container, Need::Read).await?;
    let libraries = state.runtime().libraries();
    libraries.container(&key).await?;
    libraries.copy(&Copied::Container(key), &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}

/// Publishes a container with what stands in it.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/containers/{container}/publish/",
    operation_id = "publish_library_container",
    params(Looked),
    responses(
        (status = 200, description = "Learners see the draft", body = shape::Empty),
        (status = 409, description = "There are changes that the author did not see", body = Problem),
    )
)]
pub(crate) async fn publish(
    State(state): State<AppState>,
    account: Account,
    Path(container): Path<String>,
    looked: Result<Query<Looked>, QueryRejection>,
) -> Result<Response, HttpError> {
    let seen = looked?.0.seen();
    let key = gate::container(&state, &account, &container, Need::Edit).await?;
    state.runtime().libraries().publish_one(key.as_str(), seen.as_ref(), &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}

/// What stands in a container.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/containers/{container}/children/",
    operation_id = "library_container_children",
    responses((status = 200, description = "In order", body = Vec<shape::Child>))
)]
pub(crate) async fn children(
    State(state): State<AppState>,
    account: Account,
    Path(container): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::container(&state, &account, &container, Need::Read).await?;
    let body = children_of(&state, &key).await?;
    Ok(account.answer(&state, Json(body)))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = ContainerChildren)]
pub(crate) struct Children {
    usage_keys: Vec<String>,
}

/// Puts children behind those that are there.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/containers/{container}/children/",
    operation_id = "add_library_container_children",
    request_body= Children,
    responses((status = 200, description = "What stands there now", body = Vec<shape::Child>))
)]
pub(crate) async fn add_children(
    state: State<AppState>,
    account: Account,
    container: Path<String>,
    children: Result<Json<Children>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(Children { usage_keys }) = children?;
    change(state, account, container, |mut now| {
        now.extend(usage_keys.iter().cloned().map(unpinned));
        now
    })
    .await
}

/// Puts children in the place of those that are there: another order, or others.
#[utoipa::path(
    patch,
    path = "/api/libraries/v2/containers/{container}/children/",
    operation_id = "set_library_container_children",
    request_body= Children,
    responses((status = 200, description = "What stands there now", body = Vec<shape::Child>))
)]
pub(crate) async fn replace_children(
    state: State<AppState>,
    account: Account,
    container: Path<String>,
    children: Result<Json<Children>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(Children { usage_keys }) = children?;
    change(state, account, container, |_| usage_keys.iter().cloned().map(unpinned).collect()).await
}

/// Takes children out; they stay in the library.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/containers/{container}/children/",
    operation_id = "remove_library_container_children",
    request_body= Children,
    responses((status = 200, description = "What stands there now", body = Vec<shape::Child>))
)]
pub(crate) async fn remove_children(
    state: State<AppState>,
    account: Account,
    container: Path<String>,
    children: Result<Json<Children>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(Children { usage_keys }) = children?;
    change(state, account, container, |mut now| {
        now.retain(|child| !usage_keys.contains(&child.key));
        now
    })
    .await
}

async fn change(
    State(state): State<AppState>,
    account: Account,
    Path(container): Path<String>,
    change: impl Fn(Vec<ContainerChild>) -> Vec<ContainerChild> + Send + Sync,
) -> Result<Response, HttpError> {
    let key = gate::container(&state, &account, &container, Need::Edit).await?;
    state.runtime().libraries().set_children(&key, change, &account.author()).await?;
    let body = children_of(&state, &key).await?;
    Ok(account.answer(&state, Json(body)))
}

fn unpinned(key: String) -> ContainerChild {
    ContainerChild { key, version: None }
}

async fn children_of(state: &AppState, key: &ContainerKey) -> Result<Vec<shape::Child>, HttpError> {
    let libraries = state.runtime().libraries();
    let mut shown = Vec::new();
    for child in libraries.children(key, false).await? {
        // One that was deleted since is not shown, and is there again when it is restored.
        let found = match (child.key.parse(), child.key.parse()) {
            (Ok(container), _) => {
                let found = libraries.container(&container).await;
                found.map(|found| shape::Child::Container(shape::container(&found)))
            }
            (_, Ok(usage)) => {
                let found = libraries.component(&usage).await;
                found.map(|found| shape::Child::Component(shape::component(&found)))
            }
            _ => continue,
        };
        shown.extend(found.ok());
    }
    Ok(shown)
}
