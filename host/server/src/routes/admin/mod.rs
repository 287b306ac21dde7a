//! What only the operator may see and do.

mod host;
pub(crate) mod learners;
pub(crate) mod states;

use axum::Router;
use axum::routing::get;

use crate::state::AppState;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/admin/host", get(host::show))
        .route("/api/admin/states", get(states::export))
        .merge(learners::routes())
}
