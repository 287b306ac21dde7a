//! `GET /api/admin/host`: which host this is.

use axum::extract::State;
use axum::response::Json;
use serde::Serialize;
use utoipa::ToSchema;

use crate::operator::Operator;
use crate::state::AppState;

/// A host in a few words.
#[derive(Serialize, ToSchema)]
pub(crate) struct Host {
    version: &'static str,
    public_url: String,
    development: bool,
    block_types: usize,
    /// How many of them are loaded, since somebody used them.
    loaded_block_types: usize,
    courses: usize,
}

/// Which host this is.
#[utoipa::path(
    get,
    path = "/api/admin/host",
    operation_id = "host",
    responses((status = 200, description = "The host in a few words", body = Host))
)]
pub(crate) async fn show(_: Operator, State(state): State<AppState>) -> Json<Host> {
    Json(Host {
        version: env!("CARGO_PKG_VERSION"),
        public_url: state.config().public_url.clone(),
        development: state.config().development,
        block_types: state.runtime().installed().len(),
        loaded_block_types: state.runtime().loaded_block_types(),
        courses: state.runtime().content().contexts().len(),
    })
}
