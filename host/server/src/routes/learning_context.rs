//! `/api/contexts/v1/{context}/`: the document of a learning context that a plug-in answers for (spec 6).

use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{Json, Response};
use blockhouse_keys::{LearningContextKey, PluginContextKey};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::account::Account;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::{self, Path, Query};
use crate::state::AppState;

/// A learning context and its document.
#[derive(Serialize, ToSchema)]
#[schema(as = LearningContext)]
pub(crate) struct Shown {
    key: String,
    /// What its author wrote, in the form that its kind has.
    document: String,
    /// Counts the saves.
    version_num: u64,
    /// The name of the account that made it.
    created_by: String,
    /// Blocks of courses and libraries from which it may take content.
    sources: Vec<String>,
    /// The blocks that learners may find in it.
    usages: Vec<String>,
}

/// The document, for whoever may change it.
#[utoipa::path(
    get,
    path = "/api/contexts/v1/{context}/",
    operation_id = "learning_context",
    params(("context" = String, Path, description = "A key that begins with `x-`, such as `x-pathway:ORG:SLUG`")),
    responses((status = 200, description = "What its author wrote", body = Shown), (status = 401, description = "Nobody with an account", body = Problem), (status = 403, description = "Not for whoever asks", body = Problem), (status = 404, description = "No such context, or none with a document", body = Problem)),
    security(("session" = []), ("platform" = []))
)]
pub(crate) async fn show(
    State(state): State<AppState>,
    account: Account,
    Path(context): Path<String>,
) -> Result<Response, HttpError> {
    let shown = shown(&state, &account, &key(&context)?).await?;
    Ok(account.answer(&state, Json(shown)))
}

/// A document to be saved.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewLearningContext)]
pub(crate) struct New {
    document: String,
    /// The version that was changed; none for a new context.
    version_num: Option<u64>,
}

/// Makes a context, or changes what is there.
#[utoipa::path(
    put,
    path = "/api/contexts/v1/{context}/",
    operation_id = "save_learning_context",
    params(("context" = String, Path, description = "A key that begins with `x-`, such as `x-pathway:ORG:SLUG`")),
    request_body = New,
    responses((status = 200, description = "What it has become", body = Shown), (status = 400, description = "A document that its kind does not take, or that names blocks which its author may not show", body = Problem), (status = 401, description = "Nobody with an account", body = Problem), (status = 403, description = "Not for whoever asks", body = Problem), (status = 404, description = "No such kind of context", body = Problem), (status = 409, description = "It has been changed meanwhile", body = Problem), (status = 413, description = "Too large", body = Problem)),
    security(("session" = []), ("platform" = []))
)]
pub(crate) async fn save(
    State(state): State<AppState>,
    account: Account,
    Path(context): Path<String>,
    new: Result<Json<New>, JsonRejection>,
) -> Result<Response, HttpError> {
    let (key, Json(new)) = (key(&context)?, new?);
    let based_on = new.version_num.unwrap_or_default();
    let visitor = &account.identity.visitor;
    state.runtime().save_context_document(visitor, &key, &new.document, based_on).await?;
    let shown = shown(&state, &account, &key).await?;
    Ok(account.answer(&state, Json(shown)))
}

#[derive(Deserialize, IntoParams)]
pub(crate) struct Seen {
    /// The version that was looked at.
    version_num: u64,
}

/// Takes a context away. What learners did in it stays.
#[utoipa::path(
    delete,
    path = "/api/contexts/v1/{context}/",
    operation_id = "delete_learning_context",
    params(("context" = String, Path, description = "A key that begins with `x-`, such as `x-pathway:ORG:SLUG`"), Seen),
    responses((status = 204, description = "It is gone"), (status = 401, description = "Nobody with an account", body = Problem), (status = 403, description = "Not for whoever asks", body = Problem), (status = 404, description = "No such context", body = Problem), (status = 409, description = "It has been changed meanwhile", body = Problem)),
    security(("session" = []), ("platform" = []))
)]
pub(crate) async fn delete(
    State(state): State<AppState>,
    account: Account,
    Path(context): Path<String>,
    Query(seen): Query<Seen>,
) -> Result<Response, HttpError> {
    let visitor = &account.identity.visitor;
    state.runtime().delete_context_document(visitor, &key(&context)?, seen.version_num).await?;
    Ok(account.answer(&state, StatusCode::NO_CONTENT))
}

fn key(context: &str) -> Result<PluginContextKey, HttpError> {
    match path::context(context)? {
        LearningContextKey::Plugin(key) => Ok(key),
        other => Err(HttpError::not_found(format!(
            "`{other}` is written elsewhere: here are contexts of plug-ins, whose keys begin with x-"
        ))),
    }
}

async fn shown(state: &AppState, account: &Account, key: &PluginContextKey) -> Result<Shown, HttpError> {
    let runtime = state.runtime();
    let document = runtime.context_document(&account.identity.visitor, key).await?;
    let usages = runtime.context_usages(key).await?;
    Ok(Shown {
        key: key.to_string(),
        document: document.document.to_string(),
        version_num: document.version,
        created_by: document.author.username,
        sources: document.sources.iter().map(ToString::to_string).collect(),
        usages: usages.iter().map(ToString::to_string).collect(),
    })
}
