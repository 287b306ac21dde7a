//! What only the operator may see and do.

mod host;

use axum::Router;
use axum::routing::get;

use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new().route("/api/admin/host", get(host::show))
}
