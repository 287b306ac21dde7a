//! HTTP: who is asking, what they asked for, and how the answer looks. It takes no decisions of its own: what may be
//! seen, run and stored is the runtime's.
//!
//! [`router`](router()) is the whole API on one page. `routes/` has one file per endpoint. Everything that a block
//! wrote is shown in a frame of its own (`frame_document`, `frame_policy`), whose address is its only authority
//! (`handler_token`).

mod account;
mod assets;
mod config;
mod deadline;
mod difference;
mod error;
mod every_request;
mod frame_document;
mod frame_hosts;
mod frame_origins;
mod frame_policy;
mod handler_token;
mod identity;
mod locale;
mod offer;
mod openapi;
mod operator;
mod outline;
mod own_page;
mod pages;
mod path;
mod platform;
mod progress;
mod rate_limit;
mod request_id;
mod router;
mod routes;
mod secret_tokens;
mod security_headers;
mod serve;
mod session;
mod state;
mod telemetry;
mod templates;
mod texts;
mod urls;

pub use config::{ConfigError, ServerConfig};
pub use handler_token::HandlerTokens;
pub use platform::{KeySetError, PlatformConfig, PlatformConfigError};
pub use rate_limit::RateLimits;
pub use router::router;
pub use routes::blockstore::BlockstoreConfig;
pub use serve::{ServeError, serve};
pub use state::AppState;
pub use urls::ServerUrls;
