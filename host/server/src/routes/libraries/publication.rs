//! Publishing and reverting a library. Both are fine when there is nothing to do.

use axum::extract::State;
use axum::response::{Json, Response};
use serde_json::json;

use super::gate::{Need, library_for, library_key};
use crate::account::Account;
use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

pub(crate) async fn publish(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let key = library_key(&library)?;
    library_for(&state, &account, &key, Need::Edit).await?;
    state.runtime().libraries().publish_library(&key, &account.author()).await?;
    Ok(account.answer(&state, Json(json!({}))))
}

pub(crate) async fn revert(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
) -> Result<Response, HttpError> {
    let key = library_key(&library)?;
    library_for(&state, &account, &key, Need::Edit).await?;
    state.runtime().libraries().revert_library(&key, &account.author()).await?;
    Ok(account.answer(&state, Json(json!({}))))
}
