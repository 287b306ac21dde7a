//! The platform's public keys, from a file or from the web, kept for a while.
//!
//! A platform changes its keys by publishing the new one beside the old one. So a token with an unknown key makes the
//! set be read again, but not more often than `EARLIEST`: whoever sends made-up keys must not make us hammer the
//! platform. Should it be away, the keys that are known stay good.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jsonwebtoken::jwk::{Jwk, JwkSet};
use tokio::sync::Mutex;

/// After this the set is read again.
const FRESH: Duration = Duration::from_secs(600);

/// Before this it is not, whatever comes.
const EARLIEST: Duration = Duration::from_secs(5);

/// How long the platform may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Bytes of the largest set.
const LARGEST: usize = 256 * 1024;

/// Why the keys cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeySetError {
    /// The file.
    #[error("the file `{path}` of the platform's keys cannot be read")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The web.
    #[error("the platform's keys cannot be fetched")]
    Fetch(#[from] reqwest::Error),
    /// What is there.
    #[error("the platform's keys are no JWKS")]
    NoKeys(#[from] serde_json::Error),
    /// More than a set of keys has.
    #[error("the platform's keys are over the limit of {LARGEST} bytes")]
    TooLarge,
}

enum Source {
    File(PathBuf),
    Web { url: String, client: std::sync::OnceLock<reqwest::Client> },
}

pub(super) struct KeySet {
    source: Source,
    read: Mutex<Option<Read>>,
    /// `EARLIEST`, except in tests.
    pub(super) earliest: Duration,
}

struct Read {
    keys: Arc<JwkSet>,
    at: Instant,
}

impl KeySet {
    pub(super) fn new(place: &str) -> Self {
        let is_web = place.starts_with("https://") || place.starts_with("http://");
        let source = if is_web {
            Source::Web { url: place.to_owned(), client: std::sync::OnceLock::new() }
        } else {
            Source::File(place.into())
        };
        Self { source, read: Mutex::new(None), earliest: EARLIEST }
    }

    /// The key of this id. A token without an id means the only key.
    pub(super) async fn find(&self, id: Option<&str>) -> Result<Option<Jwk>, KeySetError> {
        // One reads, the others wait for what comes of it.
        let mut read = self.read.lock().await;
        if let Some(Read { keys, at }) = &*read {
            let age = at.elapsed();
            let found = find(keys, id);
            if age < self.earliest || (age < FRESH && found.is_some()) {
                return Ok(found);
            }
        }
        match (self.fetch().await, &mut *read) {
            (Ok(keys), read) => {
                let found = find(&keys, id);
                *read = Some(Read { keys: Arc::new(keys), at: Instant::now() });
                Ok(found)
            }
            (Err(error), Some(known)) => {
                tracing::warn!(error = %error, "the platform's keys could not be read again; the known ones stay good");
                known.at = Instant::now();
                Ok(find(&known.keys, id))
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn fetch(&self) -> Result<JwkSet, KeySetError> {
        let json = match &self.source {
            Source::File(path) => tokio::fs::read(path)
                .await
                .map_err(|source| KeySetError::File { path: path.clone(), source })?,
            Source::Web { url, client } => {
                let client = match client.get() {
                    Some(client) => client,
                    None => {
                        let new = self::client()?;
                        client.get_or_init(|| new)
                    }
                };
                let mut response = client.get(url).send().await?.error_for_status()?;
                let mut json = Vec::new();
                while let Some(chunk) = response.chunk().await? {
                    json.extend_from_slice(&chunk);
                    if json.len() > LARGEST {
                        return Err(KeySetError::TooLarge);
                    }
                }
                json
            }
        };
        Ok(serde_json::from_slice(&json)?)
    }
}

fn client() -> Result<reqwest::Client, reqwest::Error> {
    // The client needs it, and nobody may have asked for it yet. Twice does no harm.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().timeout(TIMEOUT).redirect(reqwest::redirect::Policy::none()).build()
}

fn find(keys: &JwkSet, id: Option<&str>) -> Option<Jwk> {
    match (id, keys.keys.as_slice()) {
        (Some(id), _) => keys.find(id).cloned(),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    }
}
