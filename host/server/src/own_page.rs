//! Whether a change comes from a page of this server. A cookie or a password that a browser knows comes along from other
//! sites' forms too, and from frames of blocks; what they send changes nothing here.

use axum::http::header::{HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Redirect;

use crate::error::HttpError;

/// What browsers say where a request comes from, to servers that they trust.
const SITE: &str = "sec-fetch-site";

/// Refuses what a page of another site or a frame has sent to the server at the origin `own`. Programs, which say
/// nothing, are let through: they have no cookie that somebody else could use.
pub(crate) fn check(headers: &HeaderMap, own: &str) -> Result<(), HttpError> {
    let site = headers.get(SITE).map(HeaderValue::as_bytes);
    if matches!(site, None | Some(b"same-origin" | b"none")) && is_of_own_origin(headers, own) {
        return Ok(());
    }
    Err(HttpError::forbidden("only a page of this server can change something here"))
}

/// To any server, browsers say the origin of a page that changes something. A browser may have come by another name than
/// the server knows of; then it says so in both places.
fn is_of_own_origin(headers: &HeaderMap, own: &str) -> bool {
    let Some(origin) = headers.get(ORIGIN) else { return true };
    let origin = origin.to_str().unwrap_or_default();
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    origin == own || host.is_some() && origin.split_once("://").map(|(_, host)| host) == host
}

/// Back to the page that a form was on; to the first one when that is no address of this site.
pub(crate) fn back(next: &str) -> Redirect {
    Redirect::to(if is_local(next) { next } else { "/" })
}

/// Whether an address stays on this site. `//host` and `/\host` do not.
fn is_local(address: &str) -> bool {
    let rest = address.strip_prefix('/');
    rest.is_some_and(|rest| !rest.starts_with(['/', '\\']))
        && address.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderName;

    use super::*;

    #[test]
    fn a_form_comes_back_to_pages_of_this_site_only() {
        assert!(is_local("/"));
        assert!(is_local("/learn/course-v1:a+b+c"));
        for address in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nx: y"] {
            assert!(!is_local(address), "{address}");
        }
    }

    /// Whether somebody may change something who sends these headers.
    fn may(headers: &[(HeaderName, &'static str)]) -> bool {
        let headers = headers.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        check(&headers.collect(), "https://own.example").is_ok()
    }

    #[test]
    fn a_form_of_another_site_changes_nothing() {
        let from = |site| may(&[(HeaderName::from_static(SITE), site)]);
        assert!(from("same-origin") && from("none") && may(&[]));
        assert!(!from("cross-site") && !from("same-site"));
    }

    #[test]
    fn nor_does_a_page_of_another_origin_where_the_browser_says_no_more() {
        let from = |origin| may(&[(ORIGIN, origin), (HOST, "own.example:80")]);
        assert!(from("https://own.example") && from("http://own.example:80"));
        for elsewhere in ["null", "https://x.own.example", "http://own.example", "own.example:80", ""] {
            assert!(!from(elsewhere), "{elsewhere}");
        }
        assert!(!may(&[(ORIGIN, "null")]));
    }
}
