//! What every request can use. Built once at start; cheap to clone.

use std::sync::Arc;

use blockhouse_content::PublishedContext;
use blockhouse_keys::LearningContextKey;
use blockhouse_runtime::{Runtime, RuntimeError};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::assets::Assets;
use crate::platform::Platform;
use crate::rate_limit::RateLimiters;
use crate::routes::blockstore::Blockstore;
use crate::secret_tokens::SecretTokens;
use crate::session::Sessions;
use crate::templates::Templates;
use crate::{ConfigError, ServeError, ServerConfig, ServerUrls, telemetry};

/// The server's parts.
#[derive(Clone)]
pub struct AppState {
    inner: Arc<Inner>,
}

struct Inner {
    config: ServerConfig,
    runtime: Arc<Runtime>,
    urls: ServerUrls,
    sessions: Sessions,
    templates: Templates,
    assets: Assets,
    metrics: PrometheusHandle,
    platform: Option<Platform>,
    embed_origins: Vec<String>,
    rate_limiters: RateLimiters,
    blockstore: Option<Blockstore>,
    operators: SecretTokens,
}

impl AppState {
    /// Checks the settings and prepares what all requests share.
    ///
    /// # Errors
    /// The settings are unusable.
    pub fn new(config: ServerConfig, runtime: Arc<Runtime>) -> Result<Self, ServeError> {
        let inner = Inner {
            urls: ServerUrls::new(&config)?,
            sessions: Sessions::new(&config),
            templates: Templates::new()?,
            rate_limiters: RateLimiters::new(config.rate_limits),
            assets: Assets::new(),
            metrics: telemetry::recorder(),
            platform: config.platform.as_ref().map(Platform::new).transpose().map_err(ConfigError::from)?,
            embed_origins: config.embed_origins()?,
            blockstore: match &config.blockstore {
                Some(blockstore) => Some(Blockstore::new(&config, blockstore)?),
                None => None,
            },
            operators: SecretTokens::new(&config.operator_tokens),
            config,
            runtime,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub(crate) fn config(&self) -> &ServerConfig {
        &self.inner.config
    }

    /// Who knows the people, if anybody does.
    pub(crate) fn platform(&self) -> Option<&Platform> {
        self.inner.platform.as_ref()
    }

    /// The sites that may show blocks.
    pub(crate) fn embed_origins(&self) -> &[String] {
        &self.inner.embed_origins
    }

    /// Who has asked how much.
    pub(crate) fn rate_limiters(&self) -> &RateLimiters {
        &self.inner.rate_limiters
    }

    /// The tokens of the operator.
    pub(crate) fn operators(&self) -> &SecretTokens {
        &self.inner.operators
    }

    /// Seconds since 1970.
    pub(crate) fn now_s(&self) -> u64 {
        (self.inner.config.clock)() / 1000
    }

    pub(crate) fn runtime(&self) -> &Runtime {
        &self.inner.runtime
    }

    pub(crate) fn urls(&self) -> &ServerUrls {
        &self.inner.urls
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.inner.sessions
    }

    pub(crate) fn templates(&self) -> &Templates {
        &self.inner.templates
    }

    pub(crate) fn assets(&self) -> &Assets {
        &self.inner.assets
    }

    pub(crate) fn blockstore(&self) -> Option<&Blockstore> {
        self.inner.blockstore.as_ref()
    }

    pub(crate) fn metrics(&self) -> &PrometheusHandle {
        &self.inner.metrics
    }

    /// An imported course. Everybody may see it.
    pub(crate) fn course(&self, key: &LearningContextKey) -> Result<Arc<PublishedContext>, RuntimeError> {
        let context = self.runtime().content().context(key);
        context.ok_or_else(|| RuntimeError::NoSuchContext(key.clone()))
    }
}
