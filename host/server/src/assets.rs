//! The host's own style sheets and scripts, compiled into the binary.
//!
//! Their address holds a digest of all of them, so browsers may keep them for ever and never mix two versions.

use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

const CSS: &str = "text/css; charset=utf-8";
const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

const FILES: [(&str, &str, &str); 11] = [
    ("page.css", CSS, include_str!("../static/page.css")),
    ("heights.js", JAVASCRIPT, include_str!("../static/heights.js")),
    ("page.js", JAVASCRIPT, include_str!("../static/page.js")),
    ("seen.js", JAVASCRIPT, include_str!("../static/seen.js")),
    ("times.js", JAVASCRIPT, include_str!("../static/times.js")),
    ("outbox.js", JAVASCRIPT, include_str!("../static/outbox.js")),
    ("frame.css", CSS, include_str!("../static/frame.css")),
    ("embed.js", JAVASCRIPT, include_str!("../static/embed.js")),
    ("frame.js", JAVASCRIPT, include_str!("../static/frame.js")),
    ("old-requests.js", JAVASCRIPT, include_str!("../static/old-requests.js")),
    ("submissions.js", JAVASCRIPT, include_str!("../static/submissions.js")),
];

/// The files and their version.
pub(crate) struct Assets {
    base: String,
}

impl Assets {
    pub(crate) fn new() -> Self {
        let digest =
            FILES.iter().fold(Sha256::new(), |digest, (_, _, text)| digest.chain_update(text)).finalize();
        let version: String = digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect();
        Self { base: format!("/assets/{version}") }
    }

    /// The address that file names are appended to, relative to the origin.
    pub(crate) fn base(&self) -> &str {
        &self.base
    }

    /// A file. One that is asked for by another version's address is served, and not to be kept.
    pub(crate) fn file(&self, version: &str, name: &str) -> Option<Response> {
        let (_, mime, text) = FILES.iter().find(|(known, _, _)| *known == name)?;
        let is_current = self.base.ends_with(version) && !version.is_empty();
        let caching = if is_current { "public, max-age=31536000, immutable" } else { "no-cache" };
        // Frames have no origin, so to them everything is from another one.
        let headers = [(CONTENT_TYPE, *mime), (CACHE_CONTROL, caching), (ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
        Some((headers, *text).into_response())
    }
}
