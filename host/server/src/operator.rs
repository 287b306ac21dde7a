//! The operator: whoever has the host's own token. Programs send it as `Authorization: Bearer …`; a browser asks for it
//! and sends it as the password of HTTP Basic, with any name. A session never makes somebody the operator.

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, HeaderName, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use axum_extra::headers::authorization::{Basic, Bearer};
use axum_extra::headers::{Authorization, HeaderMapExt};

use crate::error::HttpError;
use crate::own_page;
use crate::secret_tokens::SecretTokens;
use crate::state::AppState;

/// Somebody who may see and change everything about this host.
pub(crate) struct Operator;

/// Makes a browser ask for the token.
type Rejection = ([(HeaderName, &'static str); 1], HttpError);

impl FromRequestParts<AppState> for Operator {
    type Rejection = Rejection;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Rejection> {
        admit(&parts.method, &parts.headers, state.operators(), state.urls().origin())
            .map_err(|error| ([(WWW_AUTHENTICATE, r#"Basic realm="operator""#)], error))
    }
}

/// Decides on a request to the host at the origin `own`.
fn admit(
    method: &Method,
    headers: &HeaderMap,
    tokens: &SecretTokens,
    own: &str,
) -> Result<Operator, HttpError> {
    let known = |token: &str| tokens.contains(token);
    if headers.typed_get::<Authorization<Bearer>>().is_some_and(|bearer| known(bearer.token())) {
        return Ok(Operator);
    }
    if !headers.typed_get::<Authorization<Basic>>().is_some_and(|basic| known(basic.password())) {
        return Err(HttpError::not_authenticated(if headers.contains_key(AUTHORIZATION) {
            "this is not the operator's token; it is in the file `operator-token` of the data directory"
        } else {
            "this is for the operator: send the token in the file `operator-token` of the data directory"
        }));
    }
    // A browser sends a password that it knows to wherever a page of another site points a form.
    if !method.is_safe() {
        own_page::check(headers, own)?;
    }
    Ok(Operator)
}

#[cfg(test)]
mod tests {
    use axum::http::header::ORIGIN;
    use axum::http::{HeaderValue, StatusCode};

    use super::*;

    fn status_of(method: Method, origin: Option<&'static str>) -> StatusCode {
        let mut headers = HeaderMap::new();
        headers.typed_insert(Authorization::basic("anybody", "secret"));
        headers.extend(origin.map(|origin| (ORIGIN, HeaderValue::from_static(origin))));
        let tokens = SecretTokens::new(&["secret".to_owned()]);
        admit(&method, &headers, &tokens, "https://own.example")
            .map_or_else(|error| error.status(), |Operator| StatusCode::OK)
    }

    #[test]
    fn a_page_of_another_site_cannot_use_the_password_that_the_browser_knows() {
        assert_eq!(status_of(Method::POST, Some("https://elsewhere.example")), StatusCode::FORBIDDEN);
        assert_eq!(status_of(Method::DELETE, Some("null")), StatusCode::FORBIDDEN);
    }

    #[test]
    fn our_own_pages_and_programs_may_change_things() {
        assert_eq!(status_of(Method::POST, Some("https://own.example")), StatusCode::OK);
        assert_eq!(status_of(Method::POST, None), StatusCode::OK);
    }
}
