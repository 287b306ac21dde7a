//! The whole API on one page.
//!
//! Layers, from the outside in: compression; what every request goes through (`every_request`); panics caught.

use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::cors::{Any, CorsLayer};

use crate::error::{self, HttpError};
use crate::routes::{
    admin, answers, asset, author, blockstore, courses, dev_identity, embed, fields, file, frame,
    frame_library, handler, handler_url, health, language, learning_context, libraries, metadata, olx,
    outline, resource, standing, static_file, unit, view,
};
use crate::state::AppState;
use crate::{every_request, openapi};

/// Bytes that a form of the host's own pages may have.
const FORM_LIMIT: usize = 16 * 1024;

/// How long a browser may remember that a frame may call handlers: the longest that any browser does.
const PREFLIGHT: Duration = Duration::from_secs(2 * 3600);

/// Everything that the server answers.
pub fn router(state: AppState) -> Router {
    let mut routes = pages()
        .merge(api())
        .merge(libraries::routes())
        .merge(author::routes())
        .merge(admin::routes())
        .merge(for_frames())
        .merge(operations());
    if state.config().development {
        routes = routes.route("/dev/identity", post(dev_identity::choose));
    }
    if let Some(blockstore) = state.blockstore() {
        routes = routes.merge(blockstore::router(blockstore.clone()));
    }
    let layers = ServiceBuilder::new()
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.clone(), every_request::answer))
        .layer(CatchPanicLayer::custom(error::panicked));
    routes
        .fallback(|| async { HttpError::not_found("there is nothing at this address") })
        .method_not_allowed_fallback(|| async { HttpError::method_not_allowed() })
        .layer(layers)
        .with_state(state)
}

/// For people.
fn pages() -> Router<AppState> {
    Router::new()
        .route("/", get(courses::show))
        .route("/learn/{context}", get(outline::show))
        .route("/learn/{context}/{unit}", get(unit::show))
        .route("/learn/{context}/{unit}/standing", get(standing::show))
        .route("/answers", post(answers::decide))
        .route("/language", post(language::choose))
        .route("/assets/{version}/{name}", get(asset::show))
        .layer(DefaultBodyLimit::max(FORM_LIMIT))
}

/// For programs (spec 3.10).
fn api() -> Router<AppState> {
    Router::new()
        .route("/api/openapi.json", get(openapi::show))
        .route("/api/xblock/v2/xblocks/{usage}/", get(metadata::show))
        .route("/api/xblock/v2/xblocks/{usage}/fields/", get(fields::show).post(fields::save))
        .route("/api/xblock/v2/xblocks/{usage}/olx/", get(olx::show))
        .route("/api/xblock/v2/xblocks/{usage}/view/{view}/", get(view::show))
        .route("/api/xblock/v2/xblocks/{usage}/handler_url/{handler}/", get(handler_url::show))
        .route(
            "/api/contexts/v1/{context}/",
            get(learning_context::show).put(learning_context::save).delete(learning_context::delete),
        )
}

/// For frames. They have no origin, so to them the server is another site: these and no others may be read from
/// anywhere, and never with cookies (spec 3.6.6, row 102).
fn for_frames() -> Router<AppState> {
    const HANDLER: &str = "/api/xblock/v2/xblocks/{usage}/handler/{credential}/{handler}";
    let from_anywhere = CorsLayer::new()
        .allow_origin(Any)
        .allow_methods(Any)
        .allow_headers(Any)
        .expose_headers(Any)
        .max_age(PREFLIGHT);
    Router::new()
        .route(HANDLER, any(handler::call))
        .route(&format!("{HANDLER}/"), any(handler::call))
        .route(&format!("{HANDLER}/{{*suffix}}"), any(handler::call_with_suffix))
        .route("/xblock/resource/{block_type}/{digest}/{*path}", get(resource::show))
        .route("/frame-libraries/{name}", get(frame_library::show))
        .route("/static/{context}/{*name}", get(static_file::show))
        .route("/files/{usage}/{hash}/{*name}", get(file::show))
        .layer(from_anywhere)
        // The document itself is shown by our own pages only.
        .route("/frame/{usage}/{credential}/{view}", get(frame::show))
        // These are for pages of other sites.
        .route("/xblocks/v2/{usage}/embed/{view}/", get(embed::show))
        .route("/embed.js", get(asset::embed_script))
}

/// For operators.
fn operations() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(health::metrics))
}
