//! `blockhouse versions`: which versions of block types the operator has installed, and which of them is current. A host
//! that serves the same data directory follows within a second.

use std::path::Path;

use blockhouse_runtime::RegistryError;

use crate::config::{Config, ConfigError};
use crate::host::open_registry;

/// What to do; without it, list.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    change: Option<Change>,
}

#[derive(clap::Subcommand)]
enum Change {
    /// Make an installed version the current one.
    Use {
        /// The block type.
        block_type: String,
        /// The version, or the beginning of its digest.
        version: String,
    },
    /// Go back to the version that was current before.
    Rollback {
        /// The block type.
        block_type: String,
    },
    /// Take a version away that is not current, or the last one.
    Remove {
        /// The block type.
        block_type: String,
        /// The version, or the beginning of its digest.
        version: String,
    },
}

/// Why it did not work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VersionsError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The registry.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

/// Changes what was asked for, and lists what there is then.
pub(crate) fn run(args: Args, file: Option<&Path>) -> Result<(), VersionsError> {
    let registry = open_registry(&Config::load(file)?)?;
    match args.change {
        None => {}
        Some(Change::Use { block_type, version }) => registry.choose(&block_type, &version)?,
        Some(Change::Rollback { block_type }) => registry.roll_back(&block_type)?,
        Some(Change::Remove { block_type, version }) => registry.remove(&block_type, &version)?,
    }
    let types = registry.read()?;
    if types.is_empty() {
        println!("no package is installed here; those in the directory `blocks` are served besides");
    }
    for (name, found) in types {
        for (digest, version) in &found.versions {
            let mark = if *digest == found.current { "current" } else { "" };
            println!("{name:<24} {version:<12} {digest} {mark}");
        }
    }
    Ok(())
}
