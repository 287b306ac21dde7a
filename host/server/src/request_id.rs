//! One id per request: in the log, in the `x-request-id` header and on every error page.
//!
//! A proxy in front may give the id. It is taken only when it is short and plain, because it is written to the log.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use rand::Rng;

/// The header that carries it.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a proxy: a UUID with room to spare.
const LONGEST: usize = 64;

/// The id of one request.
pub(crate) struct RequestId(String);

impl RequestId {
    /// The one that it came with, if that is fit for a log, or a new one of 16 hex digits.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let is_plain = |id: &&str| {
            (1..=LONGEST).contains(&id.len())
                && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        };
        let given = headers.get(HEADER).and_then(|value| value.to_str().ok()).filter(is_plain);
        Self(given.map_or_else(|| format!("{:016x}", rand::rng().random::<u64>()), str::to_owned))
    }

    /// As it stands in the log.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// For the answer.
    pub(crate) fn into_header(self) -> HeaderValue {
        // It is plain, so it always is one.
        HeaderValue::try_from(self.0).unwrap_or(HeaderValue::from_static("unknown"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(id: &str) -> bool {
        let headers = HeaderMap::from_iter([(HEADER, id.parse().unwrap())]);
        RequestId::of(&headers).as_str() == id
    }

    #[test]
    fn a_plain_id_from_a_proxy_is_kept() {
        assert!(kept("0b9f2c1e-7d2b-4a5e-9a53-1f2f3f4f5f6f"));
    }

    #[test]
    fn an_id_that_could_forge_log_lines_is_dropped() {
        assert!(!kept("a b"));
        assert!(!kept("<script>"));
        assert!(!kept(&"a".repeat(LONGEST + 1)));
    }

    #[test]
    fn ids_differ() {
        let [one, two] = [(); 2].map(|()| RequestId::of(&HeaderMap::new()).into_header());
        assert_ne!(one, two);
    }
}
