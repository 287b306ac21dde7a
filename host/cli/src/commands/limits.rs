//! `blockhouse limits`: what blocks may use under this configuration.

use std::path::Path;

use crate::config::{Config, ConfigError};

/// Which limits.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A block type; without it, those that hold for all types which have no others.
    block_type: Option<String>,
}

/// Prints one limit on each line.
pub(crate) fn run(Args { block_type }: Args, file: Option<&Path>) -> Result<(), ConfigError> {
    let config = Config::load(file)?;
    let own = config.limits_of()?;
    let limits = block_type.as_ref().and_then(|name| own.get(name)).unwrap_or(&config.limits);
    for (name, limit) in limits.list() {
        println!("{name:<20} {limit:>12}");
    }
    match block_type {
        None => own.keys().for_each(|name| eprintln!("`{name}` has others: blockhouse limits {name}")),
        Some(name) if !own.contains_key(&name) => {
            eprintln!("`{name}` has no limits of its own, so it has those of all types");
        }
        Some(_) => {}
    }
    Ok(())
}
