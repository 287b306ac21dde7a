//! `ANY /api/xblock/v2/xblocks/{usage}/handler/{credential}/{handler}/{suffix}`: a call of a block's handler (spec 3.6).
//!
//! The token in the address is the only authority, so no other protection against forged requests is needed: whoever
//! can forge the address could have called it.

use axum::body::{Body, to_bytes};
use axum::extract::{Request as HttpRequest, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response as HttpResponse};
use blockhouse_runtime::{Handled, HandlerRequest, Request, Response, SubmissionKey, Visitor};

use crate::error::HttpError;
use crate::identity::Credential;
use crate::locale;
use crate::path::{self, Path};
use crate::session::Session;
use crate::state::AppState;

/// What a block never gets to see: whatever could let it act as somebody.
const WITHHELD: [HeaderName; 3] = [header::COOKIE, header::AUTHORIZATION, header::PROXY_AUTHORIZATION];

/// What a block may say about its answer. Anything else could set cookies, loosen the browser's rules, or give orders
/// to a proxy on the way (`x-accel-redirect`).
const PASSED_ON: [HeaderName; 11] = [
    header::CONTENT_TYPE,
    header::CONTENT_DISPOSITION,
    header::CONTENT_LANGUAGE,
    header::CACHE_CONTROL,
    header::ETAG,
    header::LAST_MODIFIED,
    header::EXPIRES,
    header::VARY,
    header::ALLOW,
    header::LOCATION,
    header::RETRY_AFTER,
];

/// What a call published, as JSON.
const PUBLISHED: HeaderName = HeaderName::from_static("blockhouse-published");

/// In a request, the number of the draft that an editor has before it; in an answer, that of the draft which it made.
const DRAFT: HeaderName = HeaderName::from_static("blockhouse-draft");

/// A submission that is sent twice under the same key is carried out once.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Calls a handler. Every method is taken, and what the block answers has its own status and type.
#[utoipa::path(
    method(get, post, put, patch, delete),
    path = "/api/xblock/v2/xblocks/{usage}/handler/{credential}/{handler}/",
    operation_id = "call_handler",
    params(
        ("usage" = String, Path, description = "A usage key, with `@draft`, `@published` or `@N` behind it for a version"),
        ("credential" = String, Path, description = "`USER-TOKEN`, as in the handler's address"),
        ("handler" = String, Path, description = "The handler's name"),
        ("idempotency-key" = Option<String>, Header, description = "8 to 64 letters, digits, `-` and `_`: sent twice, it is carried out once"),
        ("blockhouse-draft" = Option<u64>, Header, description = "The version that an editor has before it; 409 when its draft has moved on")
    ),
    request_body(content = Vec<u8>, content_type = "*/*", description = "Whatever the block takes"),
    responses((status = "default", description = "Whatever the block answers, with its own status and type"),
        (status = 400, description = "The idempotency key or the number of the draft has another form"), (status = 403, description = "The token is wrong or too old"), (status = 404, description = "No such block, context or version"), (status = 409, description = "Others kept changing the same state, or edited the draft meanwhile"), (status = 413, description = "The body is too large"), (status = 422, description = "The idempotency key was used for something else"), (status = 429, description = "Too many calls")),
    security(())
)]
pub(crate) async fn call(
    state: State<AppState>,
    session: Session,
    Path((usage, credential, handler)): Path<(String, String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    call_with_suffix(state, session, Path((usage, credential, handler, String::new())), request).await
}

/// Calls a handler with a further part of the address, which the block gets to see.
#[utoipa::path(
    method(get, post, put, patch, delete),
    path = "/api/xblock/v2/xblocks/{usage}/handler/{credential}/{handler}/{suffix}",
    operation_id = "call_handler_with_suffix",
    request_body(content = Vec<u8>, content_type = "*/*", description = "Whatever the block takes"),
    responses((status = "default", description = "Whatever the block answers, with its own status and type"),
        (status = 400, description = "The idempotency key or the number of the draft has another form"), (status = 403, description = "The token is wrong or too old"),
        (status = 409, description = "Others kept changing the same state, or edited the draft meanwhile"), (status = 422, description = "The idempotency key was used for something else")),
    security(())
)]
pub(crate) async fn call_with_suffix(
    State(state): State<AppState>,
    session: Session,
    Path((usage, credential, handler, suffix)): Path<(String, String, String, String)>,
    request: HttpRequest,
) -> Result<HttpResponse, HttpError> {
    let (usage, version) = path::versioned(&usage)?;
    let version = version.unwrap_or_default();
    let user = Credential::parse(&credential)?.authorize(&state, &session, &usage)?;
    state.rate_limiters().person(&user)?;
    let (parts, body) = request.into_parts();
    let visitor = Visitor { user, locale: locale::of_browser(&parts.headers) };
    let request = Request {
        method: parts.method.as_str().to_owned(),
        suffix,
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: shown_headers(&parts.headers),
        body: read(&state, body).await?,
    };
    let based_on = based_on(&parts.headers)?;
    let request = HandlerRequest { visitor, usage, version, handler, request, based_on };
    let handled = state.runtime().submit(request, submission_key(&parts.headers)?).await?;
    let published = published(&handled);
    let draft = handled.draft.map(|number| (DRAFT, HeaderValue::from(number)));
    let mut response = respond(handled.response)?;
    response.headers_mut().extend(published);
    response.headers_mut().extend(draft);
    Ok(response)
}

/// For the page around the block, which may show it.
fn published(handled: &Handled) -> Option<(HeaderName, HeaderValue)> {
    let Handled { score, completion, .. } = handled;
    if score.is_none() && completion.is_none() {
        return None;
    }
    let score = score.map(|score| serde_json::json!({ "earned": score.earned, "possible": score.possible }));
    let text = serde_json::json!({ "score": score, "completion": completion }).to_string();
    HeaderValue::try_from(text).ok().map(|value| (PUBLISHED, value))
}

/// The draft that the page has before it, where it edits one.
fn based_on(headers: &HeaderMap) -> Result<Option<u64>, HttpError> {
    let Some(value) = headers.get(DRAFT) else { return Ok(None) };
    let number = value.to_str().ok().and_then(|text| text.parse().ok());
    let invalid = || HttpError::bad_request("the header Blockhouse-Draft takes the number of a version");
    number.map(Some).ok_or_else(invalid)
}

/// What the browser calls this submission, should it have to send it again.
fn submission_key(headers: &HeaderMap) -> Result<Option<SubmissionKey>, HttpError> {
    let Some(value) = headers.get(IDEMPOTENCY_KEY) else { return Ok(None) };
    let key = value.to_str().ok().and_then(SubmissionKey::parse);
    let invalid =
        || HttpError::bad_request("the header Idempotency-Key takes 8 to 64 letters, digits, `-` and `_`");
    key.map(Some).ok_or_else(invalid)
}

/// The whole body, within the limits of size and time.
async fn read(state: &AppState, body: Body) -> Result<Vec<u8>, HttpError> {
    let limit = state.config().body_limit;
    let arriving = tokio::time::timeout(state.config().body_timeout, to_bytes(body, limit));
    match arriving.await {
        Ok(Ok(bytes)) => Ok(bytes.into()),
        // A connection that broke gives the same error; its answer is not read by anybody.
        Ok(Err(_)) => Err(HttpError::too_large(limit)),
        Err(_) => Err(HttpError::too_slow()),
    }
}

fn shown_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = headers.iter().filter(|(name, _)| !WITHHELD.contains(name));
    shown.filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned()))).collect()
}

fn respond(response: Response) -> Result<HttpResponse, HttpError> {
    let status = StatusCode::from_u16(response.status)
        .ok()
        .filter(|status| status.as_u16() >= 200)
        .ok_or_else(|| HttpError::internal(format!("a block answered with status {}", response.status)))?;
    let mut headers = HeaderMap::new();
    for (name, value) in response.headers {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else {
            continue;
        };
        if PASSED_ON.contains(&name) {
            headers.append(name, value);
        }
    }
    Ok((status, headers, response.body).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(name: &str, value: &str) -> HeaderMap {
        let headers = vec![(name.to_owned(), value.to_owned())];
        respond(Response { status: 200, headers, body: Vec::new() }).unwrap().headers().clone()
    }

    #[test]
    fn a_block_sees_neither_cookies_nor_authorization() {
        let mut headers = HeaderMap::new();
        for name in WITHHELD {
            headers.insert(name, HeaderValue::from_static("secret"));
        }
        headers.insert(header::ACCEPT, HeaderValue::from_static("text/html"));
        assert_eq!(shown_headers(&headers), [("accept".to_owned(), "text/html".to_owned())]);
    }

    #[test]
    fn a_block_names_its_content_type() {
        assert_eq!(answered("Content-Type", "text/csv")["content-type"], "text/csv");
    }

    #[test]
    fn a_block_sets_no_cookies_and_orders_no_proxy() {
        for name in
            ["Set-Cookie", "X-Accel-Redirect", "Content-Security-Policy", "Access-Control-Allow-Origin"]
        {
            assert!(!answered(name, "x").contains_key(name), "{name}");
        }
    }

    #[test]
    fn a_header_that_is_none_is_left_out() {
        assert!(!answered("content-type\r\nset-cookie", "x").contains_key("set-cookie"));
        assert!(!answered("etag", "a\r\nset-cookie: b").contains_key("etag"));
    }

    #[test]
    fn a_status_that_ends_nothing_is_the_blocks_mistake() {
        assert!(respond(Response { status: 101, ..Response::default() }).is_err());
        assert!(respond(Response { status: 7, ..Response::default() }).is_err());
    }
}
