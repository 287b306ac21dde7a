//! A component's files. They are part of its versions: what learners get changes with publication (spec 3.11).

use blockhouse_keys::UsageKey;

use bytes::Bytes;

use super::entity::Name;
use super::place::{At, Place};
use super::usages::{self, Meaning};
use super::{Author, Libraries, LibraryError};
use super::{library, version};
use crate::AuthorFile;
use crate::storage::database::{Fetch as _, Reader, Value};
use crate::storage::{Digest, retried};

/// Bytes of one file (spec 7.5).
pub(super) const MAX_FILE: usize = 20 << 20;

/// What every file's name begins with.
const FOLDER: &str = "static/";

/// A file of a component's draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryFile {
    /// With `static/` before it.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// What its bytes are.
    pub digest: Digest,
}

impl Libraries {
    /// The files of a component's draft, by name.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`].
    pub async fn files(&self, usage: &UsageKey) -> Result<Vec<LibraryFile>, LibraryError> {
        let no_such = || LibraryError::NoSuchComponent(usage.clone());
        let found = self.found_component(usage).await?;
        let draft = found.standing.draft.ok_or_else(no_such)?;
        let held = version::held(&mut self.read().await?, found.id, draft).await?.ok_or_else(no_such)?;
        let files = held.files.into_iter().filter(|(path, _)| path.starts_with(FOLDER));
        Ok(files.map(|(path, file)| LibraryFile { path, size: file.size, digest: file.digest }).collect())
    }

    /// The bytes of a file that some version of the component has, by their digest.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchFile`], also when another component has it.
    pub async fn file_bytes(&self, usage: &UsageKey, digest: &str) -> Result<Bytes, LibraryError> {
        let no_such = || LibraryError::NoSuchFile(digest.to_owned());
        let wanted: Digest = digest.parse().map_err(|_| no_such())?;
        let mut reader = self.read().await?;
        let entity = self.defining(&mut reader, usage).await?.ok_or_else(no_such)?;
        let select = "SELECT path FROM content_entity_file WHERE entity_id = ? AND digest = ? AND path LIKE 'static/%' \
                      LIMIT 1";
        let values: [Value<'_>; 2] = [entity.into(), wanted.as_bytes().into()];
        reader.fetch_optional(select, &values).await?.ok_or_else(no_such)?;
        Ok(self.storage.contents(&mut reader, wanted).await?)
    }

    /// The file with a digest that a definition names, if it has at most so many bytes.
    pub(super) async fn file_up_to(&self, digest: &str, most: usize) -> Result<AuthorFile, LibraryError> {
        let digest: Digest = digest.parse().map_err(|_| LibraryError::NoSuchFile(digest.to_owned()))?;
        let mut reader = self.read().await?;
        let size = self.storage.size(&mut reader, digest).await?;
        if usize::try_from(size).map_or(true, |size| size > most) {
            return Ok(AuthorFile::TooLarge);
        }
        Ok(AuthorFile::Bytes(self.storage.contents(&mut reader, digest).await?))
    }

    /// The entity that a key means, whether it is there for learners or only for authors, or was deleted since.
    async fn defining(&self, reader: &mut Reader, usage: &UsageKey) -> Result<Option<i64>, LibraryError> {
        let Some(name) = Name::of_usage(usage) else { return Ok(None) };
        if let Some(own) = name.find(reader).await? {
            return Ok(Some(own.id));
        }
        let library = library::find(reader, &name.library).await?;
        for at in [At::Published, At::Draft] {
            let place = Place { library: library.id, at };
            if let Meaning::Block(block) = usages::meaning(reader, place, &name.library, usage).await? {
                return Ok(Some(block.found.entity));
            }
        }
        Ok(None)
    }

    /// Adds or replaces a file in the next version.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`]; [`LibraryError::Invalid`] for the name or the size.
    pub async fn add_file(
        &self,
        usage: &UsageKey,
        path: &str,
        data: &[u8],
        by: &Author,
    ) -> Result<LibraryFile, LibraryError> {
        let path = checked_path(path)?;
        check_file(data)?;
        // Large ones before anybody waits for this change.
        self.storage.put_large(&[(Digest::of(data), Bytes::copy_from_slice(data))]).await?;
        let file = retried!(async {
            let mut change = self.change(by).await?;
            let (entity, mut held) = change.editable(usage).await?;
            let file = change.keep(data).await?;
            if held.files.insert(path.clone(), file) != Some(file) {
                change.next_version(&entity, &held).await?;
                change.tell_entity(&entity, "updated").await?;
            }
            change.commit().await?;
            Ok::<_, LibraryError>(file)
        })?;
        Ok(LibraryFile { path, size: file.size, digest: file.digest })
    }

    /// Takes a file out of the next version.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`], [`LibraryError::NoSuchFile`]; [`LibraryError::Invalid`] for the name.
    pub async fn delete_file(&self, usage: &UsageKey, path: &str, by: &Author) -> Result<(), LibraryError> {
        let path = checked_path(path)?;
        retried!(async {
            let mut change = self.change(by).await?;
            let (entity, mut held) = change.editable(usage).await?;
            held.files.remove(&path).ok_or_else(|| LibraryError::NoSuchFile(path.clone()))?;
            change.next_version(&entity, &held).await?;
            change.tell_entity(&entity, "updated").await?;
            change.commit().await
        })
    }
}

pub(super) fn check_file(data: &[u8]) -> Result<(), LibraryError> {
    if data.len() > MAX_FILE {
        return Err(LibraryError::invalid("content", "File too big"));
    }
    Ok(())
}

/// Below `static/`, whether the caller says so or not; spaces become `_`.
pub(super) fn checked_path(path: &str) -> Result<String, LibraryError> {
    let name = path.strip_prefix(FOLDER).unwrap_or(path).replace(' ', "_");
    let part_is_plain = |part: &str| !matches!(part, "" | "." | "..");
    let is_plain = name.len() <= 500 && !name.chars().any(|c| c.is_control() || c == '\\');
    if is_plain && name.split('/').all(part_is_plain) {
        return Ok(format!("{FOLDER}{name}"));
    }
    Err(LibraryError::invalid("file_path", "Invalid file path"))
}

#[cfg(test)]
mod tests {
    use super::checked_path;

    #[test]
    fn row_140_names_may_have_any_letters_and_folders_and_stay_below_static() {
        assert_eq!(checked_path("static/été/a b.svg").unwrap(), "static/été/a_b.svg");
        assert_eq!(checked_path("a.svg").unwrap(), "static/a.svg");
        for path in ["", "static/", "../x", "a////////b", "/etc/passwd", "a/../b", "a\\b", "a\0b", "./a"] {
            assert_eq!(checked_path(path).unwrap_err().to_string(), "Invalid file path", "{path:?}");
        }
    }
}
