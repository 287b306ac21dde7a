//! Adding a package to a registry where no host serves, as `blockhouse install` does: with the checks of a host that takes it
//! up, so that what is in the registry can be taken up.

use std::path::PathBuf;

use blockhouse_sandbox::{Package, Sandbox, SmokeCall};

use crate::catalog::Catalog;
use crate::install::{prepare, registered};
use crate::mediate::Mediator;
use crate::source::Source;
use crate::{Registry, RegistryError, RuntimeError};

/// Checks a package, compiles it, keeps it, and calls its views once. `others` are package files that a host installs beside
/// those of the registry. Blocks the thread, but for the calls.
///
/// # Errors
/// As [`Runtime::register`](crate::Runtime::register).
pub async fn register(
    sandbox: &Sandbox<Mediator>,
    registry: &Registry,
    others: &[PathBuf],
    package: &Package,
) -> Result<Vec<SmokeCall>, RuntimeError> {
    let entry = prepare(sandbox, package, registry.source(&package.digest))?;
    installed(sandbox, registry, others)?.check(&entry)?;
    registry.add(package)?;
    Ok(sandbox.smoke_run(&package.digest).await)
}

/// What a host would have. What cannot be installed any more takes nobody's tag.
fn installed(
    sandbox: &Sandbox<Mediator>,
    registry: &Registry,
    others: &[PathBuf],
) -> Result<Catalog, RuntimeError> {
    let catalog = Catalog::default();
    let add = |entry| match entry {
        Ok(entry) => drop(catalog.add(entry)),
        Err(error) => tracing::warn!(%error, "a version of a block type is left out"),
    };
    for path in others {
        let package = Package::read(path).map_err(RegistryError::from)?;
        add(prepare(sandbox, &package, Source::File(path.clone())));
    }
    let all = registry.read()?;
    for digest in all.values().flat_map(|found| found.versions.keys()) {
        add(registered(sandbox, registry, digest));
    }
    for (name, found) in &all {
        catalog.choose(name, &found.current);
    }
    Ok(catalog)
}
