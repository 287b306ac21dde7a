//! An origin for each frame, where the operator has names to spare: `https://*.blocks.example.org`.
//!
//! The star stands for a label that differs for each block and each person, so that no frame reaches what another one
//! keeps in the browser, or what the same one keeps for somebody else. A document has that origin only at its own host;
//! at any other, that of the server's pages above all, it has none, as without this setting.

use axum::http::HeaderMap;
use axum::http::header::HOST;
use blockhouse_keys::UsageKey;
use sha2::{Digest, Sha256};

use crate::config::origin;

/// Bytes of a hash in a label, which has 63 letters at most.
const LABEL: usize = 20;

/// Where frames have their origins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FrameOrigins {
    scheme: String,
    /// Host and port of each, without the label.
    domain: String,
}

impl FrameOrigins {
    /// From `scheme://*.domain:port`; none for anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (scheme, domain) = text.split_once("://*.")?;
        let checked = origin(&format!("{scheme}://{domain}"))?;
        let domain = checked.split_once("://")?.1.to_ascii_lowercase();
        Some(Self { scheme: scheme.to_owned(), domain })
    }

    pub(crate) fn are_https(&self) -> bool {
        self.scheme == "https"
    }

    /// All of them, for a content security policy.
    pub(crate) fn all(&self) -> String {
        format!("{}://*.{}", self.scheme, self.domain)
    }

    /// That of a block which is seen by `user`, as the address of its frame names them.
    pub(crate) fn of(&self, user: &str, usage: &UsageKey) -> String {
        format!("{}://{}", self.scheme, self.host(user, usage))
    }

    /// Whether a request came to the host of this block and `user`, where its document has an origin of its own.
    pub(crate) fn is_home(&self, headers: &HeaderMap, user: &str, usage: &UsageKey) -> bool {
        host(headers).is_some_and(|host| host.eq_ignore_ascii_case(&self.host(user, usage)))
    }

    /// Whether a request came to the host of any frame.
    pub(crate) fn have(&self, headers: &HeaderMap) -> bool {
        host(headers).is_some_and(|host| self.have_host(host))
    }

    /// Whether an origin is one of a frame.
    pub(crate) fn have_origin(&self, origin: &str) -> bool {
        let host = origin.trim_end_matches('/').split_once("://");
        host.is_some_and(|(_, host)| self.have_host(host))
    }

    fn have_host(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        host.strip_suffix(&self.domain).is_some_and(|label| label.ends_with('.'))
    }

    fn host(&self, user: &str, usage: &UsageKey) -> String {
        let hash = Sha256::digest(format!("{user}\n{usage}"));
        let label: String = hash.iter().take(LABEL).map(|byte| format!("{byte:02x}")).collect();
        format!("{label}.{}", self.domain)
    }
}

fn host(headers: &HeaderMap) -> Option<&str> {
    headers.get(HOST)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origins() -> FrameOrigins {
        FrameOrigins::parse("https://*.Blocks.example.org:8443").unwrap()
    }

    fn usage(name: &str) -> UsageKey {
        format!("lb:O:L:html:{name}").parse().unwrap()
    }

    fn at(host: &str) -> HeaderMap {
        HeaderMap::from_iter([(HOST, host.parse().unwrap())])
    }

    #[test]
    fn a_pattern_has_one_star_and_it_is_the_first_label() {
        assert_eq!(origins().all(), "https://*.blocks.example.org:8443");
        for text in [
            "https://blocks.example.org",
            "*.example.org",
            "https://a.*.example.org",
            "ftp://*.a",
            "https://*.a/b",
            "https://*.a b; script-src *",
            "https://*.",
        ] {
            assert_eq!(FrameOrigins::parse(text), None, "{text}");
        }
    }

    #[test]
    fn each_block_and_each_person_has_another_origin() {
        let (origins, one) = (origins(), usage("a"));
        let origin = origins.of("1", &one);
        assert!(origin.starts_with("https://") && origin.ends_with(".blocks.example.org:8443"), "{origin}");
        assert_eq!(origin, origins.of("1", &one));
        assert_ne!(origin, origins.of("2", &one));
        assert_ne!(origin, origins.of("1", &usage("b")));
    }

    #[test]
    fn a_frame_is_at_home_at_its_own_host_only() {
        let (origins, one) = (origins(), usage("a"));
        let host = origins.of("1", &one).replace("https://", "");
        assert!(origins.is_home(&at(&host), "1", &one));
        assert!(origins.is_home(&at(&host.to_uppercase()), "1", &one));
        assert!(!origins.is_home(&at(&host), "2", &one));
        assert!(!origins.is_home(&at("learn.example.org"), "1", &one));
        assert!(!origins.is_home(&HeaderMap::new(), "1", &one));
    }

    #[test]
    fn hosts_of_frames_are_those_below_the_domain() {
        let origins = origins();
        assert!(origins.have(&at("x.blocks.example.org:8443")));
        for host in [
            "blocks.example.org:8443",
            "learn.example.org",
            "xblocks.example.org:8443",
            "x.blocks.example.org",
        ] {
            assert!(!origins.have(&at(host)), "{host}");
        }
        assert!(origins.have_origin("https://learn.blocks.example.org:8443/"));
        assert!(!origins.have_origin("https://blocks.example.org:8443"));
    }
}
