//! `blockhouse install`: packages become current versions of their block types. A host that serves the same data
//! directory takes them up within a second, without a restart.

use std::path::{Path, PathBuf};
use std::time::Instant;

use blockhouse_runtime::{Mediator, RegistryError, RuntimeError, SmokeView, register};
use blockhouse_sandbox::{Package, PackageError, Sandbox, listed};

use crate::config::{Config, ConfigError};
use crate::host::{HostError, open_data, open_registry, open_sandbox, package_files};
use crate::plain::Plain;

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
    /// What is in it, or who has its name.
    #[error("`{path}` cannot be installed")]
    Refused {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: Box<RuntimeError>,
    },
    /// Where it would be kept.
    #[error(transparent)]
    Registry(#[from] RegistryError),
}

/// Checks, compiles and keeps each package, and says what it is and how its views fare.
pub(crate) fn run(args: Args, file: Option<&Path>) -> Result<(), InstallCommandError> {
    let config = Config::load(file)?;
    let secrets = open_data(&config)?;
    let sandbox: Sandbox<Mediator> = open_sandbox(&config, &secrets)?;
    let registry = open_registry(&config)?;
    let others = package_files(&config.blocks())?;
    let threads =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(HostError::Threads)?;
    for path in args.files {
        let started = Instant::now();
        eprintln!("checking and compiling {}", path.display());
        let package = Package::read(&path)
            .map_err(|source| InstallCommandError::Package { path: path.clone(), source })?;
        let calls = threads.block_on(register(&sandbox, &registry, &others, &package));
        let calls =
            calls.map_err(|source| InstallCommandError::Refused { path, source: Box::new(source) })?;
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
        calls.iter().for_each(|called| println!("  {}", Plain(report(called))));
    }
    Ok(())
}

/// What a view used in its smoke run, and whether there was something to see.
fn report(called: &SmokeView) -> String {
    let outcome = match &called.failure {
        None => format!("{} bytes to see", called.output_bytes),
        Some(error) => format!("nothing to see: {error}"),
    };
    let (cpu, wall) = (called.cpu_us as f64 / 1e3, called.wall_us as f64 / 1e3);
    let memory = called.memory_bytes as f64 / f64::from(1 << 20);
    format!(
        "{}, called once without content: {outcome}; {cpu:.1} ms of processor in {wall:.1} ms, {memory:.1} MiB, \
         {} host calls with {} bytes",
        called.view, called.host_calls, called.handed_bytes
    )
}
