//! From a listening socket to a stopped server.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use blockhouse_runtime::Runtime;
use tokio::net::TcpListener;
use tokio::sync::Notify;

use crate::{AppState, ConfigError, ServerConfig, router, telemetry};

/// How long requests in flight may take once the server is told to stop.
const LAST_REQUESTS: Duration = Duration::from_secs(10);

/// Why the server cannot run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The settings are unusable.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A page template of this build is broken.
    #[error("a page template cannot be read")]
    Template(#[from] minijinja::Error),
    /// A catalogue of this build is broken.
    #[error("the texts of the pages cannot be read")]
    Texts(#[from] blockhouse_i18n::CatalogueError),
    /// The socket failed.
    #[error("the server's socket failed")]
    Socket(#[from] std::io::Error),
}

/// Serves until the process is told to stop (Ctrl-C or SIGTERM), then lets the requests in flight finish.
///
/// # Errors
/// The settings are unusable, or the socket fails.
pub async fn serve(
    config: ServerConfig,
    runtime: Arc<Runtime>,
    listener: TcpListener,
) -> Result<(), ServeError> {
    let state = AppState::new(config, runtime)?;
    let upkeep = tokio::spawn(telemetry::upkeep(state.metrics().clone()));
    let service = router(state).into_make_service_with_connect_info::<SocketAddr>();
    let stopping = Arc::new(Notify::new());
    let stopped = Arc::clone(&stopping);
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        told_to_stop().await;
        tracing::info!("stopping: no new requests are taken");
        stopped.notify_one();
    });
    let result = tokio::select! {
        result = async { server.await } => result,
        () = async { stopping.notified().await; tokio::time::sleep(LAST_REQUESTS).await } => Ok(()),
    };
    upkeep.abort();
    Ok(result?)
}

async fn told_to_stop() {
    let interrupt = async { tokio::signal::ctrl_c().await.is_ok() };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await.is_some(),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<bool>();
    tokio::select! { _ = interrupt => {}, _ = terminate => {} }
}
