//! The table of versions.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{EmbeddedBundles, number, timestamp, uuid as parsed};
use crate::bundles::{BundleError, Digest, FileInfo, FilePath, Version};
use crate::storage::database::{Fetch, Row};
use crate::storage::stored_digest;

const COLUMNS: &str = "SELECT b.uuid, v.version, v.digest, v.description, v.created, v.created_by \
                       FROM content_version v JOIN content_bundle b ON b.id = v.bundle_id";

impl EmbeddedBundles {
    pub(super) async fn select_version(&self, bundle: Uuid, version: u64) -> Result<Version, BundleError> {
        find(&mut self.storage.database.read().await?, bundle, version).await
    }

    pub(super) async fn select_versions(&self, bundle: Uuid) -> Result<Vec<Version>, BundleError> {
        self.select_bundle(bundle).await?;
        let select = format!("{COLUMNS} WHERE b.uuid = ? ORDER BY v.version DESC");
        let rows =
            self.storage.database.read().await?.fetch(&select, &[(&bundle.to_string()).into()]).await?;
        rows.iter().map(read).collect()
    }

    pub(super) async fn select_file_history(
        &self,
        bundle: Uuid,
        path: &FilePath,
    ) -> Result<Vec<(Version, Option<FileInfo>)>, BundleError> {
        self.select_bundle(bundle).await?;
        let mut reader = self.storage.database.read().await?;
        let select = "SELECT f.from_version, f.to_version, f.digest, f.size FROM content_file f \
                      JOIN content_bundle b ON b.id = f.bundle_id WHERE b.uuid = ? AND f.path = ?";
        let mut events: BTreeMap<u64, Option<FileInfo>> = BTreeMap::new();
        for row in reader.fetch(select, &[(&bundle.to_string()).into(), path.as_str().into()]).await? {
            if row.maybe_int(1)?.is_some() {
                // Unless another row begins where this one ends, the file went away there.
                events.entry(row.count(1)?).or_insert(None);
            }
            events.insert(row.count(0)?, Some(info(path.clone(), &row, 2, false)?));
        }
        let mut history = Vec::with_capacity(events.len());
        for (version, file) in events.into_iter().rev() {
            history.push((find(&mut reader, bundle, version).await?, file));
        }
        Ok(history)
    }
}

pub(super) async fn find(from: &mut impl Fetch, bundle: Uuid, version: u64) -> Result<Version, BundleError> {
    let select = format!("{COLUMNS} WHERE b.uuid = ? AND v.version = ?");
    let row = from.fetch_optional(&select, &[(&bundle.to_string()).into(), number(version).into()]).await?;
    read(&row.ok_or(BundleError::VersionNotFound { bundle, version })?)
}

/// The row number of a bundle that has a version; every bundle has 0.
pub(super) async fn bundle_id(from: &mut impl Fetch, bundle: Uuid, version: u64) -> Result<i64, BundleError> {
    let select = "SELECT id FROM content_bundle WHERE uuid = ? AND latest_version >= ?";
    let row = from.fetch_optional(select, &[(&bundle.to_string()).into(), number(version).into()]).await?;
    Ok(row.ok_or(BundleError::VersionNotFound { bundle, version })?.int(0)?)
}

fn read(row: &Row) -> Result<Version, BundleError> {
    Ok(Version {
        bundle: parsed(&row.text(0)?)?,
        number: row.count(1)?,
        digest: digest(&row.bytes(2)?)?,
        description: row.text(3)?,
        created: timestamp(row.int(4)?)?,
        created_by: row.maybe_text(5)?,
    })
}

pub(super) fn digest(bytes: &[u8]) -> Result<Digest, BundleError> {
    Ok(stored_digest(bytes)?)
}

/// A file of which digest and size stand in two columns, from `column` on.
pub(super) fn info(
    path: FilePath,
    row: &Row,
    column: usize,
    modified: bool,
) -> Result<FileInfo, BundleError> {
    Ok(FileInfo { path, digest: digest(&row.bytes(column)?)?, size: row.count(column + 1)?, modified })
}
