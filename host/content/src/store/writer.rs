//! Writing a version: definitions and assets stream to disk, so that memory does not grow with the course.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use blockhouse_keys::{LearningContextKey, UsageKey};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use super::CURRENT;
use super::Table;
use super::asset_name::cleaned;
use super::index::{FILES, FORMAT, INDEX, Index, PLACES, STATIC, TEXTS, asset_key};
use super::texts::{NewTexts, Writing};
use crate::{ContentError, Definition, hex};

/// How the directory of an unfinished version begins.
const UNFINISHED: &str = ".new-";

/// After which time without a change an unfinished version is nobody's.
const ABANDONED: Duration = Duration::from_secs(24 * 60 * 60);

/// A version that is being written. Dropped before `publish`, it leaves nothing behind.
pub(crate) struct VersionWriter {
    context_dir: PathBuf,
    context: LearningContextKey,
    temporary: TempDir,
    texts: NewTexts,
    blocks: usize,
    digest: Sha256,
}

/// What `publish` did.
pub(crate) struct Published {
    /// The served version.
    pub(crate) version: u64,
    /// Whether it was served before, because nothing changed.
    pub(crate) unchanged: bool,
}

impl VersionWriter {
    pub(super) fn create(context_dir: &Path, context: &LearningContextKey) -> Result<Self, ContentError> {
        fs::create_dir_all(context_dir).map_err(ContentError::reading(context_dir))?;
        remove_abandoned(context_dir);
        let temporary = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(context_dir)
            .map_err(ContentError::reading(context_dir))?;
        Ok(Self {
            context_dir: context_dir.to_owned(),
            context: context.clone(),
            texts: NewTexts::create(temporary.path(), TEXTS)?,
            temporary,
            blocks: 0,
            digest: Sha256::new(),
        })
    }

    /// Notes that a block's definition will follow those of the blocks in it.
    pub(crate) fn begin(&mut self, usage: &UsageKey) -> Result<(), ContentError> {
        self.texts.begin(usage.as_str())
    }

    /// How far the writing of a block is; `None` for one that was not begun.
    pub(crate) fn writing(&mut self, usage: &UsageKey) -> Result<Option<Writing>, ContentError> {
        self.texts.writing(usage.as_str())
    }

    /// A table for whoever writes the version. It is no part of it.
    pub(crate) fn scratch(&self) -> Result<Table, ContentError> {
        Table::create(self.temporary.path())
    }

    /// Writes a definition. A block is written once.
    pub(crate) fn add(&mut self, definition: &Definition) -> Result<(), ContentError> {
        let text = serde_json::to_vec(definition)
            .map_err(|error| ContentError::damaged(self.temporary.path().join(TEXTS), error))?;
        self.digest.update(&text);
        self.digest.update(b"\n");
        self.blocks += 1;
        self.texts.add(definition.usage.as_str(), &text)
    }

    /// Copies a file that is no block. `name` is relative to the OLX folder, with `/` between its parts, and was
    /// checked by the caller.
    pub(crate) fn add_file(&mut self, name: &str, mut from: impl Read) -> Result<(), ContentError> {
        let path = self.temporary.path().join(FILES).join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(ContentError::reading(parent))?;
        }
        self.digest.update([0]);
        self.digest.update(name.as_bytes());
        self.digest.update([0]);
        let mut copy = HashingWriter {
            file: File::create(&path).map_err(ContentError::reading(&path))?,
            digest: Sha256::new(),
        };
        io::copy(&mut from, &mut copy).map_err(ContentError::reading(&path))?;
        copy.file.sync_all().map_err(ContentError::reading(&path))?;
        if let Some(asset) = name.strip_prefix(STATIC).and_then(|name| name.strip_prefix('/')) {
            let cleaned = cleaned(asset);
            if cleaned != asset {
                self.texts.add(&asset_key(&cleaned), asset.as_bytes())?;
            }
        }
        self.digest.update(copy.digest.finalize());
        Ok(())
    }

    /// Makes the version the one that is served, unless the served one is equal.
    pub(crate) fn publish(mut self, title: &str, root: &UsageKey) -> Result<Published, ContentError> {
        self.digest.update(title.as_bytes());
        let digest = hex::encode(&self.digest.finalize_reset());
        let previous = self.previous()?;
        if let Some((version, index)) = &previous
            && index.digest == digest
            && index.format == FORMAT
        {
            return Ok(Published { version: *version, unchanged: true });
        }
        self.write_index(title, root, digest)?;
        let version = self.place(previous.map_or(0, |(version, _)| version))?;
        self.point_to(version)?;
        Ok(Published { version, unchanged: false })
    }

    /// The served version and its index, where there is one that can be read.
    fn previous(&self) -> Result<Option<(u64, Index)>, ContentError> {
        let marker = self.context_dir.join(CURRENT);
        let version = match fs::read_to_string(&marker) {
            Ok(text) => text.trim().parse::<u64>().ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(ContentError::reading(&marker)(error)),
        };
        Ok(version.and_then(|version| {
            let index = fs::read(self.context_dir.join(version.to_string()).join(INDEX)).ok()?;
            Some((version, serde_json::from_slice(&index).ok()?))
        }))
    }

    fn write_index(&mut self, title: &str, root: &UsageKey, digest: String) -> Result<(), ContentError> {
        self.texts.store(&self.temporary.path().join(PLACES))?;
        let index = Index {
            format: FORMAT,
            context: self.context.clone(),
            title: title.to_owned(),
            root: root.clone(),
            blocks: self.blocks,
            digest,
        };
        let path = self.temporary.path().join(INDEX);
        let text = serde_json::to_vec(&index).map_err(|error| ContentError::damaged(&path, error))?;
        write_synced(&path, &text)?;
        sync_directory(self.temporary.path())
    }

    /// Renames the finished directory to the next free number. Two importers at once get two numbers.
    fn place(&self, after: u64) -> Result<u64, ContentError> {
        let mut version = after + 1;
        loop {
            let target = self.context_dir.join(version.to_string());
            match fs::rename(self.temporary.path(), &target) {
                Ok(()) => break,
                Err(_) if target.exists() => version += 1,
                Err(error) => return Err(ContentError::reading(&target)(error)),
            }
        }
        sync_directory(&self.context_dir)?;
        Ok(version)
    }

    fn point_to(&self, version: u64) -> Result<(), ContentError> {
        let marker = self.context_dir.join(CURRENT);
        let next = self.context_dir.join(format!(".current-{version}"));
        write_synced(&next, format!("{version}\n").as_bytes())?;
        fs::rename(&next, &marker).map_err(ContentError::reading(&marker))?;
        sync_directory(&self.context_dir)
    }
}

/// Removes what an import left behind that was killed long ago. It does no harm but for the space that it takes, so that
/// a failure here is none.
fn remove_abandoned(context_dir: &Path) {
    for entry in fs::read_dir(context_dir).into_iter().flatten().flatten() {
        let unfinished = entry.file_name().to_string_lossy().starts_with(UNFINISHED);
        let changed = entry.metadata().and_then(|metadata| metadata.modified());
        if unfinished && changed.is_ok_and(|changed| changed.elapsed().is_ok_and(|age| age > ABANDONED)) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

/// Writes a file and waits until it is on the disk.
fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), ContentError> {
    let mut file = File::create(path).map_err(ContentError::reading(path))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(ContentError::reading(path))
}

/// Waits until a directory's entries are on the disk. A rename is durable only then.
fn sync_directory(path: &Path) -> Result<(), ContentError> {
    File::open(path).and_then(|directory| directory.sync_all()).map_err(ContentError::reading(path))
}

struct HashingWriter {
    file: File,
    digest: Sha256,
}

impl Write for HashingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.digest.update(bytes.get(..written).unwrap_or(bytes));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
