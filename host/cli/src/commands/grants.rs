//! `blockhouse grants`: which capabilities block types have under this configuration. No secret is shown, only its name.

use std::path::Path;

use blockhouse_sandbox::listed;

use crate::config::{Config, ConfigError};

/// Which grants.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A block type; without it, what holds for all, and for each type of which the settings say something else.
    block_type: Option<String>,
}

/// Prints one block type on each line.
pub(crate) fn run(Args { block_type }: Args, file: Option<&Path>) -> Result<(), ConfigError> {
    let config = Config::load(file)?;
    let grants = config.grants();
    match block_type {
        Some(name) => println!("{}", line(&config, &name, &listed(grants.of(&name)))),
        None => {
            println!("{:<20} {}", "all", listed(&grants.all));
            for name in config.grants_of.keys() {
                println!("{}", line(&config, name, &listed(grants.of(name))));
            }
        }
    }
    Ok(())
}

fn line(config: &Config, name: &str, capabilities: &str) -> String {
    let mut line = format!("{name:<20} {capabilities}");
    let Some(own) = config.grants_of.get(name) else { return line };
    let secrets: Vec<_> = own.secrets.keys().map(String::as_str).collect();
    if !secrets.is_empty() {
        line.push_str(&format!("; secrets {}", secrets.join(", ")));
    }
    if !own.http_hosts.is_empty() {
        line.push_str(&format!("; requests to {}", own.http_hosts.join(", ")));
    }
    if !own.http_networks.is_empty() {
        line.push_str(&format!("; also in the networks {}", own.http_networks.join(", ")));
    }
    if !own.contexts.is_empty() {
        line.push_str(&format!("; in {} only", own.contexts.join(", ")));
    }
    line
}
