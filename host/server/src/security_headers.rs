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

/// For the host's own pages. No inline script; frames may only show this origin, so that a frame that navigates
/// itself elsewhere is stopped.
pub(crate) const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
     frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
);

/// For data, and for whatever a block or an author wrote (spec row 207).
const CLOSED_POLICY: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'self'; sandbox");

const PERMISSIONS: HeaderValue =
    HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=()");

/// Adds what the response does not say itself.
pub(crate) fn complete(response: &mut Response) {
    let headers = response.headers_mut();
    default(headers, CONTENT_SECURITY_POLICY, CLOSED_POLICY);
    default(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // Addresses of frames carry a token; no other site gets to see any address.
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.entry(name).or_insert(value);
}
