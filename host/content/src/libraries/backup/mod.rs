//! A library as a file and back (spec 7.6.10): a zip of TOML and OLX, in the form of Open edX's library backups. It has
//! the draft and the published version of everything, with their numbers; other versions stay behind.

mod form;
pub(super) mod links;
mod read;
mod write;

use std::path::Path;

use blockhouse_keys::LibraryKey;

use super::{Author, Libraries, Library, LibraryError};
use crate::archive::Archive;

impl Libraries {
    /// Writes a library into a zip file.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`]; [`LibraryError::File`].
    pub async fn backup(&self, key: &LibraryKey, to: &Path, by: &Author) -> Result<(), LibraryError> {
        let folder = tempfile::tempdir()?;
        self.write_backup(key, folder.path(), by).await?;
        let file = std::fs::File::create_new(to)?;
        Ok(Archive::Zip.pack(folder.path(), "", file)?)
    }

    /// Makes a library from a zip file, under its own key or another. Whoever restores it becomes its admin. Links to
    /// libraries that are not there come back too, and lead nowhere until these are
    /// ([`Link::is_dead`](super::Link::is_dead)).
    ///
    /// # Errors
    /// [`LibraryError::Invalid`] for a key that exists or a file that is no backup; nothing is made then.
    pub async fn restore(
        &self,
        from: &Path,
        under: Option<&LibraryKey>,
        by: &Author,
    ) -> Result<Library, LibraryError> {
        let folder = tempfile::tempdir()?;
        let unpacked = Archive::Zip.unpack(from, folder.path(), &mut |_| ());
        unpacked.map_err(|error| LibraryError::invalid("file", error.to_string()))?;
        self.read_backup(folder.path(), under, by).await
    }
}
