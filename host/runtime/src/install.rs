//! Which block types there are, and in which versions: packages are installed, and what the operator's registry says is
//! taken up while the host serves. What was installed before is believed, and not loaded before a call needs it.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use blockhouse_content::Definition;
use blockhouse_sandbox::{Package, Sandbox};

use crate::catalog::InstalledVersion;
use crate::mediate::Mediator;
use crate::registry::Registry;
use crate::source::Source;
use crate::{Entry, Registered, RegistryError, Runtime, RuntimeError, SmokeView};

/// The setting by which a course, or a part of one, pins versions: a JSON object of versions by block type.
const PINS: &str = "block_versions";

/// The versions that came from a registry: type and digest.
#[derive(Default)]
pub(crate) struct TakenUp(Mutex<BTreeSet<(String, String)>>);

impl Runtime {
    /// Makes a package's block type available and current. Earlier versions stay, for content that pins one and for
    /// pages that were made with one; calls in flight finish on the version that they began with.
    ///
    /// # Errors
    /// The component does not keep the contract, cannot be compiled, or wants a tag that another type has.
    pub fn install(&self, package: &Package) -> Result<(), RuntimeError> {
        let source = Source::Memory(Arc::new(package.clone()));
        Ok(self.inner.catalog.insert(prepare(&self.inner.parts.sandbox, package, source)?)?)
    }

    /// The same of a file, whose contents are not kept in memory. Blocks the thread.
    ///
    /// # Errors
    /// As [`install`](Self::install), and when the file cannot be read.
    pub fn install_file(&self, path: &Path) -> Result<(), RuntimeError> {
        Ok(self.inner.catalog.insert(of_file(&self.inner.parts.sandbox, path)?)?)
    }

    /// The same for good: it is in the registry, too. What cannot be kept there is not installed.
    ///
    /// # Errors
    /// As [`install`](Self::install), and when the registry cannot be written.
    pub fn register(&self, package: &Package, registry: &Registry) -> Result<InstalledVersion, RuntimeError> {
        let entry = prepare(&self.inner.parts.sandbox, package, registry.source(&package.digest))?;
        // Held, so that nobody takes the registry up in between and installs it a second time.
        let mut taken = self.inner.taken_up.0.lock().unwrap_or_else(PoisonError::into_inner);
        registry.add(package, |all| -> Result<(), RuntimeError> {
            // Others may have added to it since.
            self.bring_in(registry, all, &mut taken);
            Ok(self.inner.catalog.check(&entry)?)
        })?;
        taken.insert((package.definition.name.clone(), package.digest.clone()));
        let installed = entry.installed(true);
        self.inner.catalog.insert(entry)?;
        Ok(installed)
    }

    /// Calls the views of a version in the registry once, for a report to whoever wrote it, which is kept there.
    pub async fn smoke_run(&self, registry: &Registry, digest: &str) -> Vec<SmokeView> {
        smoke_run(&self.inner.parts.sandbox, registry, digest).await
    }

    /// All versions of all block types.
    pub fn versions(&self) -> Vec<InstalledVersion> {
        self.inner.catalog.versions()
    }

    /// Takes up what a registry says: what is new there is installed, what is gone is taken away, and what is current
    /// there is current here. Blocks the thread. Returns why some versions could not be taken up; they cost nothing else.
    ///
    /// # Errors
    /// The registry cannot be read; then nothing changes.
    pub fn take_up(&self, registry: &Registry) -> Result<Vec<RuntimeError>, RuntimeError> {
        let mut taken = self.inner.taken_up.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Now, or what is registered meanwhile would seem to be gone.
        let all = registry.read()?;
        Ok(self.bring_in(registry, &all, &mut taken))
    }

    fn bring_in(
        &self,
        registry: &Registry,
        all: &Registered,
        taken: &mut BTreeSet<(String, String)>,
    ) -> Vec<RuntimeError> {
        let mut refused = Vec::new();
        for (name, found) in all {
            for digest in found.versions.keys() {
                let version = (name.clone(), digest.clone());
                if taken.contains(&version) {
                    continue;
                }
                let sandbox = &self.inner.parts.sandbox;
                let added = || Ok(self.inner.catalog.add(registered(sandbox, registry, digest)?)?);
                match added() {
                    Ok(()) => drop(taken.insert(version)),
                    Err(error) => refused.push(error),
                }
            }
            self.inner.catalog.choose(name, &found.current);
        }
        taken.retain(|(name, digest)| {
            let stays = all.get(name).is_some_and(|found| found.versions.contains_key(digest));
            if !stays {
                self.inner.catalog.remove(name, digest);
                self.inner.loaded.forget(digest);
            }
            stays
        });
        refused
    }

    /// The version that a definition means: the one that its course pins, otherwise the current one.
    pub(crate) fn entry(&self, definition: &Definition) -> Result<Arc<Entry>, RuntimeError> {
        let tag = &definition.block_type;
        let pinned = definition.inherited.get(PINS).and_then(|pins| pin(pins, tag));
        let found = match &pinned {
            Some(version) => self.inner.catalog.version(tag, version),
            None => self.inner.catalog.get(tag),
        };
        found.ok_or_else(|| RuntimeError::NotInstalled {
            block_type: pinned.map_or_else(|| tag.clone(), |version| format!("{tag} {version}")),
        })
    }
}

pub(crate) async fn smoke_run(
    sandbox: &Sandbox<Mediator>,
    registry: &Registry,
    digest: &str,
) -> Vec<SmokeView> {
    let views: Vec<_> = sandbox.smoke_run(digest).await.into_iter().map(SmokeView::from).collect();
    registry.keep_report(digest, &views);
    views
}

/// Checked and compiled, and nobody's yet.
pub(crate) fn prepare(
    sandbox: &Sandbox<Mediator>,
    package: &Package,
    source: Source,
) -> Result<Entry, RuntimeError> {
    let failed = |source| RuntimeError::Install { package: package.definition.name.clone(), source };
    Ok(Entry::of(&sandbox.install(package).map_err(failed)?, source))
}

/// A version in a file: as it was approved before, else checked and compiled now.
pub(crate) fn of_file(sandbox: &Sandbox<Mediator>, path: &Path) -> Result<Entry, RuntimeError> {
    let package = Package::read(path).map_err(RegistryError::from)?;
    let source = Source::File(path.to_owned());
    match sandbox.approval(&package.digest) {
        Some(approval) => Ok(Entry::approved(&approval, source)),
        None => prepare(sandbox, &package, source),
    }
}

/// A version of the registry: as it was approved when it was installed, else checked and compiled now.
pub(crate) fn registered(
    sandbox: &Sandbox<Mediator>,
    registry: &Registry,
    digest: &str,
) -> Result<Entry, RuntimeError> {
    match sandbox.approval(digest) {
        Some(approval) => Ok(Entry::approved(&approval, registry.source(digest))),
        None => prepare(sandbox, &registry.package(digest)?, registry.source(digest)),
    }
}

/// The version of a type in `{"poll": "1.0.0"}`. A setting that cannot be read pins nothing.
fn pin(pins: &str, tag: &str) -> Option<String> {
    let pins: serde_json::Value = serde_json::from_str(pins).ok()?;
    pins.get(tag)?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pin_names_the_version_of_one_type() {
        assert_eq!(pin(r#"{"poll": "1.0.0"}"#, "poll").as_deref(), Some("1.0.0"));
        assert_eq!(pin(r#"{"poll": "1.0.0"}"#, "html"), None);
    }

    #[test]
    fn a_setting_that_cannot_be_read_pins_nothing() {
        for pins in ["", "poll", "[1]", r#"{"poll": 1}"#] {
            assert_eq!(pin(pins, "poll"), None, "{pins}");
        }
    }
}
