//! Pasting into a library (spec 7.3). There is no clipboard here, which would be somebody's state on the server: the request
//! brings along what was copied, or says which block of a library it was copied from.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{Multipart, State};
use axum::response::{Json, Response};
use blockhouse_content::libraries::block_type_of;
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

/// What was copied.
#[derive(Default)]
struct Copied {
    olx: Option<String>,
    files: BTreeMap<String, Bytes>,
}

/// Makes a component of what was copied.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/{library}/paste_clipboard/",
    operation_id = "paste_into_library",
    request_body(content = Upload, content_type = "multipart/form-data"),
    responses((status = 200, description = "The new component", body = shape::Component))
)]
pub(crate) async fn paste(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, HttpError> {
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    let form = form.map_err(|error| HttpError::bad_request(error.body_text()))?;
    let copied = read(&state, &account, form).await?;
    let olx = copied.olx.ok_or_else(|| HttpError::invalid("olx", "This field is required."))?;
    let mut new = blank(&state, block_type_of(&olx)?, String::new(), true).await?;
    new.olx = olx;
    let libraries = state.runtime().libraries();
    let component = libraries.paste(&key, new, copied.files, &account.author()).await?;
    Ok(account.answer(&state, Json(shape::component(&component))))
}

async fn read(state: &AppState, account: &Account, mut form: Multipart) -> Result<Copied, HttpError> {
    let mut copied = Copied::default();
    while let Some(field) = form.next_field().await? {
        let file = field.file_name().filter(|name| !name.is_empty()).map(str::to_owned);
        match (field.name(), file) {
            (Some("olx"), _) => copied.olx = Some(field.text().await?),
            (Some("source_usage_key"), _) => {
                let source = of_library(state, account, &field.text().await?).await?;
                copied.olx = source.olx;
                copied.files.extend(source.files);
            }
            (_, Some(name)) => drop(copied.files.insert(name, field.bytes().await?)),
            _ => {}
        }
    }
    Ok(copied)
}

/// The draft of a block that whoever pastes it may read.
async fn of_library(state: &AppState, account: &Account, usage: &str) -> Result<Copied, HttpError> {
    let wrong = |error: HttpError| match error.status().is_client_error() {
        true => HttpError::invalid(
            "source_usage_key",
            format!("`{usage}` is no block of a library that you may read"),
        ),
        false => error,
    };
    let source = gate::component(state, account, usage, Need::Read).await.map_err(wrong)?;
    let libraries = state.runtime().libraries();
    let (olx, _) = libraries.olx(&source).await.map_err(|error| wrong(error.into()))?;
    let mut files = BTreeMap::new();
    for file in libraries.files(&source).await? {
        let data = libraries.file_bytes(&source, &file.digest.to_hex()).await?;
        files.insert(file.path, data);
    }
    Ok(Copied { olx: Some(olx), files })
}
