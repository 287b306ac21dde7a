//! Making a version of a draft's changes.

use uuid::Uuid;

use super::change::{self, OverlayFile, OverlayLink};
use super::draft::DraftRow;
use super::{CHUNK, EmbeddedBundles, number, timestamp, version};
use crate::bundles::{BundleError, Commit, Conflict, Digest, Version};
use crate::storage::Hasher;
use crate::storage::database::{Fetch as _, Transaction, Value, insert, list};

/// How many names of files and links a conflict mentions.
const MENTIONED: usize = 10;

impl EmbeddedBundles {
    pub(super) async fn apply_commit(&self, uuid: Uuid, commit: &Commit) -> Result<Version, BundleError> {
        let mut transaction = self.storage.database.write().await?;
        let draft = self.lock_draft(&mut transaction, uuid, commit.by.as_deref()).await?;
        if let Some(revision) = commit.revision {
            let current = draft.draft.revision - 1;
            if current != revision {
                return Err(Conflict::Draft { current }.into());
            }
        }
        let files = change::overlay_files(&mut transaction, draft.id, &commit.selection).await?;
        let links = change::overlay_links(&mut transaction, draft.id, &commit.selection).await?;
        if files.is_empty() && links.is_empty() {
            return Err(BundleError::NothingToCommit);
        }
        let number = next_version(&mut transaction, &draft).await?;
        unchanged_below(&mut transaction, &draft, number - 1).await?;
        write_files(&mut transaction, &draft, number, &files).await?;
        write_links(&mut transaction, &draft, number, &links).await?;
        let created = self.now();
        let version = Version {
            bundle: draft.draft.bundle,
            number,
            digest: chained(&mut transaction, &draft, number, created, &files, &links).await?,
            description: commit.description.clone(),
            created: timestamp(created)?,
            created_by: commit.by.clone(),
        };
        write_version(&mut transaction, draft.bundle_id, &version).await?;
        change::forget(&mut transaction, draft.id, &commit.selection).await?;
        rebase(&mut transaction, draft.id, number).await?;
        transaction.commit().await?;
        Ok(version)
    }
}

/// The number of the next version. Nobody else can commit to the bundle until the transaction ends.
async fn next_version(transaction: &mut Transaction, draft: &DraftRow) -> Result<u64, BundleError> {
    let id = draft.bundle_id;
    let update = "UPDATE content_bundle SET latest_version = latest_version + 1 WHERE id = ?";
    transaction.execute(update, &[id.into()]).await?;
    let select = "SELECT latest_version FROM content_bundle WHERE id = ?";
    let row = transaction.fetch_optional(select, &[id.into()]).await?;
    Ok(row.ok_or(BundleError::BundleNotFound(draft.draft.bundle))?.count(0)?)
}

/// Refuses when another draft has changed below what this draft has changed too. All its changes count: those that are
/// not committed now lie over the new version afterwards.
async fn unchanged_below(
    transaction: &mut Transaction,
    draft: &DraftRow,
    latest: u64,
) -> Result<(), BundleError> {
    if draft.draft.base_version == latest {
        return Ok(());
    }
    let base = number(draft.draft.base_version);
    let mut names = Vec::new();
    for (changed, table, name) in
        [("content_draft_file", "content_file", "path"), ("content_draft_link", "content_link", "name")]
    {
        let select = format!(
            "SELECT DISTINCT t.{name} FROM {changed} o JOIN {table} t ON t.bundle_id = ? AND t.{name} = o.{name} \
             WHERE o.draft_id = ? AND (t.from_version > ? OR t.to_version > ?) ORDER BY 1 LIMIT {MENTIONED}"
        );
        let values: [Value<'_>; 4] = [draft.bundle_id.into(), draft.id.into(), base.into(), base.into()];
        for row in transaction.fetch(&select, &values).await? {
            names.push(row.text(0)?);
        }
    }
    names.truncate(MENTIONED);
    if names.is_empty() { Ok(()) } else { Err(Conflict::Version { latest, names }.into()) }
}

async fn write_files(
    transaction: &mut Transaction,
    draft: &DraftRow,
    version: u64,
    files: &[OverlayFile],
) -> Result<(), BundleError> {
    let version = number(version);
    if version > 1 {
        for chunk in files.chunks(CHUNK) {
            let end = format!(
                "UPDATE content_file SET to_version = ? WHERE bundle_id = ? AND to_version IS NULL AND path IN ({})",
                list(chunk.len())
            );
            let of: [Value<'_>; 2] = [version.into(), draft.bundle_id.into()];
            let paths = chunk.iter().map(|file| Value::Text(file.path.as_str()));
            transaction.execute(&end, &of.into_iter().chain(paths).collect::<Vec<_>>()).await?;
        }
    }
    let present: Vec<_> =
        files.iter().filter_map(|file| Some((file.path.as_str(), file.contents.as_ref()?))).collect();
    let columns = ["bundle_id", "path", "from_version", "digest", "size"];
    for chunk in present.chunks(CHUNK) {
        let mut values: Vec<Value<'_>> = Vec::with_capacity(chunk.len() * columns.len());
        for (path, (digest, size)) in chunk {
            values.extend([
                draft.bundle_id.into(),
                (*path).into(),
                version.into(),
                digest.as_bytes().into(),
                number(*size).into(),
            ] as [Value<'_>; 5]);
        }
        transaction.execute(&insert("content_file", &columns, chunk.len()), &values).await?;
    }
    Ok(())
}

async fn write_links(
    transaction: &mut Transaction,
    draft: &DraftRow,
    version: u64,
    links: &[OverlayLink],
) -> Result<(), BundleError> {
    for link in links {
        let end =
            "UPDATE content_link SET to_version = ? WHERE bundle_id = ? AND to_version IS NULL AND name = ?";
        let values: [Value<'_>; 3] =
            [number(version).into(), draft.bundle_id.into(), link.name.as_str().into()];
        transaction.execute(end, &values).await?;
        if let Some(row) = &link.link {
            row.insert(transaction, draft.bundle_id, &link.name, version).await?;
        }
    }
    Ok(())
}

async fn write_version(
    transaction: &mut Transaction,
    bundle_id: i64,
    version: &Version,
) -> Result<(), BundleError> {
    let columns = ["bundle_id", "version", "digest", "description", "created", "created_by"];
    let values: [Value<'_>; 6] = [
        bundle_id.into(),
        number(version.number).into(),
        version.digest.as_bytes().into(),
        (&version.description).into(),
        version.created.as_millisecond().into(),
        version.created_by.as_deref().into(),
    ];
    transaction.execute(&insert("content_version", &columns, 1), &values).await?;
    Ok(())
}

/// The digest of a version: over that of the version before and what has changed, so that it costs as much as that.
async fn chained(
    transaction: &mut Transaction,
    draft: &DraftRow,
    number: u64,
    created: i64,
    files: &[OverlayFile],
    links: &[OverlayLink],
) -> Result<Digest, BundleError> {
    let mut hasher = Hasher::new();
    hasher.update(draft.draft.bundle.as_bytes());
    hasher.update(&number.to_be_bytes());
    hasher.update(&created.to_be_bytes());
    if number > 1 {
        hasher.update(version::find(transaction, draft.draft.bundle, number - 1).await?.digest.as_bytes());
    }
    // A NUL ends each name: no name has one in it.
    for file in files {
        hasher.update(file.path.as_str().as_bytes());
        hasher.update(&[0]);
        hasher.update(file.contents.as_ref().map_or(&[][..], |(digest, _)| digest.as_bytes()));
        hasher.update(&[0]);
    }
    for link in links {
        hasher.update(link.name.as_bytes());
        hasher.update(&[0]);
        hasher.update(link.link.as_ref().map_or(&[][..], |link| link.direct.digest.as_bytes()));
        hasher.update(&[0]);
    }
    Ok(hasher.finish())
}

/// Puts a draft over another version.
pub(super) async fn rebase(
    transaction: &mut Transaction,
    draft_id: i64,
    version: u64,
) -> Result<(), BundleError> {
    let update = "UPDATE content_draft SET base_version = ? WHERE id = ?";
    transaction.execute(update, &[number(version).into(), draft_id.into()]).await?;
    Ok(())
}
