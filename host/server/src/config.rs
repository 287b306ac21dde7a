//! What the server has to be told. Reading files and the environment is the command line's business.

use std::path::PathBuf;
use std::time::Duration;

use axum::http::Uri;
use blockhouse_runtime::Registry;

use crate::frame_origins::FrameOrigins;
use crate::platform::{PlatformConfig, PlatformConfigError};
use crate::rate_limit::RateLimits;
use crate::routes::blockstore::BlockstoreConfig;

/// The shortest secret key, in bytes: shorter ones can be guessed.
const SHORTEST_SECRET: usize = 32;

/// The server's settings. Everything that has a sensible default has it in [`ServerConfig::new`].
#[derive(Clone)]
pub struct ServerConfig {
    /// How browsers reach this server: scheme, host and port, without a path. Handler addresses begin with it, and
    /// `https` makes cookies `Secure`.
    pub public_url: String,
    /// Development mode: whoever opens a page may choose to be one of two made-up learners, and error messages say
    /// more. Never for real learners. Default: false.
    pub development: bool,
    /// Secrets of at least 32 bytes. The first one signs sessions and all of them validate, so a key is rotated by
    /// putting a new one in front, without logging anybody out.
    pub secret_keys: Vec<Vec<u8>>,
    /// The keys of handler tokens (spec 3.6.4): the first one signs and all of them validate. Default: empty, which
    /// means `secret_keys`.
    pub handler_token_keys: Vec<Vec<u8>>,
    /// The most bytes that a handler's request body may have. Default: 1 MiB.
    pub body_limit: usize,
    /// How long a request body may take to arrive. Default: 30 s.
    pub body_timeout: Duration,
    /// The platform whose tokens say who somebody is. Default: none.
    pub platform: Option<PlatformConfig>,
    /// The origins of other sites that may show blocks in their pages, for instance `https://blog.example.org`.
    /// Default: empty.
    pub embed_origins: Vec<String>,
    /// The origins of frames: `https://*.blocks.example.org`, where the star stands for a label that differs for each
    /// block and person. Default: none, so frames have no origin, and no place in the browser to keep anything.
    pub frame_origins: Option<String>,
    /// The directory, as npm makes it, of the libraries that older front ends ask for. Default: none, so they get only
    /// what this crate has itself.
    pub frame_libraries: Option<PathBuf>,
    /// How much one may ask. Default: any amount.
    pub rate_limits: RateLimits,
    /// The clock: milliseconds since 1970. Default: the system's.
    pub clock: fn() -> u64,
    /// Bundles for other hosts. Default: none.
    pub blockstore: Option<BlockstoreConfig>,
    /// The packages that the operator installs. Default: none, so packages cannot be installed over HTTP.
    pub registry: Option<Registry>,
    /// The tokens that make whoever sends one the operator. Default: none, so nobody is.
    pub operator_tokens: Vec<String>,
}

impl ServerConfig {
    /// The defaults, with the two settings that have none.
    pub fn new(public_url: impl Into<String>, secret_keys: Vec<Vec<u8>>) -> Self {
        Self {
            public_url: public_url.into(),
            development: false,
            secret_keys,
            handler_token_keys: Vec::new(),
            body_limit: 1024 * 1024,
            body_timeout: Duration::from_secs(30),
            platform: None,
            embed_origins: Vec::new(),
            frame_origins: None,
            frame_libraries: None,
            rate_limits: RateLimits::default(),
            clock: system_clock,
            blockstore: None,
            registry: None,
            operator_tokens: Vec::new(),
        }
    }

    /// Whether browsers come over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }

    /// The public URL as an origin: scheme and host, without a trailing slash.
    ///
    /// # Errors
    /// It is not an `http` or `https` address, or it has a path.
    pub(crate) fn origin(&self) -> Result<String, ConfigError> {
        origin(&self.public_url).ok_or_else(|| ConfigError::PublicUrl(self.public_url.clone()))
    }

    /// The sites that may show blocks, each as an origin.
    ///
    /// # Errors
    /// One is none.
    pub(crate) fn embed_origins(&self) -> Result<Vec<String>, ConfigError> {
        let checked = |text: &String| origin(text).ok_or_else(|| ConfigError::EmbedOrigin(text.clone()));
        self.embed_origins.iter().map(checked).collect()
    }

    /// Where frames have their origins.
    ///
    /// # Errors
    /// It is no pattern of origins, or the server's own pages have one of them.
    pub(crate) fn frame_origins(&self) -> Result<Option<FrameOrigins>, ConfigError> {
        let Some(text) = &self.frame_origins else { return Ok(None) };
        // A browser shows no frame without encryption in a page with it.
        let fit = |origins: &FrameOrigins| {
            origins.are_https() == self.is_https() && !origins.have_origin(&self.public_url)
        };
        let origins = FrameOrigins::parse(text).filter(fit);
        origins.map(Some).ok_or_else(|| ConfigError::FrameOrigins(text.clone()))
    }

    /// The keys that sign handler tokens.
    pub(crate) fn token_keys(&self) -> &[Vec<u8>] {
        if self.handler_token_keys.is_empty() { &self.secret_keys } else { &self.handler_token_keys }
    }

    pub(crate) fn check_secrets(&self) -> Result<(), ConfigError> {
        if self.secret_keys.is_empty() {
            return Err(ConfigError::NoSecretKey);
        }
        match self.secret_keys.iter().find(|key| key.len() < SHORTEST_SECRET) {
            Some(key) => Err(ConfigError::ShortSecretKey { bytes: key.len() }),
            None => Ok(()),
        }
    }
}

/// `scheme://host:port` of an address that is no more than that.
pub(crate) fn origin(address: &str) -> Option<String> {
    let uri: Uri = address.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?, uri.authority()?);
    let is_origin =
        matches!(uri.path(), "" | "/") && uri.query().is_none() && !authority.as_str().contains('@');
    (matches!(scheme, "http" | "https") && is_origin).then(|| format!("{scheme}://{authority}"))
}

fn system_clock() -> u64 {
    // A clock before 1970 is a broken machine; 0 makes every token invalid, which is the safe side.
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}

/// Settings that a server cannot run with.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// Not an origin.
    #[error(
        "`{0}` is not a public URL: give scheme, host and port, for instance `https://learn.example.org`"
    )]
    PublicUrl(String),
    /// Not an origin.
    #[error(
        "`{0}` is no origin of a site that may show blocks: give scheme and host, for instance `https://blog.example.org`"
    )]
    EmbedOrigin(String),
    /// Not the origins of frames.
    #[error(
        "`{0}` cannot be the origins of frames: give the scheme of `public_url` and a domain below which nothing else is, \
         with a star before it, for instance `https://*.blocks.example.org`"
    )]
    FrameOrigins(String),
    /// The platform's tokens could not be checked.
    #[error(transparent)]
    Platform(#[from] PlatformConfigError),
    /// Nothing to sign with.
    #[error("there is no secret key: give at least one of {SHORTEST_SECRET} random bytes")]
    NoSecretKey,
    /// Too easy to guess.
    #[error("a secret key has {bytes} bytes and needs {SHORTEST_SECRET} random ones")]
    ShortSecretKey {
        /// How long it is.
        bytes: usize,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn origin(url: &str) -> Result<String, ConfigError> {
        ServerConfig::new(url, Vec::new()).origin()
    }

    #[test]
    fn a_public_url_is_scheme_host_and_port() {
        assert_eq!(origin("http://localhost:8000").unwrap(), "http://localhost:8000");
        assert_eq!(origin("https://learn.example.org/").unwrap(), "https://learn.example.org");
    }

    #[test]
    fn a_public_url_with_more_or_less_is_refused() {
        for url in ["localhost:8000", "/learn", "ftp://x", "http://x/path", "http://x?y", "http://me@x", ""] {
            assert_eq!(origin(url), Err(ConfigError::PublicUrl(url.to_owned())));
        }
    }

    #[test]
    fn token_keys_fall_back_to_the_secret_keys() {
        let mut config = ServerConfig::new("http://x", vec![b"secret".to_vec()]);
        assert_eq!(config.token_keys(), [b"secret".to_vec()]);
        config.handler_token_keys = vec![b"other".to_vec()];
        assert_eq!(config.token_keys(), [b"other".to_vec()]);
    }

    #[test]
    fn short_and_missing_secrets_are_refused() {
        assert_eq!(ServerConfig::new("http://x", vec![]).check_secrets(), Err(ConfigError::NoSecretKey));
        let short = ServerConfig::new("http://x", vec![vec![1; 32], vec![1; 31]]);
        assert_eq!(short.check_secrets(), Err(ConfigError::ShortSecretKey { bytes: 31 }));
    }
}
