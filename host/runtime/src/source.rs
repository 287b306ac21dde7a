//! Where the package of an installed version is, for what is not kept in memory: the files for browsers, and the
//! component if it has to be compiled once more. A file may be replaced while the host serves, so what is read is
//! compared with what was installed.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use blockhouse_sandbox::Package;

use crate::RegistryError;

/// The place of one package.
pub(crate) enum Source {
    /// Handed in by a program that has no file of it.
    Memory(Arc<Package>),
    /// A package file.
    File(PathBuf),
}

impl Source {
    /// The whole package. Blocks the thread.
    pub(crate) fn package(&self, digest: &str) -> Result<Arc<Package>, RegistryError> {
        match self {
            Source::Memory(package) => Ok(Arc::clone(package)),
            Source::File(path) => read(path, digest).map(Arc::new),
        }
    }

    /// One file for browsers, whose SHA-256 is known. Blocks the thread.
    pub(crate) fn public(&self, name: &str, digest: &str) -> Result<Arc<[u8]>, RegistryError> {
        let (found, path) = match self {
            Source::Memory(package) => (package.public.get(name).cloned(), Path::new("")),
            Source::File(path) => (Package::read_public(path, name, digest)?.map(Arc::from), path.as_path()),
        };
        found.ok_or_else(|| RegistryError::Damaged {
            path: path.to_owned(),
            reason: format!("`{name}` is not the file that was installed"),
        })
    }
}

/// The package with this digest in a file.
///
/// # Errors
/// The file cannot be read, or is another package by now.
pub(crate) fn read(path: &Path, digest: &str) -> Result<Package, RegistryError> {
    let package = Package::read(path)?;
    if package.digest == digest {
        return Ok(package);
    }
    let (path, reason) =
        (path.to_owned(), "it is another package than the one that was installed".to_owned());
    Err(RegistryError::Damaged { path, reason })
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Memory(_) => f.write_str("memory"),
            Source::File(path) => write!(f, "{}", path.display()),
        }
    }
}
