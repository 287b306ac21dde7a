//! `/api/openapi.json`: the API for programs, described for programs. Each endpoint is described where it is written.

use axum::response::{IntoResponse, Json, Response};
use serde::Serialize;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi, ToSchema};

use crate::routes::admin::learners::{completion, row, score};
use crate::routes::admin::states;
use crate::routes::{embed, fields, handler, handler_url, health, metadata, olx, view};

/// What every refusal looks like.
#[derive(Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What is wrong, and what can be done about it.
    detail: String,
    /// The request's id, which is in the log, too.
    request_id: String,
}

#[derive(OpenApi)]
#[openapi(
    info(title = "Blockhouse", description = "Learning blocks for programs: what a block is, its views, its handlers."),
    paths(
        metadata::show, view::show, fields::show, fields::save, olx::show, handler_url::show, handler::call, embed::show,
        health::healthz, health::readyz,
        row::show, row::reset, score::show, score::set, score::delete,
        completion::show, completion::set, completion::list, states::export
    ),
    components(schemas(Problem, row::Taken, row::What, score::Points, score::Given, completion::Done)),
    modifiers(&Tokens),
    security((), ("platform" = []))
)]
struct Description;

struct Tokens;

impl Modify for Tokens {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
        let components = openapi.components.get_or_insert_default();
        components.add_security_scheme("platform", SecurityScheme::Http(scheme));
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("operator", SecurityScheme::Http(token));
    }
}

pub(crate) async fn show() -> Response {
    Json(Description::openapi()).into_response()
}
