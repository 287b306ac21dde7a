//! Adding a package to a registry where no host serves, as `blockhouse install` does: with the checks of a host that
//! takes it up, so that what is in the registry can be taken up.

use std::path::PathBuf;

use blockhouse_sandbox::{Package, Sandbox};

use crate::catalog::Catalog;
use crate::install::{of_file, prepare, registered, smoke_run};
use crate::mediate::Mediator;
use crate::{Registered, Registry, RuntimeError, SmokeView};

/// Checks a package, compiles it, keeps it, and calls its views once. `others` are package files that a host installs
/// beside those of the registry. Blocks the thread, but for the calls.
///
/// # Errors
/// As [`Runtime::register`](crate::Runtime::register).
pub async fn register(
    sandbox: &Sandbox<Mediator>,
    registry: &Registry,
    others: &[PathBuf],
    package: &Package,
) -> Result<Vec<SmokeView>, RuntimeError> {
    let entry = prepare(sandbox, package, registry.source(&package.digest))?;
    registry.add(package, |all| -> Result<(), RuntimeError> {
        Ok(installed(sandbox, registry, all, others).check(&entry)?)
    })?;
    Ok(smoke_run(sandbox, registry, &package.digest).await)
}

/// What a host would have. What cannot be installed any more takes nobody's tag.
fn installed(
    sandbox: &Sandbox<Mediator>,
    registry: &Registry,
    all: &Registered,
    others: &[PathBuf],
) -> Catalog {
    let catalog = Catalog::default();
    let add = |entry| match entry {
        Ok(entry) => drop(catalog.add(entry)),
        Err(error) => tracing::warn!(%error, "a version of a block type is left out"),
    };
    for path in others {
        add(of_file(sandbox, path));
    }
    for digest in all.values().flat_map(|found| found.versions.keys()) {
        add(registered(sandbox, registry, digest));
    }
    for (name, found) in all {
        catalog.choose(name, &found.current);
    }
    catalog
}
