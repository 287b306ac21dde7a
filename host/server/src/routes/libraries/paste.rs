//! Pasting into a library (spec 7.3): what the author put on the clipboard by `copy/`, or what the request brings
//! along, which is OLX with files, or the key of a block of a library.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{Json, Response};
use blockhouse_content::libraries::{Copied, LibraryError, NewComponent, block_type_of};
use blockhouse_keys::LibraryKey;
use serde::Serialize;
use utoipa::ToSchema;

use super::blocks::blank;
use super::gate::{self, Need};
use super::shape;
use crate::account::Account;
use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

/// What was copied. Only described here: it is read part by part.
#[derive(ToSchema)]
#[schema(as = Copied)]
#[expect(dead_code, reason = "it stands for the parts of a form")]
pub(crate) struct Upload {
    /// The block as OLX.
    olx: Option<String>,
    /// The key of a block in a library, whose draft is copied; in place of `olx`.
    source_usage_key: Option<String>,
    /// Its files, each under its name below `static/`.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<u8>,
}

/// What a form says.
#[derive(Default)]
struct Form {
    olx: Option<String>,
    files: BTreeMap<String, Bytes>,
}

/// What was pasted.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Pasted {
    /// A component.
    Component(shape::Component),
    /// A container.
    Container(shape::Container),
}

/// Makes a component of what was copied, or a container with what stood in it. Without a form, that is what is on the
/// clipboard.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/{library}/paste_clipboard/",
    operation_id = "paste_into_library",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, description = "The new component or container", body = Pasted))
)]
pub(crate) async fn paste(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    request: Request,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let pasted = if content_type.is_some_and(|content_type| content_type.starts_with("multipart/")) {
        let form = Multipart::from_request(request, &state).await;
        let form = form.map_err(|error| HttpError::bad_request(error.body_text()))?;
        let Form { olx, files } = read(&state, &account, form).await?;
        let olx = olx.ok_or_else(|| HttpError::invalid("olx", "This field is required."))?;
        Pasted::Component(component(&state, &account, &key, olx, files).await?)
    } else {
        from_clipboard(&state, &account, &key).await?
    };
    Ok(account.answer(&state, Json(pasted)))
}

/// What the author copied last, if they may still read it.
async fn from_clipboard(
    state: &AppState,
    account: &Account,
    library: &LibraryKey,
) -> Result<Pasted, HttpError> {
    let libraries = state.runtime().libraries();
    let Some(copied) = libraries.clipboard(&account.author()).await? else {
        return Err(HttpError::invalid(
            "clipboard",
            "There is nothing to paste; copy a block or a container first.",
        ));
    };
    match copied {
        Copied::Component(usage) => {
            let (olx, files) = of_library(state, account, usage.as_str(), "clipboard").await?;
            Ok(Pasted::Component(component(state, account, library, olx, files).await?))
        }
        Copied::Container(source) => {
            let key = gate::container(state, account, source.as_str(), Need::Read).await;
            let key = key.map_err(|error| unreadable(error, "clipboard", source.as_str()))?;
            let made = libraries.paste_container(library, &key, &account.author()).await;
            let made = made.map_err(|error| match error {
                LibraryError::NoSuchContainer(_) => unreadable(error.into(), "clipboard", source.as_str()),
                error => error.into(),
            })?;
            Ok(Pasted::Container(shape::container(&made)))
        }
    }
}

/// Makes a component of OLX and files.
async fn component(
    state: &AppState,
    account: &Account,
    library: &LibraryKey,
    olx: String,
    files: BTreeMap<String, Bytes>,
) -> Result<shape::Component, HttpError> {
    let blank = blank(state, block_type_of(&olx)?, String::new(), true).await?;
    let new = NewComponent { olx, ..blank };
    let made = state.runtime().libraries().paste(library, new, files, &account.author()).await?;
    Ok(shape::component(&made))
}

async fn read(state: &AppState, account: &Account, mut form: Multipart) -> Result<Form, HttpError> {
    let mut read = Form::default();
    while let Some(field) = form.next_field().await? {
        let file = field.file_name().filter(|name| !name.is_empty()).map(str::to_owned);
        match (field.name(), file) {
            (Some("olx"), _) => read.olx = Some(field.text().await?),
            (Some("source_usage_key"), _) => {
                let source = field.text().await?;
                let (olx, files) = of_library(state, account, &source, "source_usage_key").await?;
                read.olx = Some(olx);
                read.files.extend(files);
            }
            (_, Some(name)) => drop(read.files.insert(name, field.bytes().await?)),
            _ => {}
        }
    }
    Ok(read)
}

/// The draft of a block that whoever pastes it may read.
async fn of_library(
    state: &AppState,
    account: &Account,
    usage: &str,
    field: &'static str,
) -> Result<(String, BTreeMap<String, Bytes>), HttpError> {
    let wrong = |error: HttpError| unreadable(error, field, usage);
    let source = gate::component(state, account, usage, Need::Read).await.map_err(wrong)?;
    state.runtime().libraries().copied(&source).await.map_err(|error| wrong(error.into()))
}

/// Nobody is told whether what they may not read is there.
fn unreadable(error: HttpError, field: &'static str, key: &str) -> HttpError {
    match error.status().is_client_error() {
        true => HttpError::invalid(field, format!("`{key}` is not in a library that you may read")),
        false => error,
    }
}
