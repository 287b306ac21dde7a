//! `blockhouse install`: packages become current versions of their block types. A host that serves the same data directory
//! takes them up within a second, without a restart.

use std::path::{Path, PathBuf};
use std::time::Instant;

use blockhouse_runtime::{Mediator, RegistryError};
use blockhouse_sandbox::{InstallError, Package, PackageError, Sandbox, listed};

use crate::config::{Config, ConfigError};
use crate::host::{HostError, open_data, open_registry, open_sandbox};

/// Which packages.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The package files.
    #[arg(value_name = "FILE.block", required = true)]
    files: Vec<PathBuf>,
}

/// Why a package was not installed. Those before it were.
#[derive(Debug, thiserror::Error)]
pub(crate) enum InstallCommandError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The file.
    #[error("`{path}` cannot be installed")]
    Package {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: PackageError,
    },
    /// What is in it.
    #[error("`{path}` cannot be installed")]
    Component {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: InstallError,
    },
    /// Keeping it.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

/// Checks, compiles and keeps each package, and says what it is.
pub(crate) fn run(args: Args, file: Option<&Path>) -> Result<(), InstallCommandError> {
    let config = Config::load(file)?;
    let secrets = open_data(&config)?;
    let sandbox: Sandbox<Mediator> = open_sandbox(&config, &secrets)?;
    let registry = open_registry(&config)?;
    for path in args.files {
        let started = Instant::now();
        eprintln!("checking and compiling {}", path.display());
        let package = Package::read(&path)
            .map_err(|source| InstallCommandError::Package { path: path.clone(), source })?;
        sandbox
            .install(&package)
            .map_err(|source| InstallCommandError::Component { path: path.clone(), source })?;
        registry.add(&package)?;
        let granted = listed(sandbox.grants().of(&package.definition.name));
        println!(
            "{} {} is installed ({} bytes of wasm, {} ms; granted: {}; digest {})",
            package.definition.name,
            package.definition.version,
            package.component.len(),
            started.elapsed().as_millis(),
            granted,
            package.digest
        );
    }
    Ok(())
}
