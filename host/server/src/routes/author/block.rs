//! One block: its editor, its OLX, its files, and how it looks to learners and visitors.

use std::collections::BTreeMap;

use axum::extract::multipart::MultipartRejection;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use blockhouse_content::Access;
use blockhouse_fields::{FieldDeclaration, FieldType};
use blockhouse_keys::UsageKey;
use blockhouse_runtime::{AuthorReset, AuthoredFields, BlockInfo, Urls, Version, View};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::account::Account;
use crate::error::HttpError;
use crate::frame_policy::SANDBOX;
use crate::pages::{Chrome, page};
use crate::path::Path;
use crate::routes::libraries::{Need, component_key, library_for};
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
    previews: Vec<Preview>,
    error: Option<String>,
}

#[derive(Serialize)]
struct Field {
    name: String,
    label: String,
    help: String,
    value: String,
    default: String,
    /// `line`, `text` or `choice`.
    control: &'static str,
    choices: Vec<String>,
}

#[derive(Serialize)]
struct File {
    path: String,
    size: u64,
    url: String,
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
    olx: Option<String>,
}

pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    render(&state, &account, &component_key(&usage)?.0, None).await
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
    let (usage, Form(form)) = (editable(&state, &account, &usage).await?, form?);
    // Forms end their lines as the web does, files as Unix does.
    let olx = form.olx.replace("\r\n", "\n");
    let saved =
        state.runtime().libraries().set_olx(&usage, &olx, Some(form.version), &account.author()).await;
    match saved {
        Ok(_) => Ok(account.answer(&state, Redirect::to(&urls::author_block(&usage)))),
        Err(error) => refused(&state, &account, &usage, error.into(), Some(olx)).await,
    }
}

pub(crate) async fn save_fields(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    form: Result<Form<BTreeMap<String, String>>, FormRejection>,
) -> Result<Response, HttpError> {
    let (usage, Form(mut form)) = (editable(&state, &account, &usage).await?, form?);
    let version = form.remove("version").and_then(|version| version.parse().ok());
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
    match state.runtime().set_fields(visitor, &usage, changes, version).await {
        Ok(_) => Ok(account.answer(&state, Redirect::to(&urls::author_block(&usage)))),
        Err(error) => refused(&state, &account, &usage, error.into(), None).await,
    }
}

pub(crate) async fn publish(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let usage = editable(&state, &account, &usage).await?;
    state.runtime().libraries().publish_one(usage.as_str(), &account.author()).await?;
    Ok(account.answer(&state, Redirect::to(&urls::author_block(&usage))))
}

/// Forgets what the author did in previews of this block.
pub(crate) async fn reset(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let (usage, library) = component_key(&usage)?;
    library_for(&state, &account, &library, Need::Read).await?;
    let visitor = account.identity.visitor.on(Version::Draft);
    state.runtime().reset_preview(&visitor, &AuthorReset::Block(usage.clone())).await?;
    Ok(account.answer(&state, Redirect::to(&urls::author_block(&usage))))
}

pub(crate) async fn delete(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let (_, library) = component_key(&usage)?;
    let usage = editable(&state, &account, &usage).await?;
    state.runtime().libraries().delete_component(&usage, &account.author()).await?;
    Ok(account.answer(&state, Redirect::to(&urls::library(&library))))
}

pub(crate) async fn upload(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, HttpError> {
    let usage = editable(&state, &account, &usage).await?;
    let mut form = form.map_err(|error| HttpError::bad_request(error.body_text()))?;
    while let Some(field) = form.next_field().await? {
        let Some(name) = field.file_name().filter(|name| !name.is_empty()).map(str::to_owned) else {
            continue;
        };
        let data = field.bytes().await?;
        let libraries = state.runtime().libraries();
        if let Err(error) = libraries.add_file(&usage, &name, &data, &account.author()).await {
            return refused(&state, &account, &usage, error.into(), None).await;
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
    let (usage, Form(form)) = (editable(&state, &account, &usage).await?, form?);
    state.runtime().libraries().delete_file(&usage, &form.path, &account.author()).await?;
    Ok(account.answer(&state, Redirect::to(&urls::author_block(&usage))))
}

async fn editable(state: &AppState, account: &Account, usage: &str) -> Result<UsageKey, HttpError> {
    let (usage, library) = component_key(usage)?;
    library_for(state, account, &library, Need::Edit).await?;
    Ok(usage)
}

async fn refused(
    state: &AppState,
    account: &Account,
    usage: &UsageKey,
    error: HttpError,
    olx: Option<String>,
) -> Result<Response, HttpError> {
    let status = error.status();
    let refused = Refused { status, message: error.for_form()?, olx };
    render(state, account, usage, Some(refused)).await
}

async fn render(
    state: &AppState,
    account: &Account,
    usage: &UsageKey,
    refused: Option<Refused>,
) -> Result<Response, HttpError> {
    let (_, library) = component_key(usage.as_str())?;
    let library = library_for(state, account, &library, Need::Read).await?;
    let libraries = state.runtime().libraries();
    let may_edit = libraries.access(&library, &account.person).await?.blocks >= Access::Edit;
    let component = libraries.component(usage).await?;
    let (stored, version) = libraries.olx(usage).await?;
    let visitor = account.identity.visitor.on(Version::Draft);
    let block = state.runtime().block(&visitor, usage, Version::Draft).await?;
    let frame = |view| state.urls().frame(&visitor.user, usage, Version::Draft, view);
    let previews =
        [("As learners see it", View::Student), ("As visitors without an account see it", View::Public)];
    let (status, error, olx) = match refused {
        Some(refused) => (refused.status, Some(refused.message), refused.olx),
        None => (StatusCode::OK, None, None),
    };
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
        chrome: Chrome::new(state, &account.identity.session, &url),
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
        sandbox: SANDBOX,
        editor: (may_edit && block.has_studio_view).then(|| frame(View::Studio)),
        fields: if may_edit { form(state, account, &block).await } else { Vec::new() },
        olx: olx.unwrap_or(stored),
        version,
        files: files.collect(),
        previews: previews.into_iter().map(|(label, view)| Preview { label, frame: frame(view) }).collect(),
        error,
    };
    let html = state.templates().render("author/block.html", values)?;
    Ok(account.answer(state, (status, page(html)).into_response()))
}

/// The form made from the declarations, for a block without an editor of its own. OLX that cannot be read has no
/// fields to show: it is mended as OLX.
async fn form(state: &AppState, account: &Account, block: &BlockInfo) -> Vec<Field> {
    if block.has_studio_view || !block.writes_fields {
        return Vec::new();
    }
    let fields = state.runtime().fields(&account.identity.visitor, &block.usage, Version::Draft).await;
    let Ok(fields) = fields else { return Vec::new() };
    editable_fields(&fields).map(|field| control(field, fields.set.get(&field.name))).collect()
}

fn editable_fields(fields: &AuthoredFields) -> impl Iterator<Item = &FieldDeclaration> {
    fields.declared.fields.iter().filter(|field| field.scope.is_authored())
}

fn control(field: &FieldDeclaration, set: Option<&Value>) -> Field {
    let choices: Vec<_> = match &field.values {
        Some(Value::Array(values)) => {
            values.iter().map(|value| shown(Some(value.get("value").unwrap_or(value)))).collect()
        }
        _ if field.field_type == FieldType::Boolean => vec!["true".to_owned(), "false".to_owned()],
        _ => Vec::new(),
    };
    let is_line = matches!(
        field.field_type,
        FieldType::Integer
            | FieldType::Float
            | FieldType::Date
            | FieldType::DateTime
            | FieldType::RelativeTime
    ) || (field.field_type == FieldType::String
        && field.scope == blockhouse_fields::Scope::Settings);
    Field {
        label: field.display_name.clone().unwrap_or_else(|| field.name.replace('_', " ")),
        help: field.help.clone(),
        value: shown(set),
        default: shown(Some(&field.default).filter(|value| !value.is_null())),
        control: match (choices.is_empty(), is_line) {
            (false, _) => "choice",
            (true, true) => "line",
            (true, false) => "text",
        },
        choices,
        name: field.name.clone(),
    }
}

/// A value as one types it: text as it is, everything else as JSON.
fn shown(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}

/// Nothing stands for the default.
fn read(field: &FieldDeclaration, text: String) -> Option<Value> {
    if text.is_empty() {
        return None;
    }
    match field.field_type {
        FieldType::String | FieldType::XmlString => Some(Value::String(text)),
        _ => Some(serde_json::from_str(&text).unwrap_or(Value::String(text))),
    }
}
