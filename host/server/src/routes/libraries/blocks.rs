//! Components of a library.

use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::{Json, Response};
use blockhouse_content::libraries::{ComponentFilter, Copied, NewComponent};
use blockhouse_keys::{InvalidKey, UsageKey};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::gate::{self, Need};
use super::page::{Page, Wanted};
use super::publication::Looked;
use super::shape;
use crate::account::Account;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::Path;
use crate::state::AppState;

/// The components of a library.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/blocks/",
    operation_id = "library_blocks",
    params(
        ("text_search" = Option<String>, Query, description = "Words of the title or the key"),
        ("block_type" = Option<String>, Query, description = "A type; it may stand there more than once"),
        ("page" = Option<usize>, Query, description = "From 1"),
        ("page_size" = Option<usize>, Query, description = "How many entries; at most 500")
    ),
    responses((status = 200, description = "A page of components", body = Page<shape::Component>))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    uri: Uri,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Read).await?.key;
    let mut filter = ComponentFilter::default();
    let mut wanted = Wanted::default();
    // `block_type` may stand there more than once.
    for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        let number = || value.parse().map_err(|_| HttpError::bad_request(format!("`{name}` takes a number")));
        match &*name {
            "text_search" => filter.text = Some(value.into_owned()),
            "block_type" => filter.block_types.push(value.into_owned()),
            "page" => wanted.page = Some(number()?),
            "page_size" => wanted.page_size = Some(number()?),
            _ => {}
        }
    }
    let components = state.runtime().libraries().components(&key, &filter).await?;
    let shown = components.iter().map(shape::component).collect();
    Ok(account.answer(&state, Json(Page::of(shown, wanted, uri.path()))))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = NewComponent)]
pub(crate) struct New {
    block_type: String,
    definition_id: String,
    #[serde(default = "yes")]
    can_stand_alone: bool,
    /// The key of a block of the same library whose children it joins, behind all others.
    parent_block: Option<String>,
}

fn yes() -> bool {
    true
}

/// Makes a component with nothing in it.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/{library}/blocks/",
    operation_id = "create_library_block",
    request_body= New,
    responses((status = 200, description = "The new component", body = shape::Component))
)]
pub(crate) async fn create(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    new: Result<Json<New>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(new) = new?;
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let parent = match &new.parent_block {
        Some(parent) => Some(with_children(&state, parent).await?),
        None => None,
    };
    let blank = blank(&state, new.block_type, new.definition_id, new.can_stand_alone).await?;
    let new = NewComponent { parent, ..blank };
    let component = state.runtime().libraries().create_component(&key, new, &account.author()).await?;
    Ok(account.answer(&state, Json(shape::component(&component))))
}

/// The key of a block that can have children.
async fn with_children(state: &AppState, usage: &str) -> Result<UsageKey, HttpError> {
    let invalid = |message| HttpError::invalid("parent_block", message);
    let usage: UsageKey = usage.parse().map_err(|error: InvalidKey| invalid(error.to_string()))?;
    match state.runtime().definition_of(usage.block_type()).await? {
        Some(definition) if definition.has_children => Ok(usage),
        _ => Err(invalid(format!("a block of the type `{}` has no children", usage.block_type()))),
    }
}

/// A component of an installed type with nothing in it (spec 7.6.7).
pub(crate) async fn blank(
    state: &AppState,
    block_type: String,
    id: String,
    can_stand_alone: bool,
) -> Result<NewComponent, HttpError> {
    let Some(definition) = state.runtime().definition_of(&block_type).await? else {
        let message =
            format!("The block type '{block_type}' is not installed here; ask the operator to install it.");
        return Err(HttpError::invalid("block_type", message));
    };
    let named = definition.field("display_name").and_then(|field| field.default.as_str());
    let title = named.filter(|title| !title.is_empty()).unwrap_or(&definition.display_name).to_owned();
    let olx = format!("<{block_type}/>");
    Ok(NewComponent { olx, block_type, id, title, can_stand_alone, parent: None })
}

/// A component.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/blocks/{usage}/",
    operation_id = "library_block",
    responses((status = 200, description = "The component", body = shape::Component))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Read).await?;
    let component = state.runtime().libraries().component(&usage).await?;
    Ok(account.answer(&state, Json(shape::component(&component))))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Deletion {
    /// The version that the author saw; 409 when it is not the current one any more. Without it, whatever is there goes.
    version_num: Option<u64>,
}

/// Takes a component out of the draft; publishing takes it from learners.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/blocks/{usage}/",
    operation_id = "delete_library_block",
    params(Deletion),
    responses(
        (status = 200, description = "It is gone from the draft", body = shape::Empty),
        (status = 409, description = "It has been edited meanwhile", body = Problem),
    )
)]
pub(crate) async fn delete(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    deletion: Result<Query<Deletion>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(deletion) = deletion?;
    let usage = gate::component(&state, &account, &usage, Need::Edit).await?;
    state.runtime().libraries().delete_component(&usage, deletion.version_num, &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}

/// Puts a component on the clipboard of whoever asks, from where `paste_clipboard/` takes it.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/blocks/{usage}/copy/",
    operation_id = "copy_library_block",
    responses((status = 200, description = "It can be pasted into a library for a day", body = shape::Empty))
)]
pub(crate) async fn copy(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Read).await?;
    let libraries = state.runtime().libraries();
    libraries.component(&usage).await?;
    libraries.copy(&Copied::Component(usage), &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}

/// Brings a deleted component back.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/blocks/{usage}/restore/",
    operation_id = "restore_library_block",
    responses((status = 204, description = "It is there again"))
)]
pub(crate) async fn restore(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Edit).await?;
    state.runtime().libraries().restore_component(&usage, &account.author()).await?;
    Ok(account.answer(&state, StatusCode::NO_CONTENT))
}

/// Publishes one component.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/blocks/{usage}/publish/",
    operation_id = "publish_library_block",
    params(Looked),
    responses(
        (status = 200, description = "Learners see the draft", body = shape::Empty),
        (status = 409, description = "There are changes that the author did not see", body = Problem),
    )
)]
pub(crate) async fn publish(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    looked: Result<Query<Looked>, QueryRejection>,
) -> Result<Response, HttpError> {
    let seen = looked?.0.seen();
    let usage = gate::component(&state, &account, &usage, Need::Edit).await?;
    state.runtime().libraries().publish_one(usage.as_str(), seen.as_ref(), &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}
