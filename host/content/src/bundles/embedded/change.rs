//! What a draft has changed, and what differs between versions.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::file::{path, present};
use super::link::{LinkRow, links_at};
use super::version::{bundle_id, digest, info};
use super::{EmbeddedBundles, draft, number, timestamp};
use crate::bundles::{
    BundleError, Changes, Digest, FileChange, FileInfo, FilePath, Link, LinkChange, Selection,
};
use crate::storage::database::{Fetch, Transaction, Value};

/// A file that a draft has changed. No contents: it is deleted.
pub(super) struct OverlayFile {
    pub(super) path: FilePath,
    pub(super) contents: Option<(Digest, u64)>,
}

/// A link that a draft has changed. `None`: it is deleted.
pub(super) struct OverlayLink {
    pub(super) name: String,
    pub(super) link: Option<LinkRow>,
}

/// Conditions on the path of a draft's changes, with their values: one for each part of a selection.
fn files_of(selection: &Selection) -> Vec<(&'static str, Vec<String>)> {
    match selection {
        Selection::All => vec![("", Vec::new())],
        Selection::Only { files, folders, .. } => {
            let files = files.iter().map(|path| (" AND path = ?", vec![path.as_str().to_owned()]));
            let folders = folders.iter().map(|folder| {
                let (lower, upper) = folder.range_within();
                (" AND path >= ? AND path < ?", vec![lower, upper])
            });
            files.chain(folders).collect()
        }
    }
}

fn links_of(selection: &Selection) -> Vec<(&'static str, Vec<String>)> {
    match selection {
        Selection::All => vec![("", Vec::new())],
        Selection::Only { links, .. } => {
            links.iter().map(|name| (" AND name = ?", vec![name.clone()])).collect()
        }
    }
}

fn with_id<'a>(id: i64, more: &'a [String]) -> Vec<Value<'a>> {
    std::iter::once(id.into()).chain(more.iter().map(Value::from)).collect()
}

/// The chosen changes of files, ordered by path, each once.
pub(super) async fn overlay_files(
    from: &mut impl Fetch,
    draft_id: i64,
    selection: &Selection,
) -> Result<Vec<OverlayFile>, BundleError> {
    let mut found = std::collections::BTreeMap::new();
    for (condition, values) in files_of(selection) {
        let select =
            format!("SELECT path, digest, size FROM content_draft_file WHERE draft_id = ?{condition}");
        for row in from.fetch(&select, &with_id(draft_id, &values)).await? {
            let contents = match row.maybe_bytes(1)? {
                Some(bytes) => Some((digest(&bytes)?, row.count(2)?)),
                None => None,
            };
            found.insert(path(&row.text(0)?)?, contents);
        }
    }
    Ok(found.into_iter().map(|(path, contents)| OverlayFile { path, contents }).collect())
}

/// The chosen changes of links, ordered by name, each once.
pub(super) async fn overlay_links(
    from: &mut impl Fetch,
    draft_id: i64,
    selection: &Selection,
) -> Result<Vec<OverlayLink>, BundleError> {
    let mut found = std::collections::BTreeMap::new();
    for (condition, values) in links_of(selection) {
        let select = format!(
            "SELECT name, target, target_version, target_digest, indirect FROM content_draft_link \
             WHERE draft_id = ?{condition}"
        );
        for row in from.fetch(&select, &with_id(draft_id, &values)).await? {
            let link = if row.maybe_text(1)?.is_some() { Some(LinkRow::read(&row, 1)?) } else { None };
            found.insert(row.text(0)?, link);
        }
    }
    Ok(found.into_iter().map(|(name, link)| OverlayLink { name, link }).collect())
}

/// Removes the chosen changes.
pub(super) async fn forget(
    transaction: &mut Transaction,
    draft_id: i64,
    selection: &Selection,
) -> Result<(), BundleError> {
    for (table, conditions) in
        [("content_draft_file", files_of(selection)), ("content_draft_link", links_of(selection))]
    {
        for (condition, values) in conditions {
            let delete = format!("DELETE FROM {table} WHERE draft_id = ?{condition}");
            transaction.execute(&delete, &with_id(draft_id, &values)).await?;
        }
    }
    Ok(())
}

impl EmbeddedBundles {
    pub(super) async fn draft_changes(&self, uuid: Uuid) -> Result<Changes, BundleError> {
        let mut reader = self.storage.database.read().await?;
        let draft = draft::find(&mut reader, uuid).await?;
        let select = "SELECT o.path, o.digest, o.size, f.digest, f.size, o.changed, o.changed_by \
                      FROM content_draft d JOIN content_draft_file o ON o.draft_id = d.id \
                      LEFT JOIN content_file f ON f.bundle_id = d.bundle_id AND f.path = o.path \
                      AND f.from_version <= d.base_version \
                      AND (f.to_version IS NULL OR f.to_version > d.base_version) \
                      WHERE d.id = ? ORDER BY o.path";
        let mut changes = Changes::default();
        for row in reader.fetch(select, &[draft.id.into()]).await? {
            let path = path(&row.text(0)?)?;
            let file = |column: usize, modified| match row.maybe_bytes(column)? {
                Some(_) => info(path.clone(), &row, column, modified).map(Some),
                None => Ok::<_, BundleError>(None),
            };
            changes.files.push(FileChange {
                before: file(3, false)?,
                after: file(1, true)?,
                changed: Some(timestamp(row.int(5)?)?),
                changed_by: row.maybe_text(6)?,
                path,
            });
        }
        let base = links_at(&mut reader, draft.bundle_id, draft.draft.base_version).await?;
        for OverlayLink { name, link } in overlay_links(&mut reader, draft.id, &Selection::All).await? {
            changes.links.push(LinkChange {
                before: base.get(&name).map(|row| row.clone().into_link(name.clone(), false)),
                after: link.map(|row| row.into_link(name.clone(), true)),
                name,
            });
        }
        Ok(changes)
    }

    pub(super) async fn compare_versions(
        &self,
        bundle: Uuid,
        from: u64,
        to: u64,
    ) -> Result<Changes, BundleError> {
        let mut reader = self.storage.database.read().await?;
        let id = bundle_id(&mut reader, bundle, from.max(to)).await?;
        let (lower, upper) = (number(from.min(to)), number(from.max(to)));
        let select = "SELECT path FROM content_file WHERE bundle_id = ? AND from_version > ? AND from_version <= ? \
                      UNION SELECT path FROM content_file WHERE bundle_id = ? AND to_version > ? AND to_version <= ?";
        let values: [Value<'_>; 6] =
            [id.into(), lower.into(), upper.into(), id.into(), lower.into(), upper.into()];
        let mut paths = BTreeSet::new();
        for row in reader.fetch(select, &values).await? {
            paths.insert(path(&row.text(0)?)?);
        }
        let wanted: Vec<&FilePath> = paths.iter().collect();
        let before = present(&mut reader, id, from, &wanted).await?;
        let after = present(&mut reader, id, to, &wanted).await?;
        let file = |found: Option<&super::file::Present>, path: &FilePath| {
            let found = found?;
            let (digest, size) = (found.digest, found.size);
            Some(FileInfo { path: path.clone(), digest, size, modified: false })
        };
        let files = paths
            .iter()
            .filter(|path| before.get(path) != after.get(path))
            .map(|path| FileChange {
                path: path.clone(),
                before: file(before.get(path), path),
                after: file(after.get(path), path),
                changed: None,
                changed_by: None,
            })
            .collect();
        let before = links_at(&mut reader, id, from).await?;
        let after = links_at(&mut reader, id, to).await?;
        let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
        let link = |row: Option<&LinkRow>, name: &str| -> Option<Link> {
            Some(row?.clone().into_link(name.to_owned(), false))
        };
        let links = names
            .into_iter()
            .filter(|name| before.get(*name) != after.get(*name))
            .map(|name| LinkChange {
                name: name.clone(),
                before: link(before.get(name), name),
                after: link(after.get(name), name),
            })
            .collect();
        Ok(Changes { files, links })
    }
}
