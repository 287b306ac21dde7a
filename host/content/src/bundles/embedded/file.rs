//! Reading files of a version or a draft.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::version::{bundle_id, digest, info};
use super::{CHUNK, EmbeddedBundles, draft, number};
use crate::bundles::{BundleError, Digest, FileInfo, FilePath, Tree};
use crate::storage::database::{Fetch, Row, Value, list};

/// One file of a version, with its contents if they are in the database.
const IN_VERSION: &str = "SELECT f.digest, f.size, x.data FROM content_bundle b \
    JOIN content_file f ON f.bundle_id = b.id \
    JOIN content_blob x ON x.digest = f.digest \
    WHERE b.uuid = ? AND b.latest_version >= ? AND f.path = ? \
    AND f.from_version <= ? AND (f.to_version IS NULL OR f.to_version > ?)";

/// One file of a draft: what the draft has changed, and what it is in the base version.
const IN_DRAFT: &str = "SELECT o.digest, o.size, x.data, f.digest, f.size, y.data, o.draft_id FROM content_draft d \
    JOIN content_bundle b ON b.id = d.bundle_id \
    LEFT JOIN content_draft_file o ON o.draft_id = d.id AND o.path = ? \
    LEFT JOIN content_blob x ON x.digest = o.digest \
    LEFT JOIN content_file f ON f.bundle_id = d.bundle_id AND f.path = ? \
    AND f.from_version <= d.base_version AND (f.to_version IS NULL OR f.to_version > d.base_version) \
    LEFT JOIN content_blob y ON y.digest = f.digest \
    WHERE d.uuid = ? AND b.deleted IS NULL";

/// Contents of a file of a version.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Present {
    pub(super) digest: Digest,
    pub(super) size: u64,
}

impl EmbeddedBundles {
    pub(super) async fn select_files(
        &self,
        tree: Tree,
        folder: Option<&FilePath>,
    ) -> Result<Vec<FileInfo>, BundleError> {
        let mut reader = self.storage.database.read().await?;
        let range = folder.map(FilePath::range_within);
        // The condition on a path, and its values.
        let within = |table: &str| match range {
            Some(_) => format!(" AND {table}.path >= ? AND {table}.path < ?"),
            None => String::new(),
        };
        let bounds: Vec<Value<'_>> =
            range.iter().flat_map(|(lower, upper)| [lower.into(), upper.into()]).collect();
        let (select, values) = match tree {
            Tree::Version { bundle, number: version } => {
                let id = bundle_id(&mut reader, bundle, version).await?;
                let select = format!(
                    "SELECT f.path, f.digest, f.size, f.to_version - f.to_version FROM content_file f \
                     WHERE f.bundle_id = ? AND f.from_version <= ? \
                     AND (f.to_version IS NULL OR f.to_version > ?){} ORDER BY f.path",
                    within("f")
                );
                let version = number(version);
                (select, [vec![id.into(), version.into(), version.into()], bounds].concat())
            }
            Tree::Draft(uuid) => {
                let id = draft::find(&mut reader, uuid).await?.id;
                // In one statement, so that a commit that happens meanwhile is seen as a whole or not at all.
                let select = format!(
                    "SELECT f.path, f.digest, f.size, o.draft_id FROM content_draft d \
                     JOIN content_file f ON f.bundle_id = d.bundle_id AND f.from_version <= d.base_version \
                     AND (f.to_version IS NULL OR f.to_version > d.base_version) \
                     LEFT JOIN content_draft_file o ON o.draft_id = d.id AND o.path = f.path \
                     WHERE d.id = ? AND o.draft_id IS NULL{} \
                     UNION ALL SELECT o.path, o.digest, o.size, o.draft_id FROM content_draft_file o \
                     WHERE o.draft_id = ? AND o.digest IS NOT NULL{} ORDER BY 1",
                    within("f"),
                    within("o")
                );
                let values = [vec![id.into()], bounds.clone(), vec![id.into()], bounds].concat();
                (select, values)
            }
        };
        let draft = matches!(tree, Tree::Draft(_));
        let rows = reader.fetch(&select, &values).await?;
        rows.iter()
            .map(|row| info(path(&row.text(0)?)?, row, 1, draft && row.maybe_int(3)?.is_some()))
            .collect()
    }

    pub(super) async fn select_file(&self, tree: Tree, path: &FilePath) -> Result<FileInfo, BundleError> {
        Ok(self.find_file(tree, path).await?.0)
    }

    pub(super) async fn read_file(
        &self,
        tree: Tree,
        path: &FilePath,
    ) -> Result<(FileInfo, Bytes), BundleError> {
        let (file, contents) = self.find_file(tree, path).await?;
        let contents = match contents {
            Some(contents) => contents,
            None => self.storage.large(file.digest).await?,
        };
        Ok((file, contents))
    }

    /// A file, and its contents if they are in the database.
    async fn find_file(&self, tree: Tree, path: &FilePath) -> Result<(FileInfo, Option<Bytes>), BundleError> {
        let missing = || BundleError::FileNotFound { tree, path: path.clone() };
        let found = |row: &Row, column: usize, modified| {
            let file = info(path.clone(), row, column, modified)?;
            Ok((file, row.maybe_bytes(column + 2)?.map(Bytes::from)))
        };
        let mut reader = self.storage.database.read().await?;
        match tree {
            Tree::Version { bundle, number: version } => {
                let (bundle, version) = (bundle.to_string(), number(version));
                let values: [Value<'_>; 5] =
                    [(&bundle).into(), version.into(), path.as_str().into(), version.into(), version.into()];
                found(&reader.fetch_optional(IN_VERSION, &values).await?.ok_or_else(missing)?, 0, false)
            }
            Tree::Draft(draft) => {
                let draft = draft.to_string();
                let values: [Value<'_>; 3] = [path.as_str().into(), path.as_str().into(), (&draft).into()];
                let row = reader.fetch_optional(IN_DRAFT, &values).await?.ok_or_else(missing)?;
                let modified = row.maybe_int(6)?.is_some();
                let column = if modified { 0 } else { 3 };
                if row.maybe_bytes(column)?.is_none() {
                    return Err(missing());
                }
                found(&row, column, modified)
            }
        }
    }
}

/// Which of these paths a version has, with their contents.
pub(super) async fn present(
    from: &mut impl Fetch,
    bundle_id: i64,
    version: u64,
    paths: &[&FilePath],
) -> Result<BTreeMap<FilePath, Present>, BundleError> {
    let mut found = BTreeMap::new();
    if version == 0 {
        return Ok(found);
    }
    for chunk in paths.chunks(CHUNK) {
        let select = format!(
            "SELECT path, digest, size FROM content_file WHERE bundle_id = ? AND from_version <= ? \
             AND (to_version IS NULL OR to_version > ?) AND path IN ({})",
            list(chunk.len())
        );
        let version = number(version);
        let of: [Value<'_>; 3] = [bundle_id.into(), version.into(), version.into()];
        let values: Vec<_> =
            of.into_iter().chain(chunk.iter().map(|path| Value::Text(path.as_str()))).collect();
        for row in from.fetch(&select, &values).await? {
            found.insert(
                path(&row.text(0)?)?,
                Present { digest: digest(&row.bytes(1)?)?, size: row.count(2)? },
            );
        }
    }
    Ok(found)
}

/// A path of the database.
pub(super) fn path(text: &str) -> Result<FilePath, BundleError> {
    text.parse().map_err(|error: BundleError| BundleError::Damaged(error.to_string()))
}
