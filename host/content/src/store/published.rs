//! A version that is served: where each block lies in memory, the definitions on disk with the recently used ones kept.

use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use blockhouse_keys::{LearningContextKey, UsageKey};
use lru::LruCache;
use percent_encoding::percent_decode_str;

use super::asset_name::cleaned;
use super::block_index::{BlockIndex, Span};
use super::index::{BLOCKS, DEFINITIONS, FILES, FORMAT, INDEX, Index, STATIC};
use crate::{ContentError, Definition};

/// How many bytes of OLX one context keeps in memory. Enough for all of an ordinary course.
const CACHED_BYTES: usize = 16 << 20;

/// One imported course or library, at its current version. A value keeps showing the version that it was made from.
pub struct PublishedContext {
    path: PathBuf,
    key: LearningContextKey,
    title: String,
    root: UsageKey,
    assets: BTreeMap<String, String>,
    blocks: BlockIndex,
    recent: Mutex<Recent>,
}

struct Recent {
    definitions: LruCache<UsageKey, Arc<Definition>>,
    bytes: usize,
}

impl PublishedContext {
    pub(super) fn open(path: &Path) -> Result<Self, ContentError> {
        let file = path.join(INDEX);
        let text = std::fs::read(&file).map_err(ContentError::reading(&file))?;
        let index: Index =
            serde_json::from_slice(&text).map_err(|error| ContentError::damaged(&file, error))?;
        if index.format != FORMAT {
            let message = format!("its format {} is not {FORMAT}; import the course again", index.format);
            return Err(ContentError::damaged(&file, message));
        }
        let file = path.join(BLOCKS);
        let blocks = std::fs::read(&file).map_err(ContentError::reading(&file))?;
        Ok(Self {
            path: path.to_owned(),
            key: index.context,
            title: index.title,
            root: index.root,
            assets: index.assets,
            blocks: BlockIndex::from_bytes(&blocks, &file)?,
            recent: Mutex::new(Recent { definitions: LruCache::unbounded(), bytes: 0 }),
        })
    }

    /// The version's directory: two values with the same path show the same content.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The folder of files beside the blocks. It need not exist.
    pub(super) fn files(&self) -> PathBuf {
        self.path.join(FILES)
    }

    fn read(&self, span: Span) -> Result<Definition, ContentError> {
        let path = self.path.join(DEFINITIONS);
        let mut text = Vec::new();
        let mut file = File::open(&path).map_err(ContentError::reading(&path))?;
        file.seek(SeekFrom::Start(span.offset))
            .and_then(|_| file.take(span.length).read_to_end(&mut text))
            .map_err(ContentError::reading(&path))?;
        serde_json::from_slice(&text).map_err(|error| ContentError::damaged(&path, error))
    }
}

impl PublishedContext {
    /// The context's key.
    pub fn key(&self) -> &LearningContextKey {
        &self.key
    }

    /// What people call it.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The block below which all others are.
    pub fn root(&self) -> &UsageKey {
        &self.root
    }

    /// A block's definition.
    ///
    /// # Errors
    /// [`ContentError::NoSuchBlock`] when the context has no such block, [`ContentError::Read`] or
    /// [`ContentError::Damaged`] when its stored version cannot be read.
    pub fn definition(&self, usage: &UsageKey) -> Result<Arc<Definition>, ContentError> {
        if let Some(known) = self.recent.lock().unwrap_or_else(PoisonError::into_inner).definitions.get(usage)
        {
            return Ok(known.clone());
        }
        let span = self.blocks.find(usage).ok_or_else(|| ContentError::NoSuchBlock(usage.clone()))?;
        let definition = Arc::new(self.read(span)?);
        self.recent.lock().unwrap_or_else(PoisonError::into_inner).keep(&definition);
        Ok(definition)
    }

    /// How many blocks there are.
    pub fn block_count(&self) -> usize {
        self.blocks.len()
    }

    /// All blocks, each before its children.
    ///
    /// # Errors
    /// As [`definition`](Self::definition).
    pub fn usages(&self) -> Result<Vec<UsageKey>, ContentError> {
        let mut open = vec![self.root.clone()];
        let (mut met, mut usages) = (HashSet::new(), Vec::with_capacity(self.block_count()));
        while let Some(usage) = open.pop() {
            if met.insert(usage.clone()) {
                open.extend(self.definition(&usage)?.children.iter().rev().cloned());
                usages.push(usage);
            }
        }
        Ok(usages)
    }

    /// The file behind `/static/<name>`. `None` for a name that has no file, or that points outside of the assets.
    pub fn asset(&self, name: &str) -> Option<PathBuf> {
        let file = |name: &str| {
            let path = self.files().join(STATIC).join(name);
            (is_plain(name) && path.is_file()).then_some(path)
        };
        let decoded = percent_decode_str(name).decode_utf8().ok()?;
        let known = || self.assets.get(&cleaned(&decoded));
        file(name).or_else(|| file(&decoded)).or_else(|| file(known()?))
    }
}

impl Recent {
    fn keep(&mut self, definition: &Arc<Definition>) {
        self.bytes += definition.olx.len();
        if let Some(previous) = self.definitions.put(definition.usage.clone(), definition.clone()) {
            self.bytes -= previous.olx.len();
        }
        while self.bytes > CACHED_BYTES {
            let Some((_, oldest)) = self.definitions.pop_lru() else {
                break;
            };
            self.bytes -= oldest.olx.len();
        }
    }
}

/// Whether a name stays below the directory that it is joined to.
fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && !name.contains(['\\', '\0'])
        && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn only_names_below_the_assets_are_plain() {
        assert!(is_plain("a.png") && is_plain("sub/a b.png"));
        for name in ["", "/etc/passwd", "../x", "a/../../x", "a\\..\\x", "a\0", "."] {
            assert!(!is_plain(name), "{name:?}");
        }
    }
}
