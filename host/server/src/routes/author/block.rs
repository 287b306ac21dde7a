//! One block: its editor, its OLX, its files, and how it looks to learners and visitors.

use std::collections::BTreeMap;

use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use blockhouse_content::Access;
use blockhouse_content::libraries::{HistoryEntry, Seen};
use blockhouse_keys::UsageKey;
use blockhouse_runtime::{AuthorReset, Urls, Version, View};
use serde::{Deserialize, Serialize};

use super::fields::{Field, editable_fields, form, read, shown};
use crate::account::Account;
use crate::error::HttpError;
use crate::frame_policy::sandbox;
use crate::pages::{Chrome, page};
use crate::path::{self, Path};
use crate::routes::libraries::{Need, gate, moment};
use crate::state::AppState;
use crate::urls;

#[derive(Serialize)]
struct BlockPage {
    chrome: Chrome,
    title: String,
    block_type: String,
    usage: String,
    url: String,
    library_title: String,
    library_url: String,
    standing: &'static str,
    may_edit: bool,
    installed: bool,
    sandbox: &'static str,
    /// The block's own editor.
    editor: Option<String>,
    /// A form, where the block has no editor of its own.
    fields: Vec<Field>,
    olx: String,
    version: u64,
    files: Vec<File>,
    history: Vec<Past>,
    previews: Vec<Preview>,
    /// The changes that publishing the block would publish, as the author has them before them.
    seen: String,
    /// The titles of the others among them.
    publishes_too: Vec<String>,
    error: Option<String>,
}

#[derive(Serialize)]
struct File {
    path: String,
    size: u64,
    url: String,
}

/// A version, and what it changed.
#[derive(Serialize)]
struct Past {
    number: u64,
    by: String,
    at: String,
    changes: String,
    /// Whether it came after the author had looked.
    since: bool,
    preview: String,
}

#[derive(Serialize)]
struct Preview {
    label: &'static str,
    frame: String,
}

/// What was wrong with the author's input, and the input, which must not be lost.
struct Refused {
    status: StatusCode,
    message: String,
    /// The version that the author had before them.
    version: Option<u64>,
    typed: Typed,
}

#[derive(Default)]
struct Typed {
    olx: Option<String>,
    /// What was typed into the form of fields, by field.
    fields: BTreeMap<String, String>,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    render(&state, &account, &path::usage(&usage)?, None).await
}

#[derive(Deserialize)]
pub(crate) struct Olx {
    olx: String,
    version: u64,
}

pub(crate) async fn save_olx(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    form: Result<Form<Olx>, FormRejection>,
) -> Result<Response, HttpError> {
    let (usage, Form(form)) = (gate::component(&state, &account, &usage, Need::Edit).await?, form?);
    // Forms end their lines as the web does, files as Unix does.
    let olx = form.olx.replace("\r\n", "\n");
    let saved =
        state.runtime().libraries().set_olx(&usage, &olx, Some(form.version), &account.author()).await;
    match saved {
        Ok(_) => Ok(account.answer(&state, Redirect::to(&urls::author_block(&usage)))),
        Err(error) => {
            let typed = Typed { olx: Some(olx), fields: BTreeMap::new() };
            refused(&state, &account, &usage, error.into(), Some(form.version), typed).await
        }
    }
}

pub(crate) async fn save_fields(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    form: Result<Form<BTreeMap<String, String>>, FormRejection>,
) -> Result<Response, HttpError> {
    let (usage, Form(mut form)) = (gate::component(&state, &account, &usage, Need::Edit).await?, form?);
    let version = form.remove("version").and_then(|version| version.parse().ok());
    // Without it, an edit of somebody else could be overwritten.
    let version = version
        .ok_or_else(|| HttpError::invalid("version", "the form does not say which version it is of"))?;
    let visitor = &account.identity.visitor;
    let now = state.runtime().fields(visitor, &usage, Version::Draft).await?;
    let mut changes = BTreeMap::new();
    for field in editable_fields(&now) {
        let Some(text) = form.get(&format!("field-{}", field.name)).map(|text| text.replace("\r\n", "\n"))
        else {
            continue;
        };
        if text != shown(now.set.get(&field.name)) {
            changes.insert(field.name.clone(), read(field, text));
        }
    }
    match state.runtime().set_fields(visitor, &usage, changes, Some(version)).await {
        Ok(_) => Ok(account.answer(&state, Redirect::to(&urls::author_block(&usage)))),
        Err(error) => {
            let name = |(name, text): (String, String)| Some((name.strip_prefix("field-")?.to_owned(), text));
            let typed = Typed { olx: None, fields: form.into_iter().filter_map(name).collect() };
            refused(&state, &account, &usage, error.into(), Some(version), typed).await
        }
    }
}

/// What the author had before them.
#[derive(Deserialize)]
pub(crate) struct Publication {
    version: u64,
    seen: String,
}

pub(crate) async fn publish(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    form: Result<Form<Publication>, FormRejection>,
) -> Result<Response, HttpError> {
    let (usage, Form(form)) = (gate::component(&state, &account, &usage, Need::Edit).await?, form?);
    let Ok(seen) = form.seen.parse();
    let libraries = state.runtime().libraries();
    match libraries.publish_one(usage.as_str(), Some(&seen), &account.author()).await {
        Ok(()) => Ok(account.answer(&state, Redirect::to(&urls::author_block(&usage)))),
        Err(error) => {
            refused(&state, &account, &usage, error.into(), Some(form.version), Typed::default()).await
        }
    }
}

/// Forgets what the author did in previews of this block.
pub(crate) async fn reset(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Read).await?;
    let visitor = account.identity.visitor.on(Version::Draft);
    state.runtime().reset_preview(&visitor, &AuthorReset::Block(usage.clone())).await?;
    Ok(account.answer(&state, Redirect::to(&urls::author_block(&usage))))
}

/// The version that the author had before them.
#[derive(Deserialize)]
pub(crate) struct Deletion {
    version: u64,
}

pub(crate) async fn delete(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    form: Result<Form<Deletion>, FormRejection>,
) -> Result<Response, HttpError> {
    let (usage, Form(form)) = (gate::component(&state, &account, &usage, Need::Edit).await?, form?);
    let libraries = state.runtime().libraries();
    match libraries.delete_component(&usage, Some(form.version), &account.author()).await {
        Ok(()) => Ok(account.answer(&state, Redirect::to(&urls::library(gate::library_of(&usage)?)))),
        Err(error) => {
            refused(&state, &account, &usage, error.into(), Some(form.version), Typed::default()).await
        }
    }
}

pub(crate) async fn upload(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, HttpError> {
    let usage = gate::component(&state, &account, &usage, Need::Edit).await?;
    let mut form = form.map_err(|error| HttpError::bad_request(error.body_text()))?;
    while let Some(field) = form.next_field().await? {
        let Some(name) = field.file_name().filter(|name| !name.is_empty()).map(str::to_owned) else {
            continue;
        };
        let data = field.bytes().await?;
        let libraries = state.runtime().libraries();
        if let Err(error) = libraries.add_file(&usage, &name, &data, &account.author()).await {
            return refused(&state, &account, &usage, error.into(), None, Typed::default()).await;
        }
    }
    Ok(account.answer(&state, Redirect::to(&urls::author_block(&usage))))
}

#[derive(Deserialize)]
pub(crate) struct FileName {
    path: String,
}

pub(crate) async fn delete_file(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    form: Result<Form<FileName>, FormRejection>,
) -> Result<Response, HttpError> {
    let (usage, Form(form)) = (gate::component(&state, &account, &usage, Need::Edit).await?, form?);
    state.runtime().libraries().delete_file(&usage, &form.path, &account.author()).await?;
    Ok(account.answer(&state, Redirect::to(&urls::author_block(&usage))))
}

async fn refused(
    state: &AppState,
    account: &Account,
    usage: &UsageKey,
    error: HttpError,
    version: Option<u64>,
    typed: Typed,
) -> Result<Response, HttpError> {
    let status = error.status();
    let refused = Refused { status, message: error.for_form()?, version, typed };
    render(state, account, usage, Some(refused)).await
}

async fn render(
    state: &AppState,
    account: &Account,
    usage: &UsageKey,
    refused: Option<Refused>,
) -> Result<Response, HttpError> {
    let library = gate::library_for(state, account, gate::library_of(usage)?, Need::Read).await?;
    let libraries = state.runtime().libraries();
    let may_edit = libraries.access(&library, &account.person).await?.blocks >= Access::Edit;
    let component = libraries.component(usage).await?;
    let (stored, version) = libraries.olx(usage).await?;
    let visitor = account.identity.visitor.on(Version::Draft);
    let block = state.runtime().block(&visitor, usage, Version::Draft).await?;
    let frame = |view| state.urls().frame(&visitor, usage, Version::Draft, view);
    let previews =
        [("As learners see it", View::Student), ("As visitors without an account see it", View::Public)];
    let (status, error, looked_at, typed) = match refused {
        Some(refused) => (refused.status, Some(refused.message), refused.version, refused.typed),
        None => (StatusCode::OK, None, None, Typed::default()),
    };
    let pending = libraries.pending_one(usage.as_str()).await?;
    let files = libraries.files(usage).await?.into_iter().map(|file| {
        let name = file.path.strip_prefix("static/").unwrap_or(&file.path);
        File {
            url: state.urls().file_url(usage, &file.digest.to_hex(), name),
            path: file.path,
            size: file.size,
        }
    });
    let url = urls::author_block(usage);
    let values = BlockPage {
        chrome: Chrome::new(state, &account.identity.session, &url).await,
        block_type: usage.block_type().to_owned(),
        usage: usage.to_string(),
        url,
        library_url: urls::library(&library.key),
        library_title: library.title,
        standing: match (component.standing.published, component.standing.has_unpublished_changes()) {
            (None, _) => "not published yet",
            (_, true) => "changed since it was published",
            (_, false) => "published",
        },
        title: component.title,
        may_edit,
        installed: block.installed,
        sandbox: sandbox(state.urls().frames().is_some()),
        editor: (may_edit && block.has_studio_view).then(|| frame(View::Studio)),
        fields: if may_edit { form(state, account, &block, &typed.fields).await } else { Vec::new() },
        olx: typed.olx.unwrap_or(stored),
        version,
        files: files.collect(),
        history: history(state, account, usage, looked_at).await?,
        previews: previews.into_iter().map(|(label, view)| Preview { label, frame: frame(view) }).collect(),
        seen: Seen::of(&pending).to_string(),
        publishes_too: pending
            .into_iter()
            .filter(|pending| pending.key != usage.as_str())
            .map(|pending| if pending.title.is_empty() { pending.key } else { pending.title })
            .collect(),
        error,
    };
    let html = state.templates().render("author/block.html", values)?;
    Ok(account.answer(state, (status, page(html)).into_response()))
}

/// The versions, newest first. An author who had looked at one of them sees which came since.
async fn history(
    state: &AppState,
    account: &Account,
    usage: &UsageKey,
    looked_at: Option<u64>,
) -> Result<Vec<Past>, HttpError> {
    let versions = state.runtime().libraries().versions(usage.as_str()).await?;
    let past = |entry: HistoryEntry| {
        let version = Version::Number(entry.version);
        let visitor = account.identity.visitor.on(version);
        Past {
            number: entry.version,
            by: entry.by.unwrap_or_default(),
            at: moment(entry.at).unwrap_or_default(),
            changes: entry.changes.join(", "),
            since: looked_at.is_some_and(|version| version < entry.version),
            preview: state.urls().frame(&visitor, usage, version, View::Student),
        }
    };
    Ok(versions.into_iter().map(past).collect())
}
