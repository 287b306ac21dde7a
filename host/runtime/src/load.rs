//! The code of block types, and the files of their packages, brought from the disk when a request needs them. Neither
//! stays for ever: ten thousand installed types cost little more than their names.

use std::sync::Arc;
use std::time::Instant;

use blockhouse_content::Definition;
use blockhouse_fields::BlockDefinition;
use blockhouse_sandbox::{BlockType, InstallError};
use metrics::{gauge, histogram};

use crate::quarantine::Standing;
use crate::shelf::{Found, Shelf};
use crate::{Entry, Mediator, RegistryError, Runtime, RuntimeError};

/// The block types that are loaded.
pub(crate) type LoadedTypes = Shelf<BlockType<Mediator>, Arc<LoadError>>;

/// Why an installed block type cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Its package.
    #[error(transparent)]
    Package(#[from] RegistryError),
    /// What is in it.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// A defect of ours, or of wasmtime's.
    #[error("the thread that loaded it broke off: {0}")]
    Broken(String),
}

impl LoadError {
    /// Whether it is no use to try this version again soon.
    fn is_the_packages_fault(&self) -> bool {
        matches!(self, Self::Install(error) if error.is_the_packages_fault())
    }
}

impl Runtime {
    /// The block type of a definition, ready to run: the version that its course pins, otherwise the current one.
    pub(crate) async fn block_type(
        &self,
        definition: &Definition,
    ) -> Result<BlockType<Mediator>, RuntimeError> {
        self.loaded(&self.entry(definition)?).await
    }

    /// What the current version of an installed type says of itself; none when no type has this name.
    ///
    /// # Errors
    /// It cannot be loaded.
    pub async fn definition_of(&self, name: &str) -> Result<Option<Arc<BlockDefinition>>, RuntimeError> {
        match self.inner.catalog.get(name).filter(|entry| entry.name == name) {
            Some(entry) => Ok(Some(Arc::clone(self.loaded(&entry).await?.definition()))),
            None => Ok(None),
        }
    }

    /// How many block types are loaded now.
    pub fn loaded_block_types(&self) -> usize {
        self.inner.loaded.len()
    }

    /// A file below `public/` of a package with this digest, as long as that version is installed; `path` includes
    /// `public/`.
    pub async fn resource(&self, block_type: &str, digest: &str, path: &str) -> Option<Arc<[u8]>> {
        let entry = self.inner.catalog.version(block_type, digest).filter(|found| found.digest == digest)?;
        let key = (digest.to_owned(), path.to_owned());
        if let Some(kept) = self.inner.kept_files.get(&key) {
            return Some(kept);
        }
        let loaded = self.loaded(&entry).await.ok()?;
        let file_digest = loaded.public(path)?.to_owned();
        let name = path.to_owned();
        let read = tokio::task::spawn_blocking(move || entry.source.public(&name, &file_digest)).await;
        let bytes = read
            .map_err(|error| LoadError::Broken(error.to_string()))
            .and_then(|read| read.map_err(LoadError::from))
            .inspect_err(|error| {
                tracing::error!(block_type, digest, path, %error, "a file of a package cannot be served");
            })
            .ok()?;
        self.inner.kept_files.keep(key, Arc::clone(&bytes), bytes.len());
        Some(bytes)
    }

    /// A version, ready to run. A call that waits for it takes no thread meanwhile.
    pub(crate) async fn loaded(&self, entry: &Arc<Entry>) -> Result<BlockType<Mediator>, RuntimeError> {
        let shelf = &self.inner.loaded;
        match shelf.find(&entry.digest) {
            Found::Ready(block_type) => return Ok(block_type),
            Found::Failed => self.admit_again(entry)?,
            Found::NotYet => {}
        }
        let (runtime, wanted) = (self.clone(), Arc::clone(entry));
        let load = move || runtime.load_now(&wanted).map_err(Arc::new);
        let loaded = shelf.get(&entry.digest, load, |broken| Arc::new(LoadError::Broken(broken))).await;
        loaded.map_err(|source| RuntimeError::NotLoaded { block_type: entry.name.clone(), source })
    }

    /// Of a version that could not be loaded, each try counts as a call that failed.
    fn admit_again(&self, entry: &Entry) -> Result<(), RuntimeError> {
        let now_ms = (self.inner.parts.clock)();
        match self.inner.supervisor.standing(&entry.block_version()) {
            Standing::SetAside { until_ms } if until_ms > now_ms => {
                Err(RuntimeError::set_aside(&entry.name, until_ms, now_ms))
            }
            Standing::SetAside { .. } | Standing::Good => Ok(()),
        }
    }

    /// From what was compiled when it was installed; where that is gone or must not be run, from its package once more.
    fn load_now(&self, entry: &Entry) -> Result<BlockType<Mediator>, LoadError> {
        let started = Instant::now();
        let sandbox = &self.inner.parts.sandbox;
        let loaded = match sandbox.restore(&entry.digest) {
            Some(block_type) => Ok(block_type),
            None => entry
                .source
                .package(&entry.digest)
                .map_err(LoadError::from)
                .and_then(|package| Ok(sandbox.install(&package)?)),
        };
        match &loaded {
            Ok(_) => {
                histogram!("blockhouse_block_load_seconds").record(started.elapsed().as_secs_f64());
                gauge!("blockhouse_block_types_loaded").set(self.inner.loaded.len() as f64);
            }
            Err(error) => {
                tracing::error!(block_type = entry.name, digest = entry.digest, %error, "a block cannot be loaded");
                if error.is_the_packages_fault() {
                    let now_ms = (self.inner.parts.clock)();
                    self.inner.supervisor.failed_to_load(&entry.block_version(), now_ms);
                }
            }
        }
        loaded
    }
}
