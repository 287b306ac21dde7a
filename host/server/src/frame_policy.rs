//! What the document of a block's frame may do: the content security policy that goes with it.
//!
//! The boundary is `sandbox` without `allow-same-origin`: the document has no origin, so no cookies, no storage and no
//! way into the page around it. A document at a host of its own (`frame_origins`) has that origin, and by it no more of
//! the page, of its cookies, or of another frame. Inline scripts are allowed because the block is the author of both
//! the inline and the linked ones: forbidding them would break imported HTML and protect nobody. Scripts of other sites
//! are allowed only when the fragment names them.

use axum::http::HeaderValue;
use blockhouse_runtime::Fragment;

/// What the `sandbox` attribute of a frame without an origin says too. Without `allow-same-origin`: that would give the
/// frame the server's cookies.
const SANDBOX: &str = "allow-scripts allow-forms allow-popups";

/// The same of a frame whose origin is its own and nobody else's.
const SANDBOX_WITH_ORIGIN: &str = "allow-scripts allow-forms allow-popups allow-same-origin";

/// The `sandbox` attribute of frames.
pub(crate) fn sandbox(have_origins: bool) -> &'static str {
    if have_origins { SANDBOX_WITH_ORIGIN } else { SANDBOX }
}

/// The policy of the document that shows `fragment`, on a server that browsers reach at `origin`.
/// `ancestors` are the origins of other sites whose pages may hold the frame; `has_origin` says that the document is at a
/// host that is its own.
pub(crate) fn policy(
    fragment: &Fragment,
    origin: &str,
    ancestors: &[String],
    has_origin: bool,
) -> HeaderValue {
    let scripts = foreign_origins(fragment, "application/javascript");
    let styles = foreign_origins(fragment, "text/css");
    // `'self'` and the public origin differ when a browser comes by another name, for instance `127.0.0.1`.
    let own = format!("'self' {origin}");
    // At a host of its own, the document is not of the pages' origin.
    let pages = if has_origin { own.as_str() } else { "'self'" };
    let ancestors: String = ancestors.iter().map(|origin| format!(" {origin}")).collect();
    let text = format!(
        "default-src 'none'; script-src {own} 'unsafe-inline'{scripts}; style-src {own} 'unsafe-inline'{styles}; \
         img-src {own} https: data: blob:; media-src {own} https: data: blob:; font-src {own} https: data:; \
         connect-src {own}; frame-src {own} https:; form-action {own}; base-uri 'none'; frame-ancestors {pages}{ancestors}; \
         sandbox {}",
        sandbox(has_origin)
    );
    // Every part is checked to be visible ASCII, so the fallback only closes what cannot happen.
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("default-src 'none'; sandbox"))
}

/// The origins of the fragment's linked resources of one type, each with a space before it.
fn foreign_origins(fragment: &Fragment, mimetype: &str) -> String {
    let linked =
        fragment.resources.iter().filter(|resource| resource.kind == "url" && resource.mimetype == mimetype);
    let mut origins: Vec<_> = linked.filter_map(|resource| https_origin(&resource.data)).collect();
    origins.sort_unstable();
    origins.dedup();
    origins.iter().map(|origin| format!(" {origin}")).collect()
}

/// `https://host:port` of an address. Anything that could mean more inside a policy is nothing.
fn https_origin(url: &str) -> Option<&str> {
    let rest = url.strip_prefix("https://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let is_host = !host.is_empty()
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'));
    is_host.then(|| url.get(.."https://".len() + host.len()))?
}

#[cfg(test)]
mod tests {
    use blockhouse_runtime::Resource;

    use super::*;

    fn policy_with(urls: &[&str]) -> String {
        let resource = |url: &&str| Resource {
            kind: "url".to_owned(),
            data: (*url).to_owned(),
            mimetype: "application/javascript".to_owned(),
            placement: "foot".to_owned(),
        };
        let fragment = Fragment { resources: urls.iter().map(resource).collect(), ..Fragment::default() };
        policy(&fragment, "http://localhost:8000", &["https://blog.example.org".to_owned()], false)
            .to_str()
            .unwrap()
            .to_owned()
    }

    #[test]
    fn a_frame_never_shares_the_servers_origin() {
        let policy = policy_with(&[]);
        assert!(policy.contains("sandbox allow-scripts"), "{policy}");
        assert!(!policy.contains("allow-same-origin"), "{policy}");
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
    }

    #[test]
    fn scripts_of_another_site_need_to_be_named_by_the_fragment() {
        assert!(!policy_with(&[]).contains("cdn.example.org"));
        let policy = policy_with(&["https://cdn.example.org/a.js", "https://cdn.example.org/b.js"]);
        assert!(policy.contains("'unsafe-inline' https://cdn.example.org;"), "{policy}");
    }

    #[test]
    fn an_address_cannot_widen_the_policy() {
        for url in [
            "https://x; script-src *",
            "https://*/a.js",
            "https://a b",
            "http://x/a.js",
            "https:///a.js",
            "*",
        ] {
            assert_eq!(policy_with(&[url]), policy_with(&[]), "{url}");
        }
    }
}
