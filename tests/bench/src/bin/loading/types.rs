//! The types, and how they are installed.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Instant;

use blockhouse_runtime::{Mediator, Registered, RegisteredType, Registry};
use blockhouse_sandbox::{Compiler, Limits, Package, Sandbox, SandboxConfig};
use blockhouse_system_tests::import_unit;

use crate::guest;

/// How many there are.
pub(crate) const TYPES: usize = 10_000;

/// Of how many of them the course has a block.
pub(crate) const USED: usize = 400;

/// The name of a type: as long as that of the guest of which it is made.
pub(crate) fn name(number: usize) -> String {
    format!("g{number:04}")
}

/// The number of a type that the course has a block of; they are spread over all.
pub(crate) fn used(number: usize) -> usize {
    number * (TYPES / USED)
}

/// Installs them for a host to come at `data`, and imports a course with blocks of some.
pub(crate) fn install(data: &Path) -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let olx: String = (0..USED).map(|number| format!("<{} url_name=\"one\"/>", name(used(number)))).collect();
    import_unit(data, &olx);
    let sandbox = Sandbox::<Mediator>::new(SandboxConfig {
        artifacts: data.join("artifacts"),
        // As the host of the system's tests has it.
        artifact_key: [1; 32],
        compiler: Compiler::ThisProcess,
        limits: Limits::default(),
        limits_of: BTreeMap::new(),
        max_concurrent: 64,
    })?;
    let registry = Registry::open(&data.join("packages"))?;
    let (next, original) = (AtomicUsize::new(0), guest::package("polite"));
    let install_some = || {
        let mut installed = Registered::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= TYPES {
                return Ok::<_, String>(installed);
            }
            let package = guest::described(&original, r#""guest""#, &format!("{:?}", name(number)));
            install_one(&sandbox, &registry, &package).map_err(|error| error.to_string())?;
            let version = (package.digest.clone(), package.definition.version.clone());
            let registered =
                RegisteredType { current: package.digest, previous: None, versions: [version].into() };
            installed.insert(package.definition.name, registered);
        }
    };
    let mut all = Registered::new();
    thread::scope(|scope| {
        let workers: Vec<_> = (0..thread::available_parallelism().map_or(1, usize::from))
            .map(|_| scope.spawn(install_some))
            .collect();
        for worker in workers {
            all.extend(worker.join().map_err(|_| "a thread broke off")??);
        }
        Ok::<_, Box<dyn Error>>(())
    })?;
    std::fs::write(registry.path(), serde_json::to_vec_pretty(&all)?)?;
    println!("\n{} block types installed in {:.0} s", all.len(), started.elapsed().as_secs_f64());
    Ok(())
}

fn install_one(
    sandbox: &Sandbox<Mediator>,
    registry: &Registry,
    package: &Package,
) -> Result<(), Box<dyn Error>> {
    sandbox.install(package)?;
    package.write(&registry.directory().join(format!("{}.block", package.digest)))?;
    Ok(())
}
