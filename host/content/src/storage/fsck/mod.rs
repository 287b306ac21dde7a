//! Looking for what must not be, and mending what can be mended.
//!
//! It knows the tables of bundles and of libraries, and nothing of what they mean. Every write is a transaction, and
//! contents are written before they are named. So what a crash can leave behind is contents that nobody names. They are
//! collected once nobody has touched them for a while: somebody may be about to name them. Everything else that is
//! looked for here takes a damaged disk or a stranger's hand.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::time::Duration;

use super::database::{Fetch as _, Value};
use super::{Digest, Storage, StorageError, stored_digest};

/// How many contents are looked at in one statement.
const PAGE: usize = 200;

/// What to do about what is found.
#[derive(Clone, Copy, Debug)]
pub struct Fsck {
    /// Whether to mend it.
    pub mend: bool,
    /// How long nobody must have touched contents that nobody names before they count as left behind. Longer than any
    /// upload or import takes.
    pub age: Duration,
}

/// Something that must not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Contents that nobody names. Mended by removing them.
    Unnamed(Digest),
    /// A file beside the contents that was begun and never finished. Mended by removing it.
    Unfinished(String),
    /// Contents are there, but the database does not know them. Mended by making them known.
    Unknown(Digest),
    /// A file's contents are gone. The file can be written again; the store cannot mend it.
    Missing(Digest),
    /// Contents are not what their digest says. The file can be written again; the store cannot mend it.
    Corrupt(Digest),
    /// The tables contradict each other. The store cannot mend it.
    Contradiction(String),
}

impl Finding {
    /// Whether [`Storage::fsck`] can mend it.
    pub fn can_be_mended(&self) -> bool {
        matches!(self, Self::Unnamed(_) | Self::Unfinished(_) | Self::Unknown(_))
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unnamed(digest) => write!(f, "contents {digest} belong to no file"),
            Self::Unfinished(name) => write!(f, "`{name}` among the large files was never finished"),
            Self::Unknown(digest) => write!(f, "contents {digest} are there, but not in the database"),
            Self::Missing(digest) => write!(f, "contents {digest} of a file are missing"),
            Self::Corrupt(digest) => write!(f, "contents {digest} of a file are not what they were"),
            Self::Contradiction(what) => f.write_str(what),
        }
    }
}

/// A statement that finds rows which contradict others, and what it then says of the number in each.
const CONTRADICTIONS: [(&str, &str); 12] = [
    (
        "SELECT b.id FROM content_bundle b LEFT JOIN content_version v ON v.bundle_id = b.id \
         GROUP BY b.id, b.latest_version HAVING COUNT(v.version) <> b.latest_version",
        "versions are missing in bundle row",
    ),
    (
        "SELECT f.bundle_id FROM content_file f JOIN content_bundle b ON b.id = f.bundle_id \
         WHERE f.from_version > b.latest_version OR f.to_version > b.latest_version OR f.to_version <= f.from_version",
        "files of no version are in bundle row",
    ),
    (
        "SELECT f.bundle_id FROM content_file f JOIN content_file g ON g.bundle_id = f.bundle_id AND g.path = f.path \
         AND g.from_version > f.from_version AND (f.to_version IS NULL OR g.from_version < f.to_version)",
        "a file has two contents at once in bundle row",
    ),
    (
        "SELECT d.id FROM content_draft d LEFT JOIN content_bundle b ON b.id = d.bundle_id \
         WHERE b.id IS NULL OR d.base_version > b.latest_version",
        "the base version is missing of draft row",
    ),
    (
        "SELECT o.draft_id FROM content_draft_file o LEFT JOIN content_draft d ON d.id = o.draft_id WHERE d.id IS NULL",
        "there are changes without a draft of row",
    ),
    (
        "SELECT b.id FROM content_bundle b LEFT JOIN content_collection c ON c.id = b.collection_id WHERE c.id IS NULL",
        "the collection is missing of bundle row",
    ),
    (
        "SELECT e.id FROM content_entity e LEFT JOIN content_library l ON l.id = e.library_id WHERE l.id IS NULL",
        "the library is missing of entity row",
    ),
    (
        "SELECT e.id FROM content_entity e LEFT JOIN content_entity_version v ON v.entity_id = e.id AND v.version = e.draft \
         WHERE e.draft <> 0 AND v.version IS NULL",
        "the draft's version is missing of entity row",
    ),
    (
        "SELECT e.id FROM content_entity e LEFT JOIN content_entity_version v \
         ON v.entity_id = e.id AND v.version = e.published WHERE e.published <> 0 AND v.version IS NULL",
        "the published version is missing of entity row",
    ),
    (
        "SELECT v.entity_id FROM content_entity_version v LEFT JOIN content_entity e ON e.id = v.entity_id \
         WHERE e.id IS NULL OR v.version > e.latest",
        "there are versions without an entity, or newer than its latest one, of entity row",
    ),
    (
        "SELECT f.entity_id FROM content_entity_file f LEFT JOIN content_entity_version v \
         ON v.entity_id = f.entity_id AND v.version = f.version WHERE v.version IS NULL",
        "there are files of no version of entity row",
    ),
    (
        "SELECT c.entity_id FROM content_entity_child c LEFT JOIN content_entity_version v \
         ON v.entity_id = c.entity_id AND v.version = c.version LEFT JOIN content_entity e ON e.id = c.child_id \
         WHERE v.version IS NULL OR e.id IS NULL",
        "a child or its container is missing of entity row",
    ),
];

/// The tables of which a column `digest` names contents.
const NAMING: [&str; 3] = ["content_file", "content_draft_file", "content_entity_file"];

/// Whether something names the contents of the table `of`.
fn named(of: &str) -> String {
    let by = |table| format!("EXISTS (SELECT n.digest FROM {table} n WHERE n.digest = {of}.digest)");
    format!("({})", NAMING.map(by).join(" OR "))
}

impl Storage {
    /// Looks at everything, contents included, and mends what it is told to. May run while the store is in use.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the database or the large files cannot be reached.
    pub async fn fsck(&self, how: Fsck) -> Result<Vec<Finding>, StorageError> {
        let mut findings = Vec::new();
        for (select, what) in CONTRADICTIONS {
            let rows = self.database.read().await?.fetch(select, &[]).await?;
            let found: BTreeSet<i64> = rows.iter().map(|row| row.int(0)).collect::<Result<_, _>>()?;
            findings.extend(found.into_iter().map(|row| Finding::Contradiction(format!("{what} {row}"))));
        }
        let age = i64::try_from(how.age.as_millis()).unwrap_or(i64::MAX);
        let oldest = self.now().saturating_sub(age);
        // Listed before the database is read: what is written in between is then known to the database, or not listed.
        let lying = self.blobs.list().await?;
        let mut large: BTreeMap<Digest, u64> =
            lying.iter().filter_map(|blob| Some((blob.digest?, blob.size))).collect();
        self.check_contents(how.mend, oldest, &mut large, &mut findings).await?;
        self.check_unknown(how.mend, &mut large, &mut findings).await?;
        for blob in lying.into_iter().filter(|blob| blob.written.as_millisecond() <= oldest) {
            let finding = match blob.digest {
                Some(digest) if large.contains_key(&digest) => Finding::Unnamed(digest),
                Some(_) => continue,
                None => Finding::Unfinished(blob.name.clone()),
            };
            findings.push(finding);
            if how.mend {
                self.remove_large(blob.digest, &blob.name, oldest).await?;
            }
        }
        Ok(findings)
    }

    /// Looks at all contents that the database knows, and takes those that are named away from `large`.
    async fn check_contents(
        &self,
        mend: bool,
        oldest: i64,
        large: &mut BTreeMap<Digest, u64>,
        findings: &mut Vec<Finding>,
    ) -> Result<(), StorageError> {
        let select = format!(
            "SELECT x.digest, x.size, x.data, x.touched, \
             CASE WHEN {} THEN x.touched ELSE NULL END FROM content_blob x \
             WHERE x.digest > ? ORDER BY x.digest LIMIT {PAGE}",
            named("x")
        );
        let mut last: Vec<u8> = Vec::new();
        loop {
            let rows = self.database.read().await?.fetch(&select, &[last.as_slice().into()]).await?;
            for row in &rows {
                last = row.bytes(0)?;
                let (digest, size) = (stored_digest(&last)?, row.count(1)?);
                let named = row.maybe_int(4)?.is_some();
                let data = row.maybe_bytes(2)?;
                if !named && row.int(3)? <= oldest {
                    findings.push(Finding::Unnamed(digest));
                    large.remove(&digest);
                    if mend {
                        self.collect(digest, oldest).await?;
                    }
                    continue;
                }
                let lying = large.remove(&digest);
                match data {
                    Some(data) if Digest::of(&data) == digest => {}
                    Some(_) => findings.push(Finding::Corrupt(digest)),
                    // Named after the large files were listed, perhaps.
                    None if lying.is_none() && !self.blobs.has(digest).await? => {
                        if named {
                            findings.push(Finding::Missing(digest));
                        }
                    }
                    None => {
                        let whole = lying.is_none_or(|found| found == size)
                            && self.blobs.get(digest).await?.is_none_or(|found| Digest::of(&found) == digest);
                        if !whole {
                            findings.push(Finding::Corrupt(digest));
                        }
                    }
                }
            }
            if rows.len() < PAGE {
                return Ok(());
            }
        }
    }

    /// Looks for files whose contents the database does not know.
    async fn check_unknown(
        &self,
        mend: bool,
        large: &mut BTreeMap<Digest, u64>,
        findings: &mut Vec<Finding>,
    ) -> Result<(), StorageError> {
        let select = NAMING
            .map(|table| {
                format!(
                    "SELECT n.digest FROM {table} n LEFT JOIN content_blob x ON x.digest = n.digest \
                     WHERE x.digest IS NULL AND n.digest IS NOT NULL"
                )
            })
            .join(" UNION ");
        for row in self.database.read().await?.fetch(&select, &[]).await? {
            let digest = stored_digest(&row.bytes(0)?)?;
            large.remove(&digest);
            let Some(contents) = self.blobs.get(digest).await? else {
                findings.push(Finding::Missing(digest));
                continue;
            };
            findings.push(Finding::Unknown(digest));
            if mend {
                let mut transaction = self.database.write().await?;
                self.keep(&mut transaction, &[(digest, contents)]).await?;
                transaction.commit().await?;
            }
        }
        Ok(())
    }

    /// Removes contents, unless somebody has named or touched them since.
    async fn collect(&self, digest: Digest, oldest: i64) -> Result<(), StorageError> {
        let mut transaction = self.database.write().await?;
        let delete = format!(
            "DELETE FROM content_blob WHERE digest = ? AND touched <= ? AND NOT {}",
            named("content_blob")
        );
        let values: [Value<'_>; 2] = [digest.as_bytes().into(), oldest.into()];
        if transaction.execute(&delete, &values).await? == 1 {
            // While the row is locked: whoever writes the same contents waits, and then looks whether they are there.
            self.blobs.delete(digest).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Removes a large file that the database does not know.
    async fn remove_large(
        &self,
        digest: Option<Digest>,
        name: &str,
        oldest: i64,
    ) -> Result<(), StorageError> {
        let Some(digest) = digest else {
            return Ok(self.blobs.remove(name).await?);
        };
        // Known for a moment, so that the rules of `collect` hold: whoever writes the same contents meanwhile either
        // touches this row, or waits for it and then looks again.
        let mut transaction = self.database.write().await?;
        let columns = ["digest", "size", "touched"];
        let insert = self.database.dialect().upsert("content_blob", &columns, &["digest"], &[], 1);
        transaction.execute(&insert, &[digest.as_bytes().into(), 0.into(), oldest.into()]).await?;
        transaction.commit().await?;
        self.collect(digest, oldest).await
    }
}
