//! One library: its blocks, what publishing would change, and the buttons for it.

use axum::extract::rejection::{FormRejection, QueryRejection};
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use blockhouse_content::Access;
use blockhouse_content::libraries::{ComponentFilter, LibraryError, Pending, Seen};
use blockhouse_keys::LibraryKey;
use serde::{Deserialize, Serialize};

use crate::account::Account;
use crate::difference::{self, Line};
use crate::error::HttpError;
use crate::pages::{Chrome, page};
use crate::path::Path;
use crate::routes::libraries::{Need, blank, gate};
use crate::state::AppState;
use crate::urls;

#[derive(Deserialize)]
pub(crate) struct Search {
    text: Option<String>,
}

#[derive(Serialize)]
struct LibraryPage {
    chrome: Chrome,
    title: String,
    key: String,
    url: String,
    description: String,
    may_edit: bool,
    search: String,
    blocks: Vec<Block>,
    types: Vec<(String, String)>,
    changes: Vec<Change>,
    /// The changes that the author has before them.
    seen: String,
    error: Option<String>,
    changes_error: Option<String>,
    new: New,
}

/// What the page says of a form that was sent and refused, and what had been typed into it.
#[derive(Default)]
struct Refused {
    status: StatusCode,
    /// Of a block that cannot be added.
    about_block: Option<String>,
    new: New,
    /// Of changes that cannot be published or taken back.
    about_changes: Option<String>,
    /// What others changed meanwhile.
    since: Vec<String>,
}

#[derive(Serialize)]
struct Block {
    title: String,
    block_type: String,
    url: String,
    standing: &'static str,
}

#[derive(Serialize)]
struct Change {
    title: String,
    key: String,
    what: &'static str,
    /// Whether it was changed after the author had looked.
    since: bool,
    lines: Vec<Line>,
}

#[derive(Clone, Default, Deserialize, Serialize)]
pub(crate) struct New {
    block_type: String,
    id: String,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    search: Result<Query<Search>, QueryRejection>,
) -> Result<Response, HttpError> {
    let Query(search) = search?;
    render(&state, &account, &library.parse()?, search.text.unwrap_or_default(), Refused::default()).await
}

pub(crate) async fn add_block(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    form: Result<Form<New>, FormRejection>,
) -> Result<Response, HttpError> {
    let Form(new) = form?;
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let made = match blank(&state, new.block_type.clone(), new.id.clone(), true).await {
        Ok(wanted) => {
            let made = state.runtime().libraries().create_component(&key, wanted, &account.author()).await;
            made.map_err(HttpError::from)
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(block) => Ok(account.answer(&state, Redirect::to(&urls::author_block(&block.usage)))),
        Err(error) => {
            let status = error.status();
            let about_block = Some(error.for_form()?);
            let refused = Refused { status, about_block, new, ..Refused::default() };
            render(&state, &account, &key, String::new(), refused).await
        }
    }
}

/// The changes that the author had before them.
#[derive(Deserialize)]
pub(crate) struct Looked {
    seen: String,
}

pub(crate) async fn publish(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    form: Result<Form<Looked>, FormRejection>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let Ok(seen) = form?.0.seen.parse();
    let done = state.runtime().libraries().publish_library(&key, Some(&seen), &account.author()).await;
    back(&state, &account, &key, done).await
}

pub(crate) async fn revert(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    form: Result<Form<Looked>, FormRejection>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let Ok(seen) = form?.0.seen.parse();
    let done = state.runtime().libraries().revert_library(&key, Some(&seen), &account.author()).await;
    back(&state, &account, &key, done).await
}

/// To the library's page; where others changed something meanwhile, the page says what.
async fn back(
    state: &AppState,
    account: &Account,
    key: &LibraryKey,
    done: Result<(), LibraryError>,
) -> Result<Response, HttpError> {
    let Err(error) = done else { return Ok(account.answer(state, Redirect::to(&urls::library(key)))) };
    let since = match &error {
        LibraryError::Unseen(keys) => keys.clone(),
        _ => Vec::new(),
    };
    let error = HttpError::from(error);
    let status = error.status();
    let refused = Refused { status, about_changes: Some(error.for_form()?), since, ..Refused::default() };
    render(state, account, key, String::new(), refused).await
}

async fn render(
    state: &AppState,
    account: &Account,
    key: &LibraryKey,
    text: String,
    refused: Refused,
) -> Result<Response, HttpError> {
    let library = gate::library_for(state, account, key, Need::Read).await?;
    let store = state.runtime().libraries();
    let access = store.access(&library, &account.person).await?;
    let filter = ComponentFilter { text: Some(text.clone()), block_types: Vec::new() };
    let blocks = store.components(key, &filter).await?.into_iter().map(|component| Block {
        url: urls::author_block(&component.usage),
        block_type: component.usage.block_type().to_owned(),
        standing: match (component.standing.published, component.standing.has_unpublished_changes()) {
            (None, _) => "new",
            (_, true) => "changed",
            (_, false) => "published",
        },
        title: component.title,
    });
    let mut types: Vec<_> = state
        .runtime()
        .installed()
        .iter()
        .map(|entry| (entry.name.clone(), entry.display_name.clone()))
        .collect();
    types.sort();
    let pending = store.pending(key).await?;
    let seen = Seen::of(&pending).to_string();
    let mut changes = Vec::new();
    for pending in pending {
        let since = refused.since.contains(&pending.key);
        changes.push(change(state, pending, since).await?);
    }
    let url = urls::library(key);
    let values = LibraryPage {
        chrome: Chrome::new(state, &account.identity.session, &url).await,
        title: library.title,
        key: key.to_string(),
        url,
        description: library.description,
        may_edit: access.blocks >= Access::Edit,
        search: text,
        blocks: blocks.collect(),
        types,
        changes,
        seen,
        error: refused.about_block,
        changes_error: refused.about_changes,
        new: refused.new,
    };
    let html = state.templates().render("author/library.html", values)?;
    Ok(account.answer(state, (refused.status, page(html)).into_response()))
}

/// What publishing would change in one component or container.
async fn change(state: &AppState, pending: Pending, since: bool) -> Result<Change, HttpError> {
    let store = state.runtime().libraries();
    let what = match (pending.published, pending.draft) {
        (None, _) => "new",
        (_, None) => "deleted",
        _ => "changed",
    };
    let mut lines = Vec::new();
    if let Ok(usage) = pending.key.parse() {
        let before = store.published_olx(&usage).await?.unwrap_or_default();
        let after = match store.olx(&usage).await {
            Ok((olx, _)) => olx,
            Err(LibraryError::NoSuchComponent(_)) => String::new(),
            Err(error) => return Err(error.into()),
        };
        lines = difference::lines(&before, &after);
    }
    Ok(Change { title: pending.title, key: pending.key, what, since, lines })
}
