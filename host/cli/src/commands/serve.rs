//! `blockhouse serve`: the courses, over HTTP, until it is told to stop.

use std::num::NonZeroU32;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use blockhouse_content::IntroducedPeople;
use blockhouse_runtime::LibraryOutbox;
use blockhouse_server::{RateLimits, ServerConfig, ServerUrls};
use blockhouse_state::Outbox;
use tokio::net::TcpListener;

use crate::causes::on_one_line;
use crate::config::Config;
use crate::host::{
    HostError, blockstore, open_data, open_registry, open_runtime, open_storage, people, platform,
};
use crate::{events, housekeeping, logging, packages};

/// No options: everything is in the configuration.
#[derive(clap::Args)]
pub(crate) struct Args {}

/// Serves until the process is told to stop; calls in flight are finished first.
pub(crate) fn run(Args {}: Args, file: Option<&Path>) -> Result<(), HostError> {
    let config = Config::load(file)?;
    logging::start(&config.log);
    let threads =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(HostError::Threads)?;
    threads.block_on(serve(config))
}

async fn serve(config: Config) -> Result<(), HostError> {
    let started = Instant::now();
    let secrets = open_data(&config)?;
    let mut server = ServerConfig::new(config.public_url(), vec![secrets.key("session").to_vec()]);
    server.handler_token_keys = vec![secrets.key("handler token").to_vec()];
    server.development = config.development;
    server.body_limit = config.http.body_limit;
    server.rate_limits = RateLimits {
        per_address: NonZeroU32::new(config.http.per_address),
        per_person: NonZeroU32::new(config.http.per_person),
        behind_proxy: config.http.behind_proxy,
    };
    server.frame_libraries = config.frame_libraries.clone();
    server.embed_origins = config.http.embed_origins.clone();
    server.frame_origins = config.http.frame_origins.clone();
    let people = Arc::new(IntroducedPeople::new(people(&config)));
    server.platform = platform(&config, Arc::clone(&people));
    server.operator_tokens = config.operators.tokens.clone();
    server.operator_tokens.push(secrets.operator_token(&config.data)?);
    let storage = open_storage(&config).await?;
    server.blockstore = blockstore(&config, &storage);
    let registry = open_registry(&config)?;
    server.registry = Some(registry.clone());
    let urls = Arc::new(ServerUrls::new(&server)?);
    let (runtime, refused) =
        open_runtime(&config, &secrets, storage, &config.database()?, people, urls, server.clock).await?;
    for error in &refused {
        tracing::error!(error = on_one_line(error), "left out a package");
    }
    let _delivery = {
        let of_libraries = Arc::new(LibraryOutbox::new(runtime.libraries().clone()));
        let outboxes: Vec<Arc<dyn Outbox>> = vec![runtime.learners().clone(), of_libraries];
        events::start(&config.events, outboxes, server.clock)?
    };
    housekeeping::start(runtime.clone());
    tracing::info!(limits = ?config.limits, limits_of = ?config.limits_of, "what blocks may use");
    tracing::info!(grants = %runtime.grants(), "what blocks have");
    packages::follow(runtime.clone(), registry);
    let listener = TcpListener::bind(config.listen)
        .await
        .map_err(|source| HostError::Listen { address: config.listen, source })?;
    tracing::info!(
        blocks = runtime.installed().len(),
        contexts = runtime.content().contexts().len(),
        milliseconds = started.elapsed().as_millis(),
        "ready"
    );
    eprintln!("Blockhouse serves {} - stop it with Ctrl-C", config.public_url());
    if config.development {
        eprintln!("Development mode: everybody may choose who they are. Never use it for real learners.");
    }
    Ok(blockhouse_server::serve(server, Arc::new(runtime), listener).await?)
}
