//! A library's team.

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::{Json, Response};
use blockhouse_content::Person;
use blockhouse_content::libraries::Level;
use blockhouse_keys::LibraryKey;
use serde::Deserialize;
use utoipa::ToSchema;

use super::gate::{self, Need};
use super::shape;
use crate::account::Account;
use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

/// Who may do what with the library.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/team/",
    operation_id = "library_team",
    responses((status = 200, description = "All grants", body = Vec<shape::Grant>))
)]
pub(crate) async fn list(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let team = state.runtime().libraries().team(&key).await?;
    let team: Vec<_> = team.iter().map(shape::grant).collect();
    Ok(account.answer(&state, Json(team)))
}

#[derive(Deserialize, ToSchema)]
pub(crate) struct Invitation {
    email: String,
    access_level: String,
}

/// Lets somebody in by their address.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/{library}/team/",
    operation_id = "invite_to_library",
    request_body= Invitation,
    responses((status = 200, description = "The grant", body = shape::Grant))
)]
pub(crate) async fn invite(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    invitation: Result<Json<Invitation>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(invitation) = invitation?;
    let key = gate::library(&state, &account, &library, Need::Manage).await?.key;
    let person = find(&state, &invitation.email)
        .await?
        .ok_or_else(|| HttpError::invalid("email", "We could not find a user with that email address."))?;
    let already = state.runtime().libraries().team(&key).await?;
    if already.iter().any(|grant| grant.username.as_ref() == Some(&person.username)) {
        return Err(HttpError::invalid("email", "This user already has access to this library."));
    }
    put(&state, &account, &key, person, &invitation.access_level).await
}

/// What one account may do.
#[utoipa::path(
    get,
    path = "/api/libraries/v2/{library}/team/user/{username}/",
    operation_id = "library_user",
    responses((status = 200, description = "The grant", body = shape::Grant))
)]
pub(crate) async fn show_user(
    State(state): State<AppState>,
    account: Account,
    Path((library, username)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let team = state.runtime().libraries().team(&key).await?;
    let grant = team.iter().find(|grant| grant.username.as_deref() == Some(&username));
    let grant = grant.ok_or_else(|| no_such(&username))?;
    Ok(account.answer(&state, Json(shape::grant(grant))))
}

#[derive(Deserialize, ToSchema)]
#[schema(as = GrantChange)]
pub(crate) struct Change {
    access_level: String,
}

/// Lets an account do something.
#[utoipa::path(
    put,
    path = "/api/libraries/v2/{library}/team/user/{username}/",
    operation_id = "set_library_user",
    request_body= Change,
    responses((status = 200, description = "The grant", body = shape::Grant))
)]
pub(crate) async fn put_user(
    State(state): State<AppState>,
    account: Account,
    Path((library, username)): Path<(String, String)>,
    change: Result<Json<Change>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(change) = change?;
    let key = gate::library(&state, &account, &library, Need::Manage).await?.key;
    let person = find(&state, &username).await?.ok_or_else(|| no_such(&username))?;
    put(&state, &account, &key, person, &change.access_level).await
}

/// Takes an account out of the team.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/{library}/team/user/{username}/",
    operation_id = "remove_library_user",
    responses((status = 200, description = "It is out", body = shape::Empty))
)]
pub(crate) async fn delete_user(
    State(state): State<AppState>,
    account: Account,
    Path((library, username)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Manage).await?.key;
    let person = find(&state, &username).await?.ok_or_else(|| no_such(&username))?;
    state.runtime().libraries().grant_user(&key, &person, None, &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}

/// Lets a group do something.
#[utoipa::path(
    put,
    path = "/api/libraries/v2/{library}/team/group/{group}/",
    operation_id = "set_library_group",
    request_body= Change,
    responses((status = 200, description = "The grant", body = shape::Grant))
)]
pub(crate) async fn put_group(
    State(state): State<AppState>,
    account: Account,
    Path((library, group)): Path<(String, String)>,
    change: Result<Json<Change>, JsonRejection>,
) -> Result<Response, HttpError> {
    let Json(change) = change?;
    let key = gate::library(&state, &account, &library, Need::Manage).await?.key;
    let level: Level = change.access_level.parse()?;
    state.runtime().libraries().grant_group(&key, &group, Some(level), &account.author()).await?;
    let body =
        shape::Grant { username: None, email: None, group_name: Some(group), access_level: level.as_str() };
    Ok(account.answer(&state, Json(body)))
}

/// Takes a group out of the team.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/{library}/team/group/{group}/",
    operation_id = "remove_library_group",
    responses((status = 200, description = "It is out", body = shape::Empty))
)]
pub(crate) async fn delete_group(
    State(state): State<AppState>,
    account: Account,
    Path((library, group)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Manage).await?.key;
    state.runtime().libraries().grant_group(&key, &group, None, &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}

async fn put(
    state: &AppState,
    account: &Account,
    key: &LibraryKey,
    person: Person,
    level: &str,
) -> Result<Response, HttpError> {
    let level: Level = level.parse()?;
    state.runtime().libraries().grant_user(key, &person, Some(level), &account.author()).await?;
    let body = shape::Grant {
        username: Some(person.username),
        email: Some(person.email),
        group_name: None,
        access_level: level.as_str(),
    };
    Ok(account.answer(state, Json(body)))
}

async fn find(state: &AppState, who: &str) -> Result<Option<Person>, HttpError> {
    let found = state.runtime().people().find(who).await;
    Ok(found.map_err(blockhouse_runtime::RuntimeError::from)?)
}

fn no_such(username: &str) -> HttpError {
    HttpError::not_found(format!("there is nobody called `{username}`"))
}
