//! Publishing and reverting a library. Both are fine when there is nothing to do, and take what the author saw, so that
//! nobody publishes or loses what others changed since.

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::response::{Json, Response};
use blockhouse_content::libraries::Seen;
use serde::Deserialize;
use utoipa::IntoParams;

use super::gate::{self, Need};
use super::shape;
use crate::account::Account;
use crate::error::HttpError;
use crate::openapi::Problem;
use crate::path::Path;
use crate::state::AppState;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Looked {
    /// The unpublished changes that the author saw, as `KEY@VERSION KEY@VERSION` with version 0 of what was deleted; 409
    /// when there are others by now. Without it, whatever is there is meant.
    seen: Option<String>,
}

impl Looked {
    pub(super) fn seen(self) -> Option<Seen> {
        self.seen.map(|seen| {
            let Ok(seen) = seen.parse();
            seen
        })
    }
}

/// Publishes everything that changed.
#[utoipa::path(
    post,
    path = "/api/libraries/v2/{library}/commit/",
    operation_id = "publish_library",
    params(Looked),
    responses(
        (status = 200, description = "Learners see the draft", body = shape::Empty),
        (status = 409, description = "There are changes that the author did not see", body = Problem),
    )
)]
pub(crate) async fn publish(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    looked: Result<Query<Looked>, QueryRejection>,
) -> Result<Response, HttpError> {
    let seen = looked?.0.seen();
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    state.runtime().libraries().publish_library(&key, seen.as_ref(), &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}

/// Takes every change back that was not published.
#[utoipa::path(
    delete,
    path = "/api/libraries/v2/{library}/commit/",
    operation_id = "revert_library",
    params(Looked),
    responses(
        (status = 200, description = "The draft is what learners see", body = shape::Empty),
        (status = 409, description = "There are changes that the author did not see", body = Problem),
    )
)]
pub(crate) async fn revert(
    State(state): State<AppState>,
    account: Account,
    Path(library): Path<String>,
    looked: Result<Query<Looked>, QueryRejection>,
) -> Result<Response, HttpError> {
    let seen = looked?.0.seen();
    let key = gate::library(&state, &account, &library, Need::Edit).await?.key;
    state.runtime().libraries().revert_library(&key, seen.as_ref(), &account.author()).await?;
    Ok(account.answer(&state, Json(shape::Empty {})))
}
