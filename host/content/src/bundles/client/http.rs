//! Requests: where they go, how long they may take, and when they are sent again.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::bundles::{BundleError, checks};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long the other side may say nothing.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// How long a whole request may take, with a large file in it.
const TIMEOUT: Duration = Duration::from_secs(120);

/// How often a request is sent at most.
const ATTEMPTS: u32 = 3;

/// How long to wait before the second attempt; twice as long before each further one.
const BACKOFF: Duration = Duration::from_millis(200);

/// The longest wait that the other side may ask for.
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The most bytes of an answer in JSON: the list of a hundred thousand files.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

/// The way to one Blockstore. Clones share connections.
#[derive(Clone)]
pub(super) struct Http {
    client: Client,
    /// Ends with `/api/v1/`.
    root: Url,
    token: HeaderValue,
}

/// An answer that the other side gave on purpose.
#[derive(Debug)]
pub(super) enum Reply {
    /// It did what was asked.
    Done(Bytes),
    /// There is nothing at this address.
    NotFound,
    /// The request is wrong, and why.
    Invalid(String),
    /// The request does not fit to what is there.
    Conflict,
    /// It failed.
    Failed(BundleError),
}

impl Http {
    pub(super) fn new(address: &str, token: &str) -> Result<Self, BundleError> {
        let invalid = |why: &dyn std::fmt::Display| {
            BundleError::Invalid(format!("`{address}` is no address of a Blockstore: {why}"))
        };
        let address = Url::parse(address).map_err(|error| invalid(&error))?;
        if !matches!(address.scheme(), "http" | "https") {
            return Err(invalid(&"it must begin with http:// or https://"));
        }
        let mut root = address;
        root.set_query(None);
        root.set_path(&format!("{}/api/v1/", root.path().trim_end_matches('/')));
        let mut token = HeaderValue::from_str(&format!("Token {token}")).map_err(|_| {
            BundleError::Invalid("the token for the Blockstore has characters that cannot be sent".to_owned())
        })?;
        token.set_sensitive(true);
        // The client needs it, and nobody may have asked for it yet. Twice does no harm.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .read_timeout(READ_TIMEOUT)
            .timeout(TIMEOUT)
            // A redirect could take the token elsewhere.
            .redirect(Policy::none())
            .build()
            .map_err(BundleError::unavailable)?;
        Ok(Self { client, root, token })
    }

    pub(super) fn address(&self) -> &str {
        self.root.as_str()
    }

    pub(super) async fn get(&self, path: &str) -> Result<Reply, BundleError> {
        self.send(Method::GET, path, |request| request).await
    }

    /// A list of what meets some conditions. They go into the body if there are too many for an address.
    pub(super) async fn list(
        &self,
        path: &str,
        conditions: &[(&str, String)],
        in_body: bool,
    ) -> Result<Reply, BundleError> {
        if in_body {
            let body: Value = conditions
                .iter()
                .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
                .collect();
            return self.send(Method::GET, path, |request| request.json(&body)).await;
        }
        let mut address = Url::parse("relative:").map_err(BundleError::unavailable)?;
        address.query_pairs_mut().extend_pairs(conditions);
        let path = format!("{path}?{}", address.query().unwrap_or_default());
        self.get(&path).await
    }

    pub(super) async fn post(&self, path: &str, body: &Value) -> Result<Reply, BundleError> {
        self.send(Method::POST, path, |request| request.json(body)).await
    }

    pub(super) async fn patch(&self, path: &str, body: &Value) -> Result<Reply, BundleError> {
        self.send(Method::PATCH, path, |request| request.json(body)).await
    }

    pub(super) async fn delete(&self, path: &str) -> Result<Reply, BundleError> {
        self.send(Method::DELETE, path, |request| request).await
    }

    /// A file from its own address, which may be in an object store: the token stays here. `None` when the address is not
    /// good any more.
    pub(super) async fn download(&self, address: &str) -> Result<Option<Bytes>, BundleError> {
        let address = self
            .root
            .join(address)
            .map_err(|error| BundleError::Damaged(format!("`{address}` is no address of a file: {error}")))?;
        let response = self.retried(true, || self.client.get(address.clone())).await?;
        match response.status() {
            StatusCode::OK => Ok(Some(body(response, checks::MAX_FILE).await?)),
            StatusCode::FORBIDDEN | StatusCode::NOT_FOUND | StatusCode::GONE => Ok(None),
            status => Err(unexpected(status, "")),
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        complete: impl Fn(RequestBuilder) -> RequestBuilder,
    ) -> Result<Reply, BundleError> {
        let address = match path {
            "" => Ok(self.root.clone()),
            path => self.root.join(path),
        };
        let address = address.map_err(BundleError::unavailable)?;
        // Whatever is sent twice has the same effect as once, but for a POST.
        let idempotent = method != Method::POST;
        let request = || {
            complete(self.client.request(method.clone(), address.clone()))
                .header(AUTHORIZATION, self.token.clone())
        };
        let response = self.retried(idempotent, request).await?;
        let status = response.status();
        let bytes = body(response, LARGEST_ANSWER).await?;
        Ok(match status {
            status if status.is_success() => Reply::Done(bytes),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
                return Err(BundleError::Refused { address: self.root.to_string() });
            }
            StatusCode::NOT_FOUND => Reply::NotFound,
            StatusCode::CONFLICT => Reply::Conflict,
            status if status.is_client_error() => Reply::Invalid(message(&bytes)),
            status => Reply::Failed(unexpected(status, &message(&bytes))),
        })
    }

    /// Sends a request until there is an answer other than "later".
    async fn retried(
        &self,
        idempotent: bool,
        request: impl Fn() -> RequestBuilder,
    ) -> Result<Response, BundleError> {
        let mut wait = BACKOFF;
        for attempt in 1.. {
            let last = attempt == ATTEMPTS;
            match request().send().await {
                Ok(response) if !last && is_later(response.status(), idempotent) => {
                    wait = wait.max(asked_for(&response)).min(LONGEST_WAIT);
                }
                Ok(response) => return Ok(response),
                // A connection that was never made has changed nothing.
                Err(error) if !last && (idempotent || error.is_connect()) => {
                    tracing::debug!(%error, attempt, "asking the Blockstore again");
                }
                Err(error) => return Err(BundleError::unavailable(error)),
            }
            // Between half and all of the wait, so that many hosts do not come back at the same time.
            tokio::time::sleep(wait.mul_f64(0.5 + f64::from(uuid::Uuid::new_v4().as_bytes()[0]) / 512.0))
                .await;
            wait *= 2;
        }
        Err(unexpected(StatusCode::SERVICE_UNAVAILABLE, ""))
    }
}

/// Whether the other side says that the request can be sent again. A POST that failed behind a gateway may have had its
/// effect.
fn is_later(status: StatusCode, idempotent: bool) -> bool {
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => true,
        StatusCode::BAD_GATEWAY | StatusCode::GATEWAY_TIMEOUT => idempotent,
        _ => false,
    }
}

/// How long the other side asks to wait.
fn asked_for(response: &Response) -> Duration {
    let seconds = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(0))
}

async fn body(mut response: Response, most: usize) -> Result<Bytes, BundleError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(BundleError::unavailable)? {
        if body.len() + chunk.len() > most {
            return Err(BundleError::Damaged(format!("the Blockstore sent more than {most} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.into())
}

fn unexpected(status: StatusCode, message: &str) -> BundleError {
    BundleError::unavailable(std::io::Error::other(format!("the Blockstore answered {status} {message}")))
}

/// All texts of an answer in JSON: the parts of a message lie at different depths of it.
fn message(body: &[u8]) -> String {
    fn texts(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) => found.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|value| texts(value, found)),
            Value::Object(members) => members
                .iter()
                .filter(|(name, _)| *name != "request_id")
                .for_each(|(_, value)| texts(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    if let Ok(value) = serde_json::from_slice::<Value>(body) {
        texts(&value, &mut found);
    }
    found.join("; ")
}

impl Reply {
    /// The answer to a question that cannot be about nothing.
    pub(super) fn read<T: DeserializeOwned>(self) -> Result<T, BundleError> {
        self.read_or(|| BundleError::Damaged("there is no Blockstore at this address".to_owned()))
    }

    /// The answer, or what it means that there is nothing at the address.
    pub(super) fn read_or<T: DeserializeOwned>(
        self,
        missing: impl FnOnce() -> BundleError,
    ) -> Result<T, BundleError> {
        let body = self.success_or(missing)?;
        serde_json::from_slice(&body).map_err(|error| {
            BundleError::Damaged(format!("the Blockstore sent something else than it should: {error}"))
        })
    }

    /// Nothing, or what it means that there is nothing at the address.
    pub(super) fn done_or(self, missing: impl FnOnce() -> BundleError) -> Result<(), BundleError> {
        self.success_or(missing).map(drop)
    }

    fn success_or(self, missing: impl FnOnce() -> BundleError) -> Result<Bytes, BundleError> {
        match self {
            Self::Done(body) => Ok(body),
            Self::NotFound => Err(missing()),
            Self::Invalid(message) => Err(BundleError::Invalid(message)),
            Self::Conflict => Err(BundleError::Damaged("the Blockstore refused for no reason".to_owned())),
            Self::Failed(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests;
