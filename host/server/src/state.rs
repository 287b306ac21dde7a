//! What every request can use. Built once at start; cheap to clone.

use std::sync::Arc;

use blockhouse_content::PublishedContext;
use blockhouse_keys::LearningContextKey;
use blockhouse_runtime::{Runtime, RuntimeError};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::assets::Assets;
use crate::session::Sessions;
use crate::templates::Templates;
use crate::{ServeError, ServerConfig, ServerUrls, telemetry};

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
            assets: Assets::new(),
            metrics: telemetry::recorder(),
            config,
            runtime,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    pub(crate) fn config(&self) -> &ServerConfig {
        &self.inner.config
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

    pub(crate) fn metrics(&self) -> &PrometheusHandle {
        &self.inner.metrics
    }

    /// An imported course. Everybody may see it.
    pub(crate) fn course(&self, key: &LearningContextKey) -> Result<Arc<PublishedContext>, RuntimeError> {
        let context = self.runtime().content().context(key);
        context.ok_or_else(|| RuntimeError::NoSuchContext(key.clone()))
    }
}
