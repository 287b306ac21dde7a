//! What browsers are told not to do. Every response gets a content security policy: the closed one, unless a page or
//! a frame brings its own.
//!
//! Much of what the server sends was written by blocks and authors. The closed policy puts it into an origin of its
//! own should anybody open it directly, so that it can never use the server's cookies.

use axum::http::HeaderMap;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::response::Response;

use crate::frame_origins::FrameOrigins;

/// What a response carries that is one of the host's own pages.
#[derive(Clone, Copy)]
pub(crate) struct OwnPage;

/// For the host's own pages. No inline script; frames may only show this origin, or that of frames where these have
/// any, so that a frame that navigates itself elsewhere is stopped.
fn page_policy(frames: Option<&FrameOrigins>) -> HeaderValue {
    let frames = frames.map_or_else(|| "'self'".to_owned(), FrameOrigins::all);
    let text = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         frame-src {frames}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    // An origin is visible ASCII, so the fallback only closes what cannot happen.
    HeaderValue::try_from(text).unwrap_or(CLOSED_POLICY)
}

/// For data, and for whatever a block or an author wrote (spec row 207).
const CLOSED_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'self'; sandbox");

const PERMISSIONS: HeaderValue =
    HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=()");

/// Adds what the response does not say itself.
pub(crate) fn complete(response: &mut Response, frames: Option<&FrameOrigins>) {
    let policy = response.extensions().get().map(|OwnPage| page_policy(frames));
    let headers = response.headers_mut();
    if let Some(policy) = policy {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    default(headers, CONTENT_SECURITY_POLICY, CLOSED_POLICY);
    default(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Addresses of frames carry a token; no other site gets to see any address.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
