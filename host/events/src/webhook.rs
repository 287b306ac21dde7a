//! Events as signed POST requests.
//!
//! The body is `{"events": […]}`. `Blockhouse-Timestamp` is the second of sending, and `Blockhouse-Signature` is
//! `sha256=` and HMAC-SHA256 in hex over the timestamp, a dot and the body: whoever has the key knows that it was us, and
//! that nobody replays an old request.

use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use reqwest::header::CONTENT_TYPE;
use reqwest::redirect::Policy;
use serde_json::json;
use sha2::Sha256;

use crate::{Consumer, ConsumerError, PublishedEvent};

/// How long the receiver may take to answer. It has to keep the events, not to act on them.
const TIMEOUT: Duration = Duration::from_secs(10);

/// An address to which events are posted.
pub struct Webhook {
    client: Client,
    url: String,
    key: Vec<u8>,
}

impl Webhook {
    /// Posts to `url`, signed with `key`.
    ///
    /// # Errors
    /// `url` is no address, or no HTTP client can be made.
    pub fn new(url: &str, key: &[u8]) -> Result<Self, ConsumerError> {
        // Somebody else in this process may have chosen already; it is the same choice.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(TIMEOUT).redirect(Policy::none()).build()?;
        client.post(url).build()?;
        Ok(Self { client, url: url.to_owned(), key: key.to_owned() })
    }

    fn signature(&self, timestamp: u64, body: &str) -> String {
        // HMAC takes keys of any length.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.key) else { return String::new() };
        mac.update(format!("{timestamp}.{body}").as_bytes());
        let digest = mac.finalize().into_bytes();
        digest.iter().fold("sha256=".to_owned(), |text, byte| format!("{text}{byte:02x}"))
    }
}

#[async_trait]
impl Consumer for Webhook {
    fn name(&self) -> &str {
        "webhook"
    }

    async fn take(&self, events: &[PublishedEvent]) -> Result<(), ConsumerError> {
        let body = json!({ "events": events }).to_string();
        let timestamp =
            SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let request = self
            .client
            .post(&self.url)
            .header(CONTENT_TYPE, "application/json")
            .header("Blockhouse-Timestamp", timestamp)
            .header("Blockhouse-Signature", self.signature(timestamp, &body))
            .body(body);
        let status = request.send().await?.status();
        if status.is_success() { Ok(()) } else { Err(ConsumerError::Refused(status.as_u16())) }
    }
}
