//! A component's files. They are part of its versions: what learners get changes with publication (spec 3.11).

use blockhouse_keys::UsageKey;

use super::component::{editable, tell};
use super::entity::{self, StoredFile};
use super::{Author, Libraries, LibraryError};

/// Bytes of one file (spec 7.5).
const MAX_FILE: usize = 20 << 20;

/// What every file's name begins with.
const FOLDER: &str = "static/";

/// A file of a component's draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LibraryFile {
    /// With `static/` before it.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hex.
    pub digest: String,
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
        let held = entity::held(&self.pool, found.id, draft).await?.ok_or_else(no_such)?;
        let file = |(path, StoredFile { digest, size })| LibraryFile { path, size, digest };
        Ok(held.files.into_iter().map(file).collect())
    }

    /// The bytes of a file that some version of the component has, by their digest.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchFile`], also when another component has it.
    pub async fn file_bytes(&self, usage: &UsageKey, digest: &str) -> Result<Vec<u8>, LibraryError> {
        let found = self.found_component(usage).await?;
        let has: Option<i64> = sqlx::query_scalar(
            "SELECT number FROM version, json_each(version.files) AS file
             WHERE entity_id = ? AND file.value ->> 'digest' = ? LIMIT 1",
        )
        .bind(found.id)
        .bind(digest)
        .fetch_optional(&self.pool)
        .await?;
        has.ok_or_else(|| LibraryError::NoSuchFile(digest.to_owned()))?;
        entity::contents(&self.pool, digest).await
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
        if data.len() > MAX_FILE {
            return Err(LibraryError::invalid("content", "File too big"));
        }
        let now = self.now();
        let mut tx = self.write().await?;
        let (found, mut held) = editable(&mut tx, usage).await?;
        let digest = entity::keep(&mut tx, data).await?;
        let size = data.len() as u64;
        let file = StoredFile { digest: digest.clone(), size };
        if held.files.insert(path.clone(), file.clone()) != Some(file) {
            entity::next_version(&mut tx, &found, &held, by, now).await?;
            tell(&mut tx, usage, "updated", now).await?;
        }
        tx.commit().await?;
        Ok(LibraryFile { path, size, digest })
    }

    /// Takes a file out of the next version.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`], [`LibraryError::NoSuchFile`]; [`LibraryError::Invalid`] for the name.
    pub async fn delete_file(&self, usage: &UsageKey, path: &str, by: &Author) -> Result<(), LibraryError> {
        let path = checked_path(path)?;
        let now = self.now();
        let mut tx = self.write().await?;
        let (found, mut held) = editable(&mut tx, usage).await?;
        held.files.remove(&path).ok_or(LibraryError::NoSuchFile(path))?;
        entity::next_version(&mut tx, &found, &held, by, now).await?;
        tell(&mut tx, usage, "updated", now).await?;
        Ok(tx.commit().await?)
    }
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
