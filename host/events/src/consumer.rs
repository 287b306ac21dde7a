//! Whoever listens.

use async_trait::async_trait;

use crate::PublishedEvent;

/// Somebody who takes events.
#[async_trait]
pub trait Consumer: Send + Sync {
    /// Its name in the database and in metrics, at most 64 characters. It stays the same over restarts.
    fn name(&self) -> &str;

    /// Takes events, in order. When this fails it may have taken some of them, and gets all of them again.
    async fn take(&self, events: &[PublishedEvent]) -> Result<(), ConsumerError>;
}

/// Why a consumer has not taken the events.
#[derive(Debug, thiserror::Error)]
pub enum ConsumerError {
    /// It cannot be reached, or did not answer in time.
    #[error("the webhook cannot be reached")]
    Unreachable(#[from] reqwest::Error),
    /// It said no.
    #[error("the webhook answered with status {0}; anything but 2xx means that it has not taken the events")]
    Refused(u16),
    /// The file cannot be written.
    #[error("the events cannot be written to `{path}`")]
    File {
        /// Which.
        path: std::path::PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}
