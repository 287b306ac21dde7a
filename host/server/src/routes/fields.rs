//! `/api/xblock/v2/xblocks/{usage}/fields/`: what an author wrote into a block, field by field (spec 3.10).

use std::collections::BTreeMap;

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::response::{Json, Response};
use blockhouse_fields::Scope;
use blockhouse_runtime::{AuthoredFields, SetFieldsError, Version};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::account::Account;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::{self, Path};
use crate::state::AppState;

/// The field that older editors know as the block's content.
const DATA: &str = "data";

/// What an author wrote.
#[derive(Serialize, ToSchema)]
#[schema(as = Fields)]
pub(crate) struct Shown {
    display_name: String,
    /// The fields of scope `settings` that were set, by name.
    #[schema(value_type = Object)]
    metadata: Value,
    version_num: Option<u64>,
    /// The field that holds the block's content, where there is one of this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    /// The usage key, when something was saved.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

#[utoipa::path(
    get,
    path = "/api/xblock/v2/xblocks/{usage}/fields/",
    operation_id = "fields",
    params(("usage" = String, Path, description = "A usage key, with `@draft`, `@published` or `@N` behind it for a version")),
    responses((status = 200, description = "What its author wrote", body = Shown), (status = 401, description = "Nobody with an account", body = Problem), (status = 403, description = "Not for whoever asks", body = Problem), (status = 404, description = "No such block, context or version", body = Problem), (status = 422, description = "The content is broken", body = Problem)),
    security(("session" = []), ("platform" = []))
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

#[derive(Deserialize, ToSchema)]
#[schema(as = FieldChanges)]
pub(crate) struct Changes {
    /// What the field `data` is to hold.
    data: Option<Value>,
    /// Fields by name; `null` resets one.
    #[serde(default)]
    #[schema(value_type = Object)]
    metadata: BTreeMap<String, Value>,
    /// The version that was edited; 409 when it is not the current one any more.
    version_num: Option<u64>,
}

#[utoipa::path(
    post,
    path = "/api/xblock/v2/xblocks/{usage}/fields/",
    operation_id = "save_fields",
    params(("usage" = String, Path, description = "A usage key, with `@draft`, `@published` or `@N` behind it for a version")),
    request_body = Changes,
    responses((status = 200, description = "What it has become", body = Shown), (status = 400, description = "A value that the field does not take, or a version", body = Problem), (status = 401, description = "Nobody with an account", body = Problem), (status = 403, description = "Not for whoever asks", body = Problem), (status = 404, description = "No such block, context or version", body = Problem), (status = 422, description = "The content is broken", body = Problem), (status = 409, description = "It has been edited meanwhile", body = Problem)),
    security(("session" = []), ("platform" = []))
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
    let fields = state.runtime().fields(visitor, &usage, Version::Draft).await?;
    let body = Shown { id: Some(usage.to_string()), ..shape(&fields) };
    Ok(account.answer(&state, Json(body)))
}

fn shape(fields: &AuthoredFields) -> Shown {
    let data =
        fields.declared.field(DATA).map(|field| fields.set.get(DATA).unwrap_or(&field.default).clone());
    Shown {
        display_name: fields.block.display_name.clone(),
        metadata: serde_json::json!(fields.of_scope(Scope::Settings)),
        version_num: fields.number,
        data,
        id: None,
    }
}

impl From<SetFieldsError> for HttpError {
    fn from(error: SetFieldsError) -> Self {
        match error {
            SetFieldsError::Runtime(error) => error.into(),
            other => Self::invalid("error", format!("Invalid data ({other})")),
        }
    }
}
