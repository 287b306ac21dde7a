//! Which packages the operator has installed: the packages themselves in a directory, and one file that says which
//! version of each type is current. It outlives the process, and may be changed by another one while a host serves.
//!
//! ```text
//! <dir>/<digest>.block     a package
//! <dir>/<digest>.report    how its views fared when it was installed
//! <dir>/registry.json      types, their versions, and which is current
//! ```
//!
//! A package is written before the registry names it, and both by a rename, so that a crash leaves the old registry or
//! the new one.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use blockhouse_sandbox::{Package, PackageError};
use serde::{Deserialize, Serialize};

use crate::catalog::is_beginning;
use crate::smoke_view::SmokeView;
use crate::source::{self, Source};

/// The file that names them.
const REGISTRY: &str = "registry.json";

/// Held by whoever changes something.
const LOCK: &str = "lock";

/// The installed packages of one data directory.
#[derive(Clone, Debug)]
pub struct Registry {
    directory: PathBuf,
}

/// What is installed, by block type.
pub type Registered = BTreeMap<String, RegisteredType>;

/// The versions of one block type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegisteredType {
    /// The digest of the current one.
    pub current: String,
    /// The digest of the one that was current before.
    pub previous: Option<String>,
    /// The author's version of each, by digest.
    pub versions: BTreeMap<String, String>,
}

/// Why the registry cannot be read or changed.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// The file system.
    #[error("the directory of packages {} cannot be used: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is not ours.
    #[error("{} is damaged: {reason}; move it away and install the packages again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// No such type or version.
    #[error(
        "no version `{version}` of the block type `{block_type}` is installed; `blockhouse versions` lists them"
    )]
    NotInstalled {
        /// The type.
        block_type: String,
        /// The version or digest that was named.
        version: String,
    },
    /// There is nothing to go back to.
    #[error("the block type `{0}` has no earlier version to go back to")]
    NothingBefore(String),
    /// The current version of several.
    #[error("version `{version}` of `{block_type}` is the current one; choose another one first")]
    Current {
        /// The type.
        block_type: String,
        /// The version.
        version: String,
    },
    /// A package.
    #[error(transparent)]
    Package(#[from] PackageError),
}

impl RegisteredType {
    /// The digest of a version: named by its number, or by the beginning of its digest.
    fn named(&self, version: &str) -> Option<&String> {
        let exact = self.versions.iter().find(|(_, number)| *number == version);
        let begun = || self.versions.iter().find(|(digest, _)| is_beginning(version, digest));
        exact.or_else(begun).map(|(digest, _)| digest)
    }
}

impl Registry {
    /// Uses a directory, which is made if need be.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn open(directory: &Path) -> Result<Self, RegistryError> {
        fs::create_dir_all(directory).map_err(io_error(directory))?;
        Ok(Self { directory: directory.to_owned() })
    }

    /// The directory, for files that are about to become packages here.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// The file that changes when anything does. It is not there before the first package.
    pub fn path(&self) -> PathBuf {
        self.directory.join(REGISTRY)
    }

    /// What is installed now.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read(&self) -> Result<Registered, RegistryError> {
        let path = self.path();
        match fs::read(&path) {
            Ok(text) => serde_json::from_slice(&text)
                .map_err(|error| RegistryError::Damaged { path, reason: error.to_string() }),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(Registered::new()),
            Err(error) => Err(io_error(&path)(error)),
        }
    }

    /// A package that is installed.
    ///
    /// # Errors
    /// Its file is not there, or is not the package that it was.
    pub fn package(&self, digest: &str) -> Result<Package, RegistryError> {
        source::read(&self.package_path(digest), digest)
    }

    /// Where a package that is installed lies.
    pub(crate) fn source(&self, digest: &str) -> Source {
        Source::File(self.package_path(digest))
    }

    /// Adds a package and makes it the current version of its type, if `check` has nothing against it beside what is
    /// installed. Meanwhile nobody else adds anything.
    ///
    /// # Errors
    /// That of `check`; it cannot be written.
    pub fn add<E: From<RegistryError>>(
        &self,
        package: &Package,
        check: impl FnOnce(&Registered) -> Result<(), E>,
    ) -> Result<(), E> {
        let definition = &package.definition;
        self.change(|types| {
            check(types)?;
            package.write(&self.package_path(&package.digest)).map_err(RegistryError::from)?;
            let found = types.entry(definition.name.clone()).or_default();
            found.versions.insert(package.digest.clone(), definition.version.clone());
            make_current(found, package.digest.clone());
            Ok(())
        })
    }

    /// Makes an installed version the current one.
    ///
    /// # Errors
    /// There is none of this name.
    pub fn choose(&self, block_type: &str, version: &str) -> Result<(), RegistryError> {
        self.change(|types| {
            let (found, digest) = named(types, block_type, version)?;
            make_current(found, digest);
            Ok(())
        })
    }

    /// Goes back to the version that was current before.
    ///
    /// # Errors
    /// There was none, or it was removed.
    pub fn roll_back(&self, block_type: &str) -> Result<(), RegistryError> {
        self.change(|types| {
            let nothing = || RegistryError::NothingBefore(block_type.to_owned());
            let found = types.get_mut(block_type).ok_or_else(nothing)?;
            let previous = found.previous.clone().filter(|digest| found.versions.contains_key(digest));
            make_current(found, previous.ok_or_else(nothing)?);
            Ok(())
        })
    }

    /// Takes a version away, and with the last one the type.
    ///
    /// # Errors
    /// There is none of this name, or it is the current one of several.
    pub fn remove(&self, block_type: &str, version: &str) -> Result<(), RegistryError> {
        let mut removed = String::new();
        self.change(|types| {
            let (found, digest) = named(types, block_type, version)?;
            if found.current == digest && found.versions.len() > 1 {
                let (block_type, version) = (block_type.to_owned(), version.to_owned());
                return Err(RegistryError::Current { block_type, version });
            }
            found.versions.remove(&digest);
            if found.versions.is_empty() {
                types.remove(block_type);
            }
            removed = digest;
            Ok(())
        })?;
        // A file that stays is found by nobody and does no harm.
        let _ = fs::remove_file(self.package_path(&removed));
        let _ = fs::remove_file(self.report_path(&removed));
        Ok(())
    }

    /// Keeps how the views of a version fared. What cannot be kept is only not shown later.
    pub(crate) fn keep_report(&self, digest: &str, views: &[SmokeView]) {
        let path = self.report_path(digest);
        let text = serde_json::to_vec(views).unwrap_or_default();
        if let Err(error) = write(&self.directory, &path, &text) {
            tracing::warn!(%error, path = %path.display(), "a report on a block is not kept");
        }
    }

    /// How the views of a version fared when it was installed; empty where nobody knows.
    pub fn report(&self, digest: &str) -> Vec<SmokeView> {
        let text = fs::read(self.report_path(digest)).unwrap_or_default();
        serde_json::from_slice(&text).unwrap_or_default()
    }

    fn package_path(&self, digest: &str) -> PathBuf {
        self.directory.join(format!("{digest}.block"))
    }

    fn report_path(&self, digest: &str) -> PathBuf {
        self.directory.join(format!("{digest}.report"))
    }

    /// One change at a time, whichever process makes it.
    fn change<E: From<RegistryError>>(
        &self,
        change: impl FnOnce(&mut Registered) -> Result<(), E>,
    ) -> Result<(), E> {
        let lock = self.directory.join(LOCK);
        let held =
            File::create(&lock).and_then(|file| file.lock().map(|()| file)).map_err(io_error(&lock))?;
        let mut types = self.read()?;
        change(&mut types)?;
        let path = self.path();
        let text = serde_json::to_vec_pretty(&types).unwrap_or_default();
        write(&self.directory, &path, &text).map_err(io_error(&path))?;
        drop(held);
        Ok(())
    }
}

fn named<'t>(
    types: &'t mut Registered,
    block_type: &str,
    version: &str,
) -> Result<(&'t mut RegisteredType, String), RegistryError> {
    let not_installed =
        || RegistryError::NotInstalled { block_type: block_type.to_owned(), version: version.to_owned() };
    let found = types.get_mut(block_type).ok_or_else(not_installed)?;
    let digest = found.named(version).cloned().ok_or_else(not_installed)?;
    Ok((found, digest))
}

fn make_current(found: &mut RegisteredType, digest: String) {
    if found.current != digest {
        let before = std::mem::replace(&mut found.current, digest);
        found.previous = Some(before).filter(|digest| !digest.is_empty());
    }
}

fn write(directory: &Path, path: &Path, text: &[u8]) -> io::Result<()> {
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    File::open(directory)?.sync_all()
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> RegistryError {
    let path = path.to_owned();
    move |source| RegistryError::Io { path, source }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn package(version: &str) -> Package {
        let definition = serde_json::json!({ "name": "poll", "version": version, "display_name": "Poll" });
        let definition = serde_json::from_value(definition).unwrap();
        Package::new(definition, Arc::from(version.as_bytes()), BTreeMap::new())
    }

    fn with_two() -> (tempfile::TempDir, Registry) {
        let directory = tempfile::tempdir().unwrap();
        let registry = Registry::open(directory.path()).unwrap();
        for version in ["1.0.0", "2.0.0"] {
            registry.add(&package(version), |_| Ok::<_, RegistryError>(())).unwrap();
        }
        (directory, registry)
    }

    fn current(registry: &Registry) -> String {
        let types = registry.read().unwrap();
        types["poll"].versions[&types["poll"].current].clone()
    }

    #[test]
    fn the_latest_package_is_current_and_both_are_kept() {
        let (_directory, registry) = with_two();
        assert_eq!(current(&registry), "2.0.0");
        let digest = package("1.0.0").digest;
        assert_eq!(registry.package(&digest).unwrap(), package("1.0.0"));
    }

    #[test]
    fn rolling_back_and_forth_changes_between_the_last_two() {
        let (_directory, registry) = with_two();
        registry.roll_back("poll").unwrap();
        assert_eq!(current(&registry), "1.0.0");
        registry.roll_back("poll").unwrap();
        assert_eq!(current(&registry), "2.0.0");
    }

    #[test]
    fn a_version_is_chosen_by_its_number_or_the_beginning_of_its_digest() {
        let (_directory, registry) = with_two();
        registry.choose("poll", "1.0.0").unwrap();
        assert_eq!(current(&registry), "1.0.0");
        registry.choose("poll", &package("2.0.0").digest[..8]).unwrap();
        assert_eq!(current(&registry), "2.0.0");
        assert!(matches!(registry.choose("poll", "3.0.0"), Err(RegistryError::NotInstalled { .. })));
    }

    #[test]
    fn the_current_version_of_several_cannot_be_removed() {
        let (_directory, registry) = with_two();
        assert!(matches!(registry.remove("poll", "2.0.0"), Err(RegistryError::Current { .. })));
        registry.remove("poll", "1.0.0").unwrap();
        assert!(matches!(registry.roll_back("poll"), Err(RegistryError::NothingBefore(_))));
        registry.remove("poll", "2.0.0").unwrap();
        assert!(registry.read().unwrap().is_empty());
    }

    #[test]
    fn what_is_refused_beside_what_is_installed_leaves_nothing_behind() {
        let (directory, registry) = with_two();
        let refused = |types: &Registered| match types.contains_key("poll") {
            true => Err(RegistryError::NothingBefore("no".to_owned())),
            false => Ok(()),
        };
        assert!(registry.add(&package("3.0.0"), refused).is_err());
        assert_eq!(current(&registry), "2.0.0");
        assert!(!directory.path().join(format!("{}.block", package("3.0.0").digest)).exists());
    }

    #[test]
    fn a_report_goes_with_its_version() {
        let (_directory, registry) = with_two();
        let digest = package("1.0.0").digest;
        registry.keep_report(&digest, &[SmokeView::default()]);
        assert_eq!(registry.report(&digest), [SmokeView::default()]);
        registry.remove("poll", "1.0.0").unwrap();
        assert_eq!(registry.report(&digest), []);
    }

    #[test]
    fn a_file_under_the_name_of_another_package_is_damaged() {
        let (directory, registry) = with_two();
        let (one, two) = (package("1.0.0").digest, package("2.0.0").digest);
        let path = |digest: &str| directory.path().join(format!("{digest}.block"));
        fs::copy(path(&one), path(&two)).unwrap();
        assert!(matches!(registry.package(&two), Err(RegistryError::Damaged { .. })));
    }
}
