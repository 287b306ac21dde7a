//! `/author/`: the pages on which authors write libraries. Forms and links only: they work from the keyboard and
//! without scripts. What they change goes through the same gate and the same store as the API.

mod block;
mod fields;
mod libraries;
mod library;
mod team;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::state::AppState;

/// Bytes of a form: OLX with every character escaped, or a file of 20 MiB.
const FORM_LIMIT: usize = 1 << 20;
const UPLOAD_LIMIT: usize = 21 << 20;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/author/", get(libraries::show).post(libraries::create))
        .route("/author/{library}/", get(library::show))
        .route("/author/{library}/blocks", post(library::add_block))
        .route("/author/{library}/publish", post(library::publish))
        .route("/author/{library}/revert", post(library::revert))
        .route("/author/{library}/team", get(team::show).post(team::change))
        .route("/author/block/{usage}", get(block::show))
        .route("/author/block/{usage}/olx", post(block::save_olx))
        .route("/author/block/{usage}/fields", post(block::save_fields))
        .route("/author/block/{usage}/publish", post(block::publish))
        .route("/author/block/{usage}/delete", post(block::delete))
        .route("/author/block/{usage}/reset", post(block::reset))
        .route("/author/block/{usage}/files/delete", post(block::delete_file))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
        .route("/author/block/{usage}/files", post(block::upload).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
}
