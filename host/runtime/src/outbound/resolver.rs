//! Names become addresses here, and only those to which a block may connect leave. The client connects to what it gets
//! from here, so a name that changes its address between a check and the connection gains nothing.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::network::{Network, is_allowed};

/// Resolves names for one block type.
pub(super) struct Resolver {
    networks: Arc<[Network]>,
}

/// A name leads only to where a block may not connect.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to no address that is allowed")]
pub(super) struct AddressRefused;

impl Resolver {
    pub(super) fn new(networks: Vec<Network>) -> Self {
        Self { networks: networks.into() }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let networks = Arc::clone(&self.networks);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let (allowed, refused): (Vec<SocketAddr>, Vec<SocketAddr>) =
                found.partition(|found| is_allowed(found.ip(), &networks));
            if allowed.is_empty() && !refused.is_empty() {
                tracing::warn!(
                    name = name.as_str(),
                    ?refused,
                    "a block may not connect to where a name leads"
                );
                return Err(AddressRefused.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}
