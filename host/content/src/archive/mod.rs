//! Archives: `.tar.gz`, as Open edX exports courses, and `.zip`, as it backs up libraries.
//!
//! An archive is somebody's upload. Nothing in it is written outside of the folder that it is unpacked into, and what it
//! unpacks to is counted as it arrives: what its headers claim is believed only when it is too much.

mod tarball;
mod zipped;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

use crate::Progress;

/// How much an archive may unpack to, in bytes.
const MAX_BYTES: u64 = 4 << 30;

/// How many files and folders an archive may hold.
const MAX_ENTRIES: u64 = 200_000;

/// Why an archive cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// It is not what its name says, or cut short; or the disk is full.
    #[error("cannot unpack {}: {source}", path.display())]
    Unreadable {
        /// The archive.
        path: PathBuf,
        /// What went wrong.
        source: io::Error,
    },
    /// An entry wants to be written outside of the folder.
    #[error("the archive's entry `{0}` leaves its folder; do not trust this archive")]
    Escapes(String),
    /// An entry needs a password.
    #[error("the archive's entry `{0}` is encrypted; pack it again without a password")]
    Encrypted(String),
    /// It is larger than what is unpacked at most.
    #[error("the archive unpacks to more than {} GiB or {MAX_ENTRIES} files; import the unpacked folder instead", MAX_BYTES >> 30)]
    TooLarge,
}

/// The form of an archive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Archive {
    /// A gzipped tar file.
    Tarball,
    /// A zip file.
    Zip,
}

impl Archive {
    /// The archive that a name means, if it means one.
    pub(crate) fn by_name(path: &Path) -> Option<Self> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
            Some(Self::Tarball)
        } else {
            name.ends_with(".zip").then_some(Self::Zip)
        }
    }

    /// Unpacks an archive into an empty folder. Links, devices and sparse files are left out.
    ///
    /// # Errors
    /// [`ArchiveError`]. The folder may then hold a part of the archive.
    pub(crate) fn unpack(
        self,
        path: &Path,
        into: &Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ArchiveError> {
        match self {
            Self::Tarball => tarball::unpack(path, into, progress),
            Self::Zip => zipped::unpack(path, into, progress),
        }
    }

    /// Packs everything below `folder`. A tar file gets it in a folder called `name`, a zip file as it is: the files of
    /// a library backup stand at the top (spec 7.6.10).
    ///
    /// # Errors
    /// Whatever reading the folder or writing the file gives.
    pub(crate) fn pack(self, folder: &Path, name: &str, to: File) -> io::Result<()> {
        match self {
            Self::Tarball => tarball::pack(folder, name, to),
            Self::Zip => zipped::pack(folder, to),
        }
    }
}

/// What may still be unpacked of an archive.
struct Budget {
    bytes: u64,
    entries: u64,
}

impl Budget {
    fn new() -> Self {
        Self { bytes: MAX_BYTES, entries: MAX_ENTRIES }
    }

    /// Takes an entry that claims a size.
    fn enter(&mut self, claimed: u64) -> Result<(), ArchiveError> {
        self.entries = self.entries.checked_sub(1).ok_or(ArchiveError::TooLarge)?;
        if claimed > self.bytes { Err(ArchiveError::TooLarge) } else { Ok(()) }
    }

    /// Writes an entry's bytes to a file, as many as may be.
    fn write(&mut self, entry: &mut impl Read, to: &Path) -> io::Result<Result<(), ArchiveError>> {
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent)?;
        }
        let written = io::copy(&mut entry.take(self.bytes.saturating_add(1)), &mut File::create(to)?)?;
        Ok(match self.bytes.checked_sub(written) {
            Some(left) => {
                self.bytes = left;
                Ok(())
            }
            None => Err(ArchiveError::TooLarge),
        })
    }
}

/// A name as a path below the folder that is unpacked into.
fn inside(name: &Path) -> Result<PathBuf, ArchiveError> {
    let mut path = PathBuf::new();
    for part in name.components() {
        match part {
            Component::Normal(part) => path.push(part),
            Component::CurDir => {}
            _ => return Err(ArchiveError::Escapes(name.display().to_string())),
        }
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_name_tells_the_form() {
        let form = |name: &str| Archive::by_name(Path::new(name));
        assert_eq!(form("a/course.tar.gz"), Some(Archive::Tarball));
        assert_eq!(form("course.TGZ"), Some(Archive::Tarball));
        assert_eq!(form("library.zip"), Some(Archive::Zip));
        assert_eq!(form("course"), None);
    }

    #[test]
    fn an_entry_that_unpacks_to_more_than_is_left_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let mut budget = Budget { bytes: 10, entries: 3 };
        budget.write(&mut &b"12345"[..], &folder.path().join("a")).unwrap().unwrap();
        let more = budget.write(&mut &b"123456"[..], &folder.path().join("b")).unwrap();
        assert!(matches!(more, Err(ArchiveError::TooLarge)));
    }

    #[test]
    fn entries_are_counted() {
        let mut budget = Budget { bytes: 0, entries: 1 };
        budget.enter(0).unwrap();
        assert!(matches!(budget.enter(0), Err(ArchiveError::TooLarge)));
    }
}
