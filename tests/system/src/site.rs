//! The HTTP server over a host, and browsers that remember who they are.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use blockhouse_runtime::{Registry, Runtime, Urls, Version};
use blockhouse_server::{AppState, ServerConfig, ServerUrls, router};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

/// The operator's token.
pub const OPERATOR: &str = "the operator's token";

/// The address of the server.
const ORIGIN: &str = "http://blockhouse.test";

/// The HTTP server of a host, in development mode.
pub struct Site {
    router: Router,
    /// What the server stands on is there as long as the server.
    _data: Option<Arc<TempDir>>,
}

/// Somebody who sends requests.
pub struct Browser<'s> {
    site: &'s Site,
    cookie: String,
}

/// A whole response.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Vec<u8>,
}

/// The settings of a server, where a test has no others.
pub fn config() -> ServerConfig {
    ServerConfig {
        development: true,
        clock: || 1_700_000_000_000,
        ..ServerConfig::new(ORIGIN, vec![vec![7; 32]])
    }
}

pub(crate) fn urls() -> ServerUrls {
    ServerUrls::new(&config()).expect("addresses")
}

impl Site {
    pub(crate) fn of(runtime: Runtime, config: ServerConfig, data: Option<Arc<TempDir>>) -> Self {
        let registry =
            data.as_ref().map(|data| Registry::open(&data.path().join("packages")).expect("a registry"));
        let config = ServerConfig { registry, operator_tokens: vec![OPERATOR.to_owned()], ..config };
        let state = AppState::new(config, Arc::new(runtime)).expect("a server");
        Self { router: router(state), _data: data }
    }

    /// Somebody without a session.
    pub fn stranger(&self) -> Browser<'_> {
        Browser { site: self, cookie: String::new() }
    }

    /// What answers its requests.
    pub fn router(&self) -> Router {
        self.router.clone()
    }

    /// Somebody whom one can choose to be in development mode.
    pub async fn browser(&self, name: &str) -> Browser<'_> {
        let mut browser = self.stranger();
        let form = Request::post("/dev/identity")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("identity={name}&next=/")))
            .expect("a request");
        let reply = browser.send(form).await;
        let cookie = reply.headers.get("set-cookie").expect("a session").to_str().expect("text");
        browser.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        browser
    }
}

impl Browser<'_> {
    /// Sends a request with the session's cookie.
    pub async fn send(&self, mut request: Request<Body>) -> Reply {
        if !self.cookie.is_empty() {
            request.headers_mut().insert("cookie", self.cookie.parse().expect("a cookie"));
        }
        let response = self.site.router.clone().oneshot(request).await.expect("an answer");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body").into();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// Sends a request without a body.
    pub async fn ask(&self, method: &str, path: &str) -> Reply {
        let request = Request::builder().method(method).uri(path_of(path)).body(Body::empty());
        self.send(request.expect("a request")).await
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Reply {
        self.ask("GET", path).await
    }

    /// Sends JSON.
    pub async fn json(&self, method: &str, path: &str, body: Value) -> Reply {
        let request = Request::builder()
            .method(method)
            .uri(path_of(path))
            .header("content-type", "application/json")
            .body(Body::from(body.to_string()));
        self.send(request.expect("a request")).await
    }

    /// Uploads one file.
    pub async fn upload(&self, path: &str, data: &[u8]) -> Reply {
        self.form("PUT", path, &[], data).await
    }

    /// Sends a form with values and one file: `content` where it is put somewhere, else `file`.
    pub async fn form(&self, method: &str, path: &str, values: &[(&str, &str)], file: &[u8]) -> Reply {
        let mut body = Vec::new();
        for (name, value) in values {
            let part =
                format!("--BOUND\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        let name = if method == "PUT" { "content" } else { "file" };
        let part =
            format!("--BOUND\r\ncontent-disposition: form-data; name=\"{name}\"; filename=\"f\"\r\n\r\n");
        body.extend_from_slice(part.as_bytes());
        body.extend_from_slice(file);
        body.extend_from_slice(b"\r\n--BOUND--\r\n");
        let request = Request::builder()
            .method(method)
            .uri(path_of(path))
            .header("content-type", "multipart/form-data; boundary=BOUND")
            .body(Body::from(body));
        self.send(request.expect("a request")).await
    }
}

/// The address at which a page that was made for somebody calls a handler, relative to the origin.
pub fn handler_url(user: &UserId, usage: &UsageKey, handler: &str) -> String {
    path_of(&urls().handler_url(user, usage, Version::Published, handler))
}

/// Addresses that the server gave are absolute; what is not ASCII in one is escaped.
fn path_of(address: &str) -> String {
    let path = address.strip_prefix(ORIGIN).unwrap_or(address);
    path.bytes()
        .map(|byte| if byte.is_ascii() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

impl Reply {
    /// The body as JSON; null when it is none.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body of an answer that must be good.
    pub fn good(self) -> Value {
        assert!(self.status.is_success(), "{}: {}", self.status, self.text());
        self.value()
    }
}
