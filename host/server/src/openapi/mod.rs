//! `/api/openapi.json`: the API for programs, described for programs. Each endpoint is described where it is written,
//! with what is its own; what all of them have in common is added in `common`.
//!
//! The tests of the server hold it against the router: an endpoint that is served and not described fails them.

mod common;

use axum::extract::State;
use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};

use crate::routes::{
    admin, blockstore, embed, fields, handler, handler_url, health, learning_context, libraries, metadata,
    olx, standing, view,
};
use crate::session;
use crate::state::AppState;

/// What every refusal looks like.
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What is wrong, and what can be done about it.
    detail: String,
    /// The request's id, which is in the log, too.
    request_id: String,
    /// The current version, where an edit was based on another.
    #[serde(skip_serializing_if = "Option::is_none")]
    version_num: Option<u64>,
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Blockhouse",
        description = "Learning blocks for programs: what a block is, its views, its handlers; libraries; what operators see and change."
    ),
    paths(
        show, metadata::show, view::show, fields::show, fields::save, olx::show, handler_url::show, handler::call,
        handler::call_with_suffix, learning_context::show, learning_context::save, learning_context::delete, embed::show, standing::show, health::healthz, health::readyz, health::metrics
    ),
    components(schemas(Problem)),
    modifiers(&Tokens),
    security((), ("session" = []), ("platform" = []))
)]
struct Description;

/// Who one can be.
struct Tokens;

impl Modify for Tokens {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = || HttpBuilder::new().scheme(HttpAuthScheme::Bearer);
        let schemes = [
            ("session", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(session::NAME)))),
            ("platform", SecurityScheme::Http(bearer().bearer_format("JWT").build())),
            ("operator", SecurityScheme::Http(bearer().build())),
            ("blockstore", SecurityScheme::Http(bearer().build())),
        ];
        let components = openapi.components.get_or_insert_default();
        for (name, scheme) in schemes {
            components.add_security_scheme(name, scheme);
        }
    }
}

/// This description.
#[utoipa::path(
    get,
    path = "/api/openapi.json",
    operation_id = "openapi",
    responses((status = 200, description = "An OpenAPI document", body = serde_json::Value)),
    security(())
)]
pub(crate) async fn show(State(state): State<AppState>) -> Response {
    Json(document(state.blockstore().is_some())).into_response()
}

/// What this host serves: the Blockstore API only where there is one.
fn document(with_blockstore: bool) -> utoipa::openapi::OpenApi {
    let mut whole = Description::openapi();
    whole.merge(common::open_to(libraries::Description::openapi(), &["session", "platform"]));
    whole.merge(common::open_to(admin::Description::openapi(), &["operator"]));
    if with_blockstore {
        whole.merge(common::open_to(blockstore::Description::openapi(), &["blockstore"]));
    }
    common::complete(&mut whole);
    whole
}
