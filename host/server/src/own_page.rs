//! Whether a change comes from a page of this server. A cookie comes along from other sites' forms too, and from frames of
//! blocks; their forms change nothing here.

use axum::http::{HeaderMap, HeaderValue};
use axum::response::Redirect;

use crate::error::HttpError;

/// What browsers say where a request comes from.
const SITE: &str = "sec-fetch-site";

/// Refuses what a page of another site or a frame has sent. Programs, which say nothing, are let through: they have no
/// cookie that somebody else could use.
pub(crate) fn check(headers: &HeaderMap) -> Result<(), HttpError> {
    match headers.get(SITE).map(HeaderValue::as_bytes) {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(HttpError::forbidden("only a page of this server can change something here")),
    }
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
    use super::*;

    #[test]
    fn a_form_comes_back_to_pages_of_this_site_only() {
        assert!(is_local("/"));
        assert!(is_local("/learn/course-v1:a+b+c"));
        for address in ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nx: y"] {
            assert!(!is_local(address), "{address}");
        }
    }

    #[test]
    fn a_form_of_another_site_changes_nothing() {
        let from = |site: &'static str| {
            HeaderMap::from_iter([(SITE.parse().unwrap(), HeaderValue::from_static(site))])
        };
        assert!(
            check(&from("same-origin")).is_ok()
                && check(&from("none")).is_ok()
                && check(&HeaderMap::new()).is_ok()
        );
        assert!(check(&from("cross-site")).is_err() && check(&from("same-site")).is_err());
    }
}
