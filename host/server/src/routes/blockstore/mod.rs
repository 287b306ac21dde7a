//! The Blockstore REST API v1: bundles for other hosts (spec 7.1.5). It exists when the operator gave out a token.
//!
//! Whoever has a token may do everything: a Blockstore leaves it to the host in front of it to decide who may see what.
//! Addresses of files carry an authority of their own, for a few days, so that browsers can follow them.

mod bundles;
mod collections;
mod drafts;
mod files;
mod json;
mod versions;

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef, FromRequest, Request, State};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{Json, Response};
use axum::routing::{get, post};
use blockhouse_content::bundles::BundleStore;
use uuid::Uuid;

use crate::error::HttpError;
use crate::secret_tokens::SecretTokens;
use crate::{ConfigError, HandlerTokens, ServerConfig};

/// These endpoints, described for programs.
#[derive(utoipa::OpenApi)]
#[openapi(paths(
    root,
    collections::list,
    collections::create,
    collections::show,
    collections::rename,
    collections::delete,
    bundles::list,
    bundles::create,
    bundles::show,
    bundles::update,
    bundles::delete,
    versions::list,
    versions::show,
    drafts::list,
    drafts::open,
    drafts::show,
    drafts::edit,
    drafts::commit,
    drafts::delete,
    files::show
))]
pub(crate) struct Description;

/// Where the API lies.
const ROOT: &str = "/api/v1";

/// The most bytes of a body: a file of 50 MB in base64, and something around it.
const BODY_LIMIT: usize = 70 * 1024 * 1024;

/// What is served, and to whom.
#[derive(Clone)]
pub struct BlockstoreConfig {
    /// The bundles.
    pub store: Arc<dyn BundleStore>,
    /// Secrets that let another host in, each on its own.
    pub tokens: Vec<String>,
}

impl fmt::Debug for BlockstoreConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockstoreConfig").field("store", &self.store).finish_non_exhaustive()
    }
}

/// What the endpoints share.
#[derive(Clone)]
pub(crate) struct Blockstore {
    store: Arc<dyn BundleStore>,
    tokens: SecretTokens,
    /// Sign the addresses of files.
    signatures: HandlerTokens,
    origin: Arc<str>,
    clock: fn() -> u64,
}

impl Blockstore {
    pub(crate) fn new(config: &ServerConfig, blockstore: &BlockstoreConfig) -> Result<Self, ConfigError> {
        Ok(Self {
            store: Arc::clone(&blockstore.store),
            tokens: SecretTokens::new(&blockstore.tokens),
            signatures: HandlerTokens::new(&config.secret_keys).ok_or(ConfigError::NoSecretKey)?,
            origin: config.origin()?.into(),
            clock: config.clock,
        })
    }

    /// The address of something below the root.
    fn url(&self, path: impl fmt::Display) -> String {
        format!("{}{ROOT}/{path}", self.origin)
    }

    /// Whether the header is `Token …` or `Bearer …` with one of the tokens.
    fn lets_in(&self, headers: &HeaderMap) -> bool {
        let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let Some((scheme, token)) = header.split_once(' ') else {
            return false;
        };
        (scheme.eq_ignore_ascii_case("token") || scheme.eq_ignore_ascii_case("bearer"))
            && self.tokens.contains(token.trim())
    }
}

/// All endpoints. They stand beside the host's own and share nothing with them but the form of errors.
pub(crate) fn router<S>(blockstore: Blockstore) -> Router<S> {
    let at = |path: &str| format!("{ROOT}/{path}");
    let for_hosts = Router::new()
        .route(ROOT, get(root))
        .route(&at(""), get(root))
        .route(&at("collections"), get(collections::list).post(collections::create))
        .route(
            &at("collections/{uuid}"),
            get(collections::show)
                .put(collections::rename)
                .patch(collections::rename)
                .delete(collections::delete),
        )
        .route(&at("bundles"), get(bundles::list).post(bundles::create))
        .route(
            &at("bundles/{uuid}"),
            get(bundles::show).put(bundles::update).patch(bundles::update).delete(bundles::delete),
        )
        .route(&at("bundle_versions"), get(versions::list))
        .route(&at("bundle_versions/{version}"), get(versions::show))
        .route(&at("drafts"), get(drafts::list).post(drafts::open))
        .route(&at("drafts/{uuid}"), get(drafts::show).patch(drafts::edit).delete(drafts::delete))
        .route(&at("drafts/{uuid}/commit"), post(drafts::commit))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .route_layer(from_fn_with_state(blockstore.clone(), authorized));
    Router::new()
        .merge(for_hosts)
        .route(&at("files/{tree}/{signature}/{*path}"), get(files::show))
        .with_state(blockstore)
}

/// `GET /api/v1/`: where to go from here.
#[utoipa::path(
    get,
    path = "/api/v1/",
    operation_id = "blockstore",
    responses((status = 200, description = "Where to go from here", body = json::Root))
)]
async fn root(State(blockstore): State<Blockstore>) -> Json<json::Root> {
    Json(json::Root {
        bundles: blockstore.url("bundles"),
        bundle_versions: blockstore.url("bundle_versions"),
        collections: blockstore.url("collections"),
        drafts: blockstore.url("drafts"),
    })
}

async fn authorized(
    State(blockstore): State<Blockstore>,
    request: Request,
    next: Next,
) -> Result<Response, HttpError> {
    if blockstore.lets_in(request.headers()) {
        Ok(next.run(request).await)
    } else {
        Err(HttpError::not_authenticated("send the header `Authorization: Token …` with a valid token"))
    }
}

/// An uuid of an address. Anything else is an address at which there is nothing.
fn uuid(text: &str) -> Result<Uuid, HttpError> {
    text.parse().map_err(|_| HttpError::not_found("there is nothing at this address"))
}

/// A body in JSON, whatever the header says it is.
struct Body<T>(T);

impl<T, S> FromRequest<S> for Body<T>
where
    T: serde::de::DeserializeOwned,
    S: Send + Sync,
    Blockstore: FromRef<S>,
{
    type Rejection = HttpError;

    async fn from_request(request: Request, state: &S) -> Result<Self, HttpError> {
        let bytes = axum::body::Bytes::from_request(request, state)
            .await
            .map_err(|_| HttpError::too_large(BODY_LIMIT))?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| {
            HttpError::bad_request(format!("the body is not the JSON that is needed: {error}"))
        })
    }
}
