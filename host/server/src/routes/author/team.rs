//! A library's team: who may do what, and a form to change it.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use blockhouse_content::libraries::{Grant, LibraryError};
use blockhouse_keys::LibraryKey;
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::error::HttpError;
use crate::pages::{Chrome, page};
use crate::path::Path;
use crate::routes::libraries::{Need, gate};
use crate::state::AppState;
use crate::urls;

#[derive(Serialize)]
struct TeamPage {
    chrome: Chrome,
    title: String,
    url: String,
    members: Vec<Member>,
    may_manage: bool,
    error: Option<String>,
}

#[derive(Serialize)]
struct Member {
    kind: &'static str,
    name: String,
    level: &'static str,
}

#[derive(Deserialize)]
pub(crate) struct Change {
    /// `user` or `group`.
    kind: String,
    name: String,
    /// A level, or `none` to take the grant away.
    level: String,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    render(&state, &account, &library.parse()?, None).await
}

pub(crate) async fn change(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    form: Result<Form<Change>, FormRejection>,
) -> Result<Response, HttpError> {
    let Form(form) = form?;
    let key = gate::library(&state, &account, &library, Need::Manage).await?.key;
    match apply(&state, &account, &key, &form).await {
        Ok(()) => Ok(account.answer(&state, Redirect::to(&format!("{}team", urls::library(&key))))),
        Err(error) => {
            let message = error.for_form()?;
            render(&state, &account, &key, Some(message)).await
        }
    }
}

async fn apply(
    state: &AppState,
    account: &Account,
    key: &LibraryKey,
    form: &Change,
) -> Result<(), HttpError> {
    let level = match form.level.as_str() {
        "none" => None,
        level => Some(level.parse().map_err(|error: LibraryError| HttpError::from(error))?),
    };
    let libraries = state.runtime().libraries();
    if form.kind == "group" {
        return Ok(libraries.grant_group(key, &form.name, level, &account.author()).await?);
    }
    let found = state.runtime().people().find(&form.name).await;
    let person = found.map_err(blockhouse_runtime::RuntimeError::from)?;
    let person =
        person.ok_or_else(|| HttpError::bad_request(format!("There is nobody called “{}”.", form.name)))?;
    Ok(libraries.grant_user(key, &person, level, &account.author()).await?)
}

async fn render(
    state: &AppState,
    account: &Account,
    key: &LibraryKey,
    error: Option<String>,
) -> Result<Response, HttpError> {
    let library = gate::library_for(state, account, key, Need::Edit).await?;
    let libraries = state.runtime().libraries();
    let member = |Grant { username, group, level, .. }: Grant| {
        let kind = if group.is_some() { "group" } else { "user" };
        Member { kind, name: group.or(username).unwrap_or_default(), level: level.as_str() }
    };
    let url = urls::library(key);
    let status = if error.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
    let values = TeamPage {
        chrome: Chrome::new(state, &account.identity.session, &format!("{url}team")).await,
        members: libraries.team(key).await?.into_iter().map(member).collect(),
        may_manage: libraries.access(&library, &account.person).await?.manage,
        title: library.title,
        url,
        error,
    };
    let html = state.templates().render("author/team.html", values)?;
    Ok(account.answer(state, (status, page(html)).into_response()))
}
