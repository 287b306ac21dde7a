//! One id per request: in the log, in the `x-request-id` header and on every error page.
//!
//! A proxy in front may give the id. It is taken only when it is short and plain, because it is written to the log.

use axum::extract::Request;
use axum::http::{Extensions, HeaderName, HeaderValue};
use rand::Rng;
use tower_http::request_id::{MakeRequestId, RequestId};

/// The header that carries it.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a proxy: a UUID with room to spare.
const LONGEST: usize = 64;

/// Makes ids of 16 hex digits.
#[derive(Clone, Copy)]
pub(crate) struct RandomId;

impl MakeRequestId for RandomId {
    fn make_request_id<B>(&mut self, _: &axum::http::Request<B>) -> Option<RequestId> {
        let id = format!("{:016x}", rand::rng().random::<u64>());
        HeaderValue::try_from(id).ok().map(RequestId::new)
    }
}

/// Drops an id that is not fit for a log.
pub(crate) async fn drop_odd_ids(mut request: Request) -> Request {
    let is_plain = |value: &HeaderValue| {
        let bytes = value.as_bytes();
        (1..=LONGEST).contains(&bytes.len())
            && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
    };
    if !request.headers().get(HEADER).is_some_and(is_plain) {
        request.headers_mut().remove(HEADER);
    }
    request
}

/// The id of the request that these extensions belong to.
pub(crate) fn request_id(extensions: &Extensions) -> String {
    let id = extensions.get::<RequestId>().and_then(|id| id.header_value().to_str().ok());
    id.unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn kept(id: &str) -> bool {
        let request = Request::builder().header(HEADER, id).body(Body::empty()).unwrap();
        drop_odd_ids(request).await.headers().contains_key(HEADER)
    }

    #[tokio::test]
    async fn a_plain_id_from_a_proxy_is_kept() {
        assert!(kept("0b9f2c1e-7d2b-4a5e-9a53-1f2f3f4f5f6f").await);
    }

    #[tokio::test]
    async fn an_id_that_could_forge_log_lines_is_dropped() {
        assert!(!kept("a b").await);
        assert!(!kept("<script>").await);
        assert!(!kept(&"a".repeat(LONGEST + 1)).await);
    }

    #[test]
    fn ids_differ() {
        let request = axum::http::Request::new(());
        let [one, two] = [(); 2].map(|()| RandomId.make_request_id(&request).unwrap().into_header_value());
        assert_ne!(one, two);
    }
}
