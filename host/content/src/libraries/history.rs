//! What happened to a component or container: its versions, what each changed, and its publications (spec 7.3, 7.6).

use std::collections::{BTreeMap, BTreeSet};

use super::entity::{Entity, by_key, no_such};
use super::version::OLX;
use super::{Libraries, LibraryError};
use crate::storage::database::{Fetch, Reader, Value};
use crate::storage::number;

/// The most entries of one answer: the newest ones.
const MOST: u64 = 500;

/// One version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Its number.
    pub version: u64,
    /// What people called it then.
    pub title: String,
    /// Who saved it.
    pub by: Option<String>,
    /// When: milliseconds since 1970.
    pub at: i64,
    /// What is different from the version with the number before: `title`, `olx`, `children`, or files by their path. Of
    /// the first version, everything.
    pub changes: Vec<String>,
}

/// One publication of an entity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicationEntry {
    /// The number of the library's publication.
    pub publication: u64,
    /// Who published.
    pub by: Option<String>,
    /// When: milliseconds since 1970.
    pub at: i64,
    /// The version that learners saw before; none: it was not there for them.
    pub from: Option<u64>,
    /// The version that they see from then on; none: it was taken away.
    pub to: Option<u64>,
}

impl PublicationEntry {
    /// Whether a version came to learners with this publication.
    pub fn brought(&self, version: u64) -> bool {
        version > self.from.unwrap_or_default() && version <= self.to.unwrap_or_default()
    }
}

impl Libraries {
    /// The versions of a component or container, newest first.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`] or [`LibraryError::NoSuchContainer`].
    pub async fn versions(&self, key: &str) -> Result<Vec<HistoryEntry>, LibraryError> {
        let mut reader = self.read().await?;
        let entity = find(&mut reader, key).await?;
        let first = entity.latest.saturating_sub(MOST);
        let of: [Value<'_>; 2] = [entity.id.into(), number(first).into()];
        let select = "SELECT version, title, created, created_by FROM content_entity_version \
                      WHERE entity_id = ? AND version >= ? ORDER BY version";
        let rows = reader.fetch(select, &of).await?;
        let mut holding = holding(&mut reader, &of).await?;
        let mut entries = Vec::with_capacity(rows.len());
        let mut before: Option<(String, BTreeMap<String, Vec<u8>>)> = None;
        for row in &rows {
            let (version, title) = (row.count(0)?, row.text(1)?);
            let held = holding.remove(&version).unwrap_or_default();
            let changes = changes(before.as_ref(), &title, &held);
            before = Some((title.clone(), held));
            // Only there so that the next one can be compared with it.
            if version > first {
                entries.push(HistoryEntry {
                    version,
                    title,
                    by: row.maybe_text(3)?,
                    at: row.int(2)?,
                    changes,
                });
            }
        }
        entries.reverse();
        Ok(entries)
    }

    /// The versions that learners have not seen yet, newest first.
    ///
    /// # Errors
    /// As [`Libraries::versions`].
    pub async fn draft_history(&self, key: &str) -> Result<Vec<HistoryEntry>, LibraryError> {
        let standing = find(&mut self.read().await?, key).await?.standing;
        let published = standing.published.unwrap_or_default();
        let mut versions = self.versions(key).await?;
        let draft = standing.draft.unwrap_or(u64::MAX);
        versions.retain(|entry| entry.version > published && entry.version <= draft);
        Ok(versions)
    }

    /// The publications of a component or container, newest first.
    ///
    /// # Errors
    /// As [`Libraries::versions`].
    pub async fn publications(&self, key: &str) -> Result<Vec<PublicationEntry>, LibraryError> {
        let mut reader = self.read().await?;
        let entity = find(&mut reader, key).await?;
        let select = "SELECT p.number, p.created, p.created_by, r.old_version, r.new_version \
                      FROM content_publication_record r JOIN content_publication p \
                      ON p.library_id = r.library_id AND p.number = r.number \
                      WHERE r.entity_id = ? ORDER BY p.number DESC LIMIT ?";
        let rows = reader.fetch(select, &[entity.id.into(), number(MOST).into()]).await?;
        let pointer = |version: u64| Some(version).filter(|version| *version > 0);
        rows.iter()
            .map(|row| {
                Ok(PublicationEntry {
                    publication: row.count(0)?,
                    at: row.int(1)?,
                    by: row.maybe_text(2)?,
                    from: pointer(row.count(3)?),
                    to: pointer(row.count(4)?),
                })
            })
            .collect()
    }
}

async fn find(reader: &mut Reader, key: &str) -> Result<Entity, LibraryError> {
    by_key(reader, key).await?.ok_or_else(|| no_such(key))
}

/// What each version holds, in a form that can be compared: files by their path, and all children as `children`.
async fn holding(
    reader: &mut Reader,
    of: &[Value<'_>; 2],
) -> Result<BTreeMap<u64, BTreeMap<String, Vec<u8>>>, LibraryError> {
    let mut holding: BTreeMap<u64, BTreeMap<String, Vec<u8>>> = BTreeMap::new();
    let select = "SELECT version, path, digest FROM content_entity_file WHERE entity_id = ? AND version >= ?";
    for row in reader.fetch(select, of).await? {
        holding.entry(row.count(0)?).or_default().insert(row.text(1)?, row.bytes(2)?);
    }
    let select = "SELECT version, child_id, child_version FROM content_entity_child \
                  WHERE entity_id = ? AND version >= ? ORDER BY version, place";
    for row in reader.fetch(select, of).await? {
        let children = holding.entry(row.count(0)?).or_default().entry("children".to_owned()).or_default();
        children.extend(row.int(1)?.to_be_bytes());
        children.extend(row.maybe_int(2)?.unwrap_or_default().to_be_bytes());
    }
    Ok(holding)
}

fn changes(
    before: Option<&(String, BTreeMap<String, Vec<u8>>)>,
    title: &str,
    held: &BTreeMap<String, Vec<u8>>,
) -> Vec<String> {
    let nothing = BTreeMap::new();
    let (old_title, old) = before.map_or((None, &nothing), |(title, held)| (Some(title), held));
    let paths: BTreeSet<&String> = old.keys().chain(held.keys()).collect();
    let changed = paths.into_iter().filter(|path| old.get(*path) != held.get(*path));
    let named = |path: &String| if path == OLX { "olx".to_owned() } else { path.clone() };
    let renamed = (old_title.is_none_or(|old| old != title)).then(|| "title".to_owned());
    renamed.into_iter().chain(changed.map(named)).collect()
}
