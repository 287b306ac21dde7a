//! `/api/xblock/v2/xblocks/{usage}/fields/`: what an author wrote into a block, field by field (spec 3.10).

use std::collections::BTreeMap;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::{Json, Response};
use blockhouse_fields::Scope;
use blockhouse_runtime::{AuthoredFields, SetFieldsError, Version};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::account::Account;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::{self, Path};
use crate::state::AppState;

/// The field that older editors know as the block's content.
const DATA: &str = "data";

#[utoipa::path(
    get,
    path = "/api/xblock/v2/xblocks/{usage}/fields/",
    operation_id = "fields",
    params(("usage" = String, Path, description = "A usage key, with `@draft`, `@published` or `@N` behind it for a version")),
    responses((status = 200, description = "What its author wrote", body = serde_json::Value), (status = 401, description = "Nobody with an account", body = Problem), (status = 403, description = "Not for whoever asks", body = Problem), (status = 404, description = "No such block, context or version", body = Problem))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
) -> Result<Response, HttpError> {
    let (usage, version) = path::versioned(&usage)?;
    // Whoever reads fields is an author, and works on the draft.
    let version = version.unwrap_or(Version::Draft);
    let fields = state.runtime().fields(&account.identity.visitor, &usage, version).await?;
    Ok(account.answer(&state, Json(shape(&fields))))
}

#[derive(Deserialize)]
pub(crate) struct Changes {
    data: Option<Value>,
    #[serde(default)]
    metadata: BTreeMap<String, Value>,
    /// The version that was edited; 409 when it is not the current one any more.
    version_num: Option<u64>,
}

#[utoipa::path(
    post,
    path = "/api/xblock/v2/xblocks/{usage}/fields/",
    operation_id = "save_fields",
    params(("usage" = String, Path, description = "A usage key, with `@draft`, `@published` or `@N` behind it for a version")),
    request_body(content = serde_json::Value, description = "`data`, and `metadata` by field; null resets a field"),
    responses((status = 200, description = "What it has become", body = serde_json::Value), (status = 400, description = "A value that the field does not take, or a version", body = Problem), (status = 401, description = "Nobody with an account", body = Problem), (status = 403, description = "Not for whoever asks", body = Problem), (status = 404, description = "No such block, context or version", body = Problem), (status = 409, description = "It has been edited meanwhile", body = Problem))
)]
pub(crate) async fn save(
    State(state): State<AppState>,
    account: Account,
    Path(usage): Path<String>,
    changes: Result<Json<Changes>, JsonRejection>,
) -> Result<Response, HttpError> {
    let ((usage, version), Json(changes)) = (path::versioned(&usage)?, changes?);
    if version.is_some() {
        return Err(HttpError::bad_request("Cannot specify a version when saving changes"));
    }
    let mut fields: BTreeMap<_, _> = changes
        .metadata
        .into_iter()
        .map(|(name, value)| (name, Some(value).filter(|value| !value.is_null())))
        .collect();
    if let Some(data) = changes.data {
        fields.insert(DATA.to_owned(), Some(data));
    }
    let visitor = &account.identity.visitor;
    state.runtime().set_fields(visitor, &usage, fields, changes.version_num).await?;
    let mut body = shape(&state.runtime().fields(visitor, &usage, Version::Draft).await?);
    if let Some(body) = body.as_object_mut() {
        body.insert("id".to_owned(), usage.as_str().into());
    }
    Ok(account.answer(&state, Json(body)))
}

fn shape(fields: &AuthoredFields) -> Value {
    let mut body = json!({
        "display_name": fields.block.display_name,
        "metadata": fields.of_scope(Scope::Settings),
        "version_num": fields.number,
    });
    if let (Some(body), Some(field)) = (body.as_object_mut(), fields.declared.field(DATA)) {
        let data = fields.set.get(DATA).unwrap_or(&field.default);
        body.insert(DATA.to_owned(), data.clone());
    }
    body
}

impl From<SetFieldsError> for HttpError {
    fn from(error: SetFieldsError) -> Self {
        match error {
            SetFieldsError::Runtime(error) => error.into(),
            other => Self::invalid("error", format!("Invalid data ({other})")),
        }
    }
}
