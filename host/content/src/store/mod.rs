//! The content store: a directory of learning contexts, each a row of immutable versions.
//!
//! ```text
//! <dir>/<context>/current            the number of the version that is served
//! <dir>/<context>/<N>/index.json     key, title, root
//! <dir>/<context>/<N>/texts          one JSON text per block, and the names of assets that keys write in another way
//! <dir>/<context>/<N>/places         where each text lies
//! <dir>/<context>/<N>/files/static/… the assets
//! <dir>/<context>/<N>/files/backup/… a library backup as it came, to be exported again
//! <dir>/<context>/<N>/files/…        what else came along: pages about the course, drafts, broken files
//! ```
//!
//! A version is written aside, synced, renamed to its number, and only then named in `current`, itself replaced by a
//! rename. A crash at any moment therefore leaves the old version or the new one, never a half.

mod asset_name;
mod fingerprint;
mod index;
mod name;
mod published;
mod table;
mod texts;
mod writer;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use blockhouse_keys::LearningContextKey;

use crate::ContentError;
pub(crate) use fingerprint::Fingerprint;
pub(crate) use index::BACKUP;
pub use published::PublishedContext;
pub(crate) use table::Table;
pub(crate) use texts::Writing;
pub(crate) use writer::VersionWriter;

/// The file that names the served version.
const CURRENT: &str = "current";

/// The contexts of one directory. Cheap to read from many threads.
pub struct ContentStore {
    dir: PathBuf,
    contexts: RwLock<BTreeMap<LearningContextKey, Arc<PublishedContext>>>,
    /// Held while reloading: of two reloads at once, the slower one must not bring back what it saw first.
    reloading: Mutex<()>,
}

impl ContentStore {
    /// Opens the store in `dir`, creating the directory if need be.
    ///
    /// # Errors
    /// [`ContentError::Read`] when the directory cannot be made or read. A context that is damaged is left out and
    /// logged: it must not take the others down.
    pub fn open(dir: &Path) -> Result<Self, ContentError> {
        std::fs::create_dir_all(dir).map_err(ContentError::reading(dir))?;
        let store = Self { dir: dir.to_owned(), contexts: RwLock::default(), reloading: Mutex::default() };
        store.reload()?;
        Ok(store)
    }

    /// All contexts, ordered by key.
    pub fn contexts(&self) -> Vec<Arc<PublishedContext>> {
        let contexts = self.contexts.read().unwrap_or_else(PoisonError::into_inner);
        contexts.values().cloned().collect()
    }

    /// One context at its current version.
    pub fn context(&self, key: &LearningContextKey) -> Option<Arc<PublishedContext>> {
        let contexts = self.contexts.read().unwrap_or_else(PoisonError::into_inner);
        contexts.get(key).cloned()
    }

    /// The folder of files that came along with a context's blocks, under the names that they had in OLX. It need not
    /// exist.
    pub(crate) fn files(&self, key: &LearningContextKey) -> Option<PathBuf> {
        let contexts = self.contexts.read().unwrap_or_else(PoisonError::into_inner);
        contexts.get(key).map(|context| context.files())
    }

    /// Takes up versions that another process published since. Contexts that did not change are kept as they are.
    ///
    /// # Errors
    /// [`ContentError::Read`] when the store's directory cannot be listed.
    pub fn reload(&self) -> Result<(), ContentError> {
        let _alone = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        let mut found = BTreeMap::new();
        for entry in std::fs::read_dir(&self.dir).map_err(ContentError::reading(&self.dir))? {
            let directory = entry.map_err(ContentError::reading(&self.dir))?.path();
            match self.load(&directory) {
                Ok(Some(context)) => {
                    found.insert(context.key().clone(), context);
                }
                Ok(None) => {}
                Err(error) => {
                    tracing::error!(%error, directory = %directory.display(), "left out a learning context")
                }
            }
        }
        *self.contexts.write().unwrap_or_else(PoisonError::into_inner) = found;
        Ok(())
    }

    /// The context of a directory at its current version; `None` for a directory that has none.
    fn load(&self, directory: &Path) -> Result<Option<Arc<PublishedContext>>, ContentError> {
        let marker = directory.join(CURRENT);
        let version = match std::fs::read_to_string(&marker) {
            Ok(version) => version,
            Err(error)
                if matches!(
                    error.kind(),
                    std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
                ) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(ContentError::reading(&marker)(error)),
        };
        let number: u64 = version.trim().parse().map_err(|error| ContentError::damaged(&marker, error))?;
        let path = directory.join(number.to_string());
        let contexts = self.contexts.read().unwrap_or_else(PoisonError::into_inner);
        match contexts.values().find(|context| context.path() == path) {
            Some(same) => Ok(Some(same.clone())),
            None => PublishedContext::open(&path).map(|context| Some(Arc::new(context))),
        }
    }

    /// Starts a new version of a context.
    pub(crate) fn new_version(&self, key: &LearningContextKey) -> Result<VersionWriter, ContentError> {
        VersionWriter::create(&self.dir.join(name::directory_name(key.as_ref())), key)
    }
}

#[cfg(test)]
mod tests;
