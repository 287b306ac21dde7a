//! `GET /assets/{version}/{name}`: the host's own style sheets and scripts.

use axum::extract::State;
use axum::response::Response;

use crate::error::HttpError;
use crate::path::Path;
use crate::state::AppState;

pub(crate) async fn show(
    State(state): State<AppState>,
    Path((version, name)): Path<(String, String)>,
) -> Result<Response, HttpError> {
    let file = state.assets().file(&version, &name);
    file.ok_or_else(|| HttpError::not_found(format!("there is no asset `{name}`")))
}

/// `GET /embed.js`: the script that other sites name, so its address stays.
pub(crate) async fn embed_script(state: State<AppState>) -> Result<Response, HttpError> {
    show(state, Path((String::new(), "embed.js".to_owned()))).await
}
