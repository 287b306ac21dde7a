//! `/api/libraries/v2/`: content libraries for authors' programs (spec 7.3). One file per noun.

mod assets;
mod backup;
mod blocks;
mod collections;
mod containers;
pub(crate) mod gate;
mod hierarchy;
mod history;
mod library;
mod links;
mod olx;
mod page;
mod paste;
mod publication;
mod shape;
mod team;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, patch, post, put};

use crate::state::AppState;

pub(crate) use blocks::blank;
pub(crate) use gate::Need;
pub(crate) use shape::moment;

/// These endpoints, described for programs.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    library::list,
    library::create,
    library::show,
    library::update,
    library::delete,
    library::block_types,
    backup::begin,
    backup::state,
    backup::download,
    backup::restore,
    backup::restored,
    blocks::list,
    blocks::create,
    blocks::show,
    blocks::delete,
    blocks::restore,
    blocks::copy,
    blocks::publish,
    paste::paste,
    hierarchy::of_block,
    hierarchy::of_container,
    history::drafts,
    history::publications,
    history::creation,
    history::published,
    publication::publish,
    publication::revert,
    links::list,
    links::create,
    links::update,
    links::delete,
    team::list,
    team::invite,
    team::show_user,
    team::put_user,
    team::delete_user,
    team::put_group,
    team::delete_group,
    collections::list,
    collections::create,
    collections::show,
    collections::update,
    collections::delete,
    collections::restore,
    collections::add,
    collections::remove,
    collections::of_block,
    containers::list,
    containers::create,
    containers::show,
    containers::update,
    containers::delete,
    containers::restore,
    containers::copy,
    containers::publish,
    containers::children,
    containers::add_children,
    containers::replace_children,
    containers::remove_children,
    olx::show,
    olx::save,
    assets::list,
    assets::show,
    assets::upload,
    assets::delete
))]
pub(crate) struct Description;

/// Bytes of a request with a file in it: 20 MiB and what is around it.
const UPLOAD_LIMIT: usize = 21 << 20;

/// Bytes of a library's backup.
const BACKUP_LIMIT: usize = 200 << 20;

pub(crate) fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/libraries/v2/", get(library::list).post(library::create))
        .route(
            "/api/libraries/v2/{library}/",
            get(library::show).patch(library::update).delete(library::delete),
        )
        .route("/api/libraries/v2/{library}/backup/", get(backup::state).post(backup::begin))
        .route("/api/libraries/v2/{library}/backup/file/", get(backup::download))
        .route(
            "/api/libraries/v2/restore/",
            get(backup::restored).merge(post(backup::restore).layer(DefaultBodyLimit::max(BACKUP_LIMIT))),
        )
        .route("/api/libraries/v2/{library}/block_types/", get(library::block_types))
        .route("/api/libraries/v2/{library}/blocks/", get(blocks::list).post(blocks::create))
        .route("/api/libraries/v2/{library}/commit/", post(publication::publish).delete(publication::revert))
        .route("/api/libraries/v2/{library}/links/", get(links::list).post(links::create))
        .route("/api/libraries/v2/{library}/links/{link}/", patch(links::update).delete(links::delete))
        .route(
            "/api/libraries/v2/{library}/paste_clipboard/",
            post(paste::paste).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)),
        )
        .route("/api/libraries/v2/{library}/publish_history_entries/", get(history::published))
        .route("/api/libraries/v2/{library}/team/", get(team::list).post(team::invite))
        .route(
            "/api/libraries/v2/{library}/team/user/{username}/",
            get(team::show_user).put(team::put_user).delete(team::delete_user),
        )
        .route(
            "/api/libraries/v2/{library}/team/group/{group}/",
            put(team::put_group).delete(team::delete_group),
        )
        .route("/api/libraries/v2/{library}/collections/", get(collections::list).post(collections::create))
        .route(
            "/api/libraries/v2/{library}/collections/{collection}/",
            get(collections::show).patch(collections::update).delete(collections::delete),
        )
        .route("/api/libraries/v2/{library}/collections/{collection}/restore/", post(collections::restore))
        .route(
            "/api/libraries/v2/{library}/collections/{collection}/items/",
            patch(collections::add).delete(collections::remove),
        )
        .route("/api/libraries/v2/{library}/containers/", get(containers::list).post(containers::create))
        .route(
            "/api/libraries/v2/containers/{container}/",
            get(containers::show).patch(containers::update).delete(containers::delete),
        )
        .route("/api/libraries/v2/containers/{container}/restore/", post(containers::restore))
        .route("/api/libraries/v2/containers/{container}/copy/", post(containers::copy))
        .route("/api/libraries/v2/containers/{container}/hierarchy/", get(hierarchy::of_container))
        .route("/api/libraries/v2/containers/{container}/publish/", post(containers::publish))
        .route(
            "/api/libraries/v2/containers/{container}/children/",
            get(containers::children)
                .post(containers::add_children)
                .patch(containers::replace_children)
                .delete(containers::remove_children),
        )
        .route("/api/libraries/v2/blocks/{usage}/", get(blocks::show).delete(blocks::delete))
        .route("/api/libraries/v2/blocks/{usage}/hierarchy/", get(hierarchy::of_block))
        .route("/api/libraries/v2/blocks/{usage}/draft_history/", get(history::drafts))
        .route("/api/libraries/v2/blocks/{usage}/publish_history/", get(history::publications))
        .route("/api/libraries/v2/blocks/{usage}/creation_entry/", get(history::creation))
        .route("/api/libraries/v2/blocks/{usage}/restore/", post(blocks::restore))
        .route("/api/libraries/v2/blocks/{usage}/copy/", post(blocks::copy))
        .route("/api/libraries/v2/blocks/{usage}/publish/", post(blocks::publish))
        .route("/api/libraries/v2/blocks/{usage}/collections/", patch(collections::of_block))
        .route("/api/libraries/v2/blocks/{usage}/olx/", get(olx::show).post(olx::save))
        .route("/api/libraries/v2/blocks/{usage}/assets/", get(assets::list))
        .route(
            "/api/libraries/v2/blocks/{usage}/assets/{*path}",
            get(assets::show)
                .put(assets::upload)
                .layer(DefaultBodyLimit::max(UPLOAD_LIMIT))
                .merge(delete(assets::delete)),
        )
}
