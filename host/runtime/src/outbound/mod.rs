//! Requests of blocks to other servers.
//!
//! A request goes to a server that the operator listed for the block's type (`reach.rs`), at a public address or in a
//! network that the operator listed as well (`network.rs`). Addresses are checked where names are resolved
//! (`resolver.rs`), so what was checked is what is connected to. That holds for each redirect anew: they are followed
//! here and not by the client. Nothing else of this host goes along: no proxy, no cookies, no credentials.

mod authorities;
mod hop;
mod network;
mod reach;
mod resolver;
mod sent;
mod server;

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use blockhouse_sandbox::{HttpBounds, HttpFailure, HttpRequest, HttpResponse};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

use hop::{Hop, is_of_the_connection};
use resolver::{AddressRefused, Resolver};

pub use authorities::{Authorities, InvalidAuthorities};
pub use network::{InvalidNetwork, Network};
pub use reach::Reach;
pub(crate) use sent::Sent;
pub use server::{InvalidServer, Server};

/// How many redirects of one request are followed.
const MOST_REDIRECTS: usize = 5;

/// How many connections to one server are kept, and how long, for the next request of the same block type.
const IDLE_CONNECTIONS: usize = 4;
const IDLE: Duration = Duration::from_secs(30);

/// What blocks are known as.
const USER_AGENT: &str = concat!("blockhouse/", env!("CARGO_PKG_VERSION"));

/// What came of a request.
pub(crate) type Answer = Result<HttpResponse, HttpFailure>;

/// Sends requests. Each block type has a client of its own: a connection that was made for one is nobody else's.
#[derive(Default)]
pub(crate) struct Outbound {
    clients: Mutex<HashMap<String, Client>>,
}

impl Outbound {
    /// Sends a request of a block of this type.
    pub(crate) async fn send(
        &self,
        block_type: &str,
        reach: &Reach,
        request: &HttpRequest,
        bounds: HttpBounds,
    ) -> Answer {
        let exchange = self.exchange(block_type, reach, request, bounds.response_bytes);
        let answer = tokio::time::timeout(bounds.time, exchange).await.unwrap_or(Err(HttpFailure::TooSlow));
        let outcome = match &answer {
            Ok(_) => "answered",
            Err(HttpFailure::Refused(_) | HttpFailure::Invalid(_) | HttpFailure::NotInAHandler) => "refused",
            Err(HttpFailure::TooLarge | HttpFailure::TooSlow | HttpFailure::Unreachable(_)) => "failed",
        };
        let labels = [("block_type", block_type.to_owned()), ("outcome", outcome.to_owned())];
        metrics::counter!("blockhouse_outbound_requests_total", &labels).increment(1);
        answer
    }

    async fn exchange(
        &self,
        block_type: &str,
        reach: &Reach,
        request: &HttpRequest,
        most_bytes: usize,
    ) -> Answer {
        let mut hop = Hop::first(request)?;
        let client = self.client(block_type, reach).map_err(|error| {
            tracing::error!(%error, "no client can be made for the requests of blocks");
            HttpFailure::Unreachable("this host cannot send requests now".to_owned())
        })?;
        for _ in 0..=MOST_REDIRECTS {
            let server = reach.admit(&hop.url, block_type)?;
            let failed = |error| failure(error, &server, block_type);
            let response = client.execute(hop.request()).await.map_err(failed)?;
            match hop.after(response.status(), response.headers())? {
                Some(next) => hop = next,
                None => return read(response, most_bytes, failed).await,
            }
        }
        Err(HttpFailure::Unreachable("the address leads to another, and so on without end".to_owned()))
    }

    fn client(&self, block_type: &str, reach: &Reach) -> Result<Client, reqwest::Error> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(block_type) {
            return Ok(client.clone());
        }
        // The client needs it, and nobody may have asked for it yet. Twice does no harm.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .user_agent(USER_AGENT)
            .dns_resolver(Arc::new(Resolver::new(reach.networks.clone())))
            .redirect(Policy::none())
            // A proxy would resolve names by itself.
            .no_proxy()
            .http1_only()
            .pool_max_idle_per_host(IDLE_CONNECTIONS)
            .pool_idle_timeout(IDLE)
            .tls_certs_merge(reach.authorities.certificates()?)
            .build()?;
        clients.insert(block_type.to_owned(), client.clone());
        Ok(client)
    }
}

/// Reads an answer, and stops where it becomes too large.
async fn read(
    mut response: Response,
    most_bytes: usize,
    failed: impl Fn(reqwest::Error) -> HttpFailure,
) -> Answer {
    let headers = response
        .headers()
        .iter()
        .filter(|(name, _)| !is_of_the_connection(name))
        .map(|(name, value)| {
            (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
        })
        .collect();
    let mut answer = HttpResponse { status: response.status().as_u16(), headers, body: Vec::new() };
    let mut left = most_bytes.checked_sub(answer.bytes()).ok_or(HttpFailure::TooLarge)?;
    while let Some(chunk) = response.chunk().await.map_err(&failed)? {
        left = left.checked_sub(chunk.len()).ok_or(HttpFailure::TooLarge)?;
        answer.body.extend_from_slice(&chunk);
    }
    Ok(answer)
}

/// What the block is told, and what stands in the log. The address stands in neither: keys travel in it.
fn failure(error: reqwest::Error, server: &Server, block_type: &str) -> HttpFailure {
    let error = error.without_url();
    let mut causes = std::iter::successors(error.source(), |&cause| cause.source());
    if causes.any(|cause| cause.is::<AddressRefused>()) {
        return reach::address_refused(server, block_type);
    }
    tracing::warn!(block_type, %server, error = &error as &dyn Error, "a server cannot be reached");
    HttpFailure::Unreachable(format!("`{server}` cannot be reached"))
}
