//! What only the operator may see and do.

mod blocks;
mod host;
pub(crate) mod learners;
mod packages;
mod recordings;
pub(crate) mod states;

use axum::Router;
use axum::routing::{delete, get, post, put};

use crate::state::AppState;

/// These endpoints, described for programs.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    host::show,
    blocks::list,
    blocks::release,
    recordings::order,
    packages::list,
    packages::install,
    packages::choose,
    packages::remove,
    learners::row::show,
    learners::row::reset,
    learners::file::show,
    learners::score::show,
    learners::score::set,
    learners::score::delete,
    learners::completion::show,
    learners::completion::set,
    learners::completion::list,
    states::export
))]
pub(crate) struct Description;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/admin/host", get(host::show))
        .route("/api/admin/blocks", get(blocks::list))
        .route("/api/admin/blocks/release", post(blocks::release))
        .route("/api/admin/recordings", post(recordings::order))
        .route("/admin/blocks", get(blocks::show))
        .route("/admin/blocks/release", post(blocks::release_by_form))
        .route("/api/admin/packages", get(packages::list).post(packages::install))
        .route("/api/admin/packages/{block_type}/current", put(packages::choose))
        .route("/api/admin/packages/{block_type}/{version}", delete(packages::remove))
        .route("/api/admin/states", get(states::export))
        .merge(learners::routes())
}
