//! Where the requests of one block type may go.

use std::collections::BTreeSet;
use std::net::IpAddr;

use blockhouse_sandbox::HttpFailure;
use reqwest::Url;
use url::Host;

use super::authorities::Authorities;
use super::network::{Network, is_allowed};
use super::server::Server;

/// What the operator listed for one block type. The default lets it reach nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// The servers.
    pub servers: BTreeSet<Server>,
    /// The networks in which they may be, besides public ones.
    pub networks: Vec<Network>,
    /// Who vouches for them, besides those whom the system believes.
    pub authorities: Authorities,
}

impl Reach {
    /// Whether a request may go to an address, as far as that can be told before its name is resolved.
    pub(super) fn admit(&self, url: &Url, block_type: &str) -> Result<Server, HttpFailure> {
        let server = Server::of(url).ok_or_else(|| {
            HttpFailure::Invalid("the address of a request begins with https:// or http://".to_owned())
        })?;
        if !self.servers.contains(&server) {
            return Err(HttpFailure::Refused(format!(
                "`{block_type}` may not send requests to `{server}`; to let it, add \"{server}\" to `http_hosts` \
                 below [grants_of.{block_type}] in blockhouse.toml"
            )));
        }
        // Only names come to the resolver.
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            Some(Host::Domain(_)) | None => None,
        };
        match literal {
            Some(address) if !is_allowed(address, &self.networks) => {
                Err(address_refused(&server, block_type))
            }
            _ => Ok(server),
        }
    }
}

/// The address itself stands in the log only: where a name leads inside is nothing for whoever wrote the block.
pub(super) fn address_refused(server: &Server, block_type: &str) -> HttpFailure {
    HttpFailure::Refused(format!(
        "`{server}` is not at a public address; to let `{block_type}` reach it, add its network to `http_networks` \
         below [grants_of.{block_type}] in blockhouse.toml"
    ))
}
