//! `blockhouse top`: which blocks cost how much, on the host that is serving now.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use crate::config::{Config, ConfigError};
use crate::secrets::OPERATOR_TOKEN;

/// How often it looks again.
const INTERVAL: Duration = Duration::from_secs(2);

/// Moves to the top left and clears the rest of the terminal.
const CLEAR: &str = "\x1b[H\x1b[J";

/// How to show it.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Show it once and stop.
    #[arg(long)]
    once: bool,
}

/// Why there is nothing to show.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TopError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The operator's token.
    #[error("the operator's token `{path}` cannot be read; is a host serving on this data directory?")]
    Token {
        /// Its file.
        path: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The host.
    #[error("the host at {address} does not answer; start it with `blockhouse serve`")]
    Host {
        /// Where it should be.
        address: String,
        /// Why.
        source: reqwest::Error,
    },
    /// No threads.
    #[error("no threads can be started")]
    Threads(#[source] std::io::Error),
    /// The terminal.
    #[error("cannot print")]
    Print(#[source] std::io::Error),
}

#[derive(Deserialize)]
struct Answer {
    blocks: Vec<Block>,
}

#[derive(Deserialize)]
struct Block {
    block_type: String,
    digest: String,
    standing: Standing,
    costs: Costs,
}

#[derive(Deserialize)]
struct Standing {
    state: String,
}

#[derive(Deserialize)]
struct Costs {
    calls: u64,
    outcomes: std::collections::BTreeMap<String, u64>,
    cpu_ms: f64,
    cpu_ms_most: f64,
    memory_bytes_most: u64,
    host_calls: u64,
}

/// Shows the block versions of the host, the most expensive first.
pub(crate) fn run(Args { once }: Args, file: Option<&Path>) -> Result<(), TopError> {
    let config = Config::load(file)?;
    let path = config.data.join(OPERATOR_TOKEN);
    let token = std::fs::read_to_string(&path).map_err(|source| TopError::Token { path, source })?;
    let address = format!("http://{}/api/admin/blocks", config.listen);
    let threads =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(TopError::Threads)?;
    threads.block_on(async {
        loop {
            let answer = ask(&address, token.trim())
                .await
                .map_err(|source| TopError::Host { address: address.clone(), source })?;
            let start = if once { "" } else { CLEAR };
            let mut out = std::io::stdout().lock();
            write!(out, "{start}{}", table(answer)).and_then(|()| out.flush()).map_err(TopError::Print)?;
            drop(out);
            if once {
                return Ok(());
            }
            tokio::time::sleep(INTERVAL).await;
        }
    })
}

async fn ask(address: &str, token: &str) -> Result<Answer, reqwest::Error> {
    // Somebody else in this process may have chosen already; it is the same choice.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(10)).build()?;
    client.get(address).bearer_auth(token).send().await?.error_for_status()?.json().await
}

fn table(Answer { mut blocks }: Answer) -> String {
    blocks.sort_by(|one, other| other.costs.cpu_ms.total_cmp(&one.costs.cpu_ms));
    let mut text = format!(
        "{:<20} {:<12} {:>9} {:>7} {:>10} {:>8} {:>8} {:>9} {:>10}  {}\n",
        "TYPE", "DIGEST", "CALLS", "FAILED", "CPU ms", "MEAN ms", "MOST ms", "MEM MiB", "HOST CALLS", "STATE"
    );
    for Block { block_type, digest, standing, costs } in blocks {
        let well = costs.outcomes.get("ok").copied().unwrap_or_default();
        let mean = if costs.calls == 0 { 0.0 } else { costs.cpu_ms / costs.calls as f64 };
        text += &format!(
            "{block_type:<20} {digest:<12.12} {:>9} {:>7} {:>10.1} {mean:>8.2} {:>8.2} {:>9.1} {:>10}  {}\n",
            costs.calls,
            costs.calls.saturating_sub(well),
            costs.cpu_ms,
            costs.cpu_ms_most,
            costs.memory_bytes_most as f64 / 1_048_576.0,
            costs.host_calls,
            standing.state.replace('_', " "),
        );
    }
    text
}
