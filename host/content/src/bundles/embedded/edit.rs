//! Changing a draft.

use std::collections::BTreeMap;

use bytes::Bytes;
use uuid::Uuid;

use super::draft::DraftRow;
use super::file::{Present, present};
use super::link::{LinkRow, links_at};
use super::{CHUNK, EmbeddedBundles, number, version};
use crate::bundles::{
    BundleError, Conflict, Digest, Draft, DraftEdit, Expected, FileEdit, FilePath, LinkEdit, checks,
};
use crate::storage::database::{Fetch as _, Transaction, Value, list};

/// An edit whose contents are hashed.
pub(super) struct Prepared {
    files: BTreeMap<FilePath, Wanted>,
    links: BTreeMap<String, LinkEdit>,
    expected: Expected,
    by: Option<String>,
    /// What is to be written, each once, ordered by digest.
    contents: Vec<(Digest, Bytes)>,
}

/// What a file is to be.
enum Wanted {
    Contents(Digest, u64),
    Adopted(Digest),
    Gone,
}

impl Prepared {
    pub(super) fn new(edit: DraftEdit) -> Result<Self, BundleError> {
        let mut contents = BTreeMap::new();
        let mut files = BTreeMap::new();
        for (path, edit) in edit.files {
            let wanted = match edit {
                FileEdit::Write(bytes) => {
                    checks::contents(&path, &bytes)?;
                    let digest = Digest::of(&bytes);
                    let size = bytes.len() as u64;
                    contents.insert(digest, bytes);
                    Wanted::Contents(digest, size)
                }
                FileEdit::Adopt(digest) => Wanted::Adopted(digest),
                FileEdit::Delete => Wanted::Gone,
            };
            files.insert(path, wanted);
        }
        for name in edit.links.keys() {
            checks::name("the name of the link", name)?;
        }
        Ok(Self {
            files,
            links: edit.links,
            expected: edit.expected,
            by: edit.by,
            contents: contents.into_iter().collect(),
        })
    }
}

impl EmbeddedBundles {
    pub(super) async fn write_large(&self, edit: &Prepared) -> Result<(), BundleError> {
        Ok(self.storage.put_large(&edit.contents).await?)
    }

    pub(super) async fn apply_edit(&self, uuid: Uuid, edit: &Prepared) -> Result<Draft, BundleError> {
        let mut transaction = self.storage.database.write().await?;
        let draft = self.lock_draft(&mut transaction, uuid, edit.by.as_deref()).await?;
        expect(&mut transaction, &draft, &edit.expected).await?;
        self.storage.keep(&mut transaction, &edit.contents).await?;
        let adopted = self.adopt(&mut transaction, edit).await?;
        let mut files = BTreeMap::new();
        for (path, wanted) in &edit.files {
            let contents = match wanted {
                Wanted::Contents(digest, size) => Some((*digest, *size)),
                Wanted::Adopted(digest) => {
                    let size = adopted.get(digest).ok_or(BundleError::ContentsNotFound(*digest))?;
                    Some((*digest, *size))
                }
                Wanted::Gone => None,
            };
            files.insert(path, contents);
        }
        self.overlay_files(&mut transaction, &draft, &files, edit.by.as_deref()).await?;
        self.overlay_links(&mut transaction, &draft, &edit.links).await?;
        transaction.commit().await?;
        Ok(draft.draft)
    }

    /// The sizes of contents that are there already. They cannot be collected until the transaction ends.
    async fn adopt(
        &self,
        transaction: &mut Transaction,
        edit: &Prepared,
    ) -> Result<BTreeMap<Digest, u64>, BundleError> {
        let mut digests: Vec<_> = edit.files.values().filter_map(Wanted::adopted).collect();
        digests.sort();
        let mut found = BTreeMap::new();
        for chunk in digests.chunks(CHUNK) {
            let places = list(chunk.len());
            let values: Vec<Value<'_>> = chunk.iter().map(|digest| digest.as_bytes().into()).collect();
            let touch = format!("UPDATE content_blob SET touched = ? WHERE digest IN ({places})");
            let with_now: Vec<_> = std::iter::once(self.now().into()).chain(values.iter().copied()).collect();
            transaction.execute(&touch, &with_now).await?;
            let select = format!("SELECT digest, size FROM content_blob WHERE digest IN ({places})");
            for row in transaction.fetch(&select, &values).await? {
                found.insert(version::digest(&row.bytes(0)?)?, row.count(1)?);
            }
        }
        Ok(found)
    }

    /// Writes a draft's changes of files. What is as in the base version is no change.
    async fn overlay_files(
        &self,
        transaction: &mut Transaction,
        draft: &DraftRow,
        files: &BTreeMap<&FilePath, Option<(Digest, u64)>>,
        by: Option<&str>,
    ) -> Result<(), BundleError> {
        let paths: Vec<&FilePath> = files.keys().copied().collect();
        let base = present(transaction, draft.bundle_id, draft.draft.base_version, &paths).await?;
        let unchanged = |path: &FilePath, wanted: &Option<(Digest, u64)>| {
            base.get(path).map(|file| file.digest) == wanted.map(|(digest, _)| digest)
        };
        let (same, changed): (Vec<_>, Vec<_>) =
            files.iter().partition(|(path, wanted)| unchanged(path, wanted));
        for chunk in same.chunks(CHUNK) {
            let delete = format!(
                "DELETE FROM content_draft_file WHERE draft_id = ? AND path IN ({})",
                list(chunk.len())
            );
            let paths = chunk.iter().map(|(path, _)| Value::Text(path.as_str()));
            let values: Vec<_> = std::iter::once(draft.id.into()).chain(paths).collect();
            transaction.execute(&delete, &values).await?;
        }
        let columns = ["draft_id", "path", "digest", "size", "changed", "changed_by"];
        let update = ["digest", "size", "changed", "changed_by"];
        let now = self.now();
        for chunk in changed.chunks(CHUNK) {
            let upsert = self.storage.database.dialect().upsert(
                "content_draft_file",
                &columns,
                &["draft_id", "path"],
                &update,
                chunk.len(),
            );
            let mut values: Vec<Value<'_>> = Vec::with_capacity(chunk.len() * columns.len());
            for (path, wanted) in chunk {
                let digest = wanted.as_ref().map(|(digest, _)| digest.as_bytes());
                let size = wanted.map_or(0, |(_, size)| number(size));
                values.extend([
                    draft.id.into(),
                    path.as_str().into(),
                    digest.into(),
                    size.into(),
                    now.into(),
                    by.into(),
                ] as [Value<'_>; 6]);
            }
            transaction.execute(&upsert, &values).await?;
        }
        Ok(())
    }

    /// Writes a draft's changes of links, with what they bring along.
    async fn overlay_links(
        &self,
        transaction: &mut Transaction,
        draft: &DraftRow,
        links: &BTreeMap<String, LinkEdit>,
    ) -> Result<(), BundleError> {
        if links.is_empty() {
            return Ok(());
        }
        let base = links_at(transaction, draft.bundle_id, draft.draft.base_version).await?;
        for (name, edit) in links {
            let wanted = match *edit {
                LinkEdit::Set { bundle, version } => {
                    Some(LinkRow::resolve(transaction, draft.draft.bundle, name, bundle, version).await?)
                }
                LinkEdit::Delete => None,
            };
            let values: [Value<'_>; 2] = [draft.id.into(), name.into()];
            let delete = "DELETE FROM content_draft_link WHERE draft_id = ? AND name = ?";
            transaction.execute(delete, &values).await?;
            if base.get(name) == wanted.as_ref() {
                continue;
            }
            LinkRow::insert_overlay(transaction, draft.id, name, wanted.as_ref()).await?;
        }
        Ok(())
    }
}

impl Wanted {
    fn adopted(&self) -> Option<Digest> {
        match self {
            Self::Adopted(digest) => Some(*digest),
            Self::Contents(..) | Self::Gone => None,
        }
    }
}

/// Compares what the caller believes with what is.
async fn expect(
    transaction: &mut Transaction,
    draft: &DraftRow,
    expected: &Expected,
) -> Result<(), BundleError> {
    match expected {
        Expected::Anything => Ok(()),
        Expected::Revision(revision) => {
            // The draft has its next revision already.
            let current = draft.draft.revision - 1;
            if current == *revision { Ok(()) } else { Err(Conflict::Draft { current }.into()) }
        }
        Expected::Files(files) => {
            let paths: Vec<&FilePath> = files.keys().collect();
            let mut now = present(transaction, draft.bundle_id, draft.draft.base_version, &paths).await?;
            for chunk in paths.chunks(CHUNK) {
                let select = format!(
                    "SELECT path, digest, size FROM content_draft_file WHERE draft_id = ? AND path IN ({})",
                    list(chunk.len())
                );
                let paths = chunk.iter().map(|path| Value::Text(path.as_str()));
                let values: Vec<_> = std::iter::once(draft.id.into()).chain(paths).collect();
                for row in transaction.fetch(&select, &values).await? {
                    let path: FilePath = super::file::path(&row.text(0)?)?;
                    match row.maybe_bytes(1)? {
                        Some(digest) => {
                            let digest = version::digest(&digest)?;
                            now.insert(path, Present { digest, size: row.count(2)? });
                        }
                        None => drop(now.remove(&path)),
                    }
                }
            }
            for (path, expected) in files {
                let current = now.get(path).map(|file| file.digest);
                if current != *expected {
                    return Err(Conflict::File { path: path.clone(), current }.into());
                }
            }
            Ok(())
        }
    }
}
