//! A version that is served: the definitions lie on disk, the recently used ones are kept in memory.

use std::collections::HashSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use blockhouse_keys::{LearningContextKey, UsageKey};
use percent_encoding::percent_decode_str;

use super::asset_name::cleaned;
use super::index::{FILES, FORMAT, INDEX, Index, PLACES, STATIC, TEXTS, asset_key};
use super::texts::Texts;
use crate::{ContentError, Definition, Recent};

/// How many bytes of definitions one context keeps in memory. Enough for all of an ordinary course.
const CACHED_BYTES: usize = 16 << 20;

/// One imported course or library, at its current version. A value keeps showing the version that it was made from.
pub struct PublishedContext {
    path: PathBuf,
    key: LearningContextKey,
    title: String,
    root: UsageKey,
    blocks: usize,
    texts: Texts,
    recent: Recent<UsageKey, Arc<Definition>>,
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
        Ok(Self {
            path: path.to_owned(),
            key: index.context,
            title: index.title,
            root: index.root,
            blocks: index.blocks,
            texts: Texts::open(&path.join(TEXTS), &path.join(PLACES))?,
            // Nothing is too large for it: a problem that a whole class reads is read once.
            recent: Recent::with_largest(CACHED_BYTES, CACHED_BYTES),
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

    /// Reads the definition of a block, and says how much memory it takes, about.
    fn read(&self, usage: &UsageKey) -> Result<(Definition, usize), ContentError> {
        let text = self.texts.get(usage.as_str())?;
        let text = text.ok_or_else(|| ContentError::NoSuchBlock(usage.clone()))?;
        let damaged = |reason| ContentError::damaged(self.path.join(TEXTS), reason);
        let definition: Definition =
            serde_json::from_slice(&text).map_err(|error| damaged(error.to_string()))?;
        if definition.usage != *usage {
            return Err(damaged(format!("it has `{}` in the place of `{usage}`", definition.usage)));
        }
        Ok((definition, size_of::<Definition>() + text.len()))
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
        if let Some(known) = self.recent.get(usage) {
            return Ok(known);
        }
        let (definition, bytes) = self.read(usage)?;
        let definition = Arc::new(definition);
        self.recent.keep(usage.clone(), Arc::clone(&definition), bytes);
        Ok(definition)
    }

    /// How many blocks there are.
    pub fn block_count(&self) -> usize {
        self.blocks
    }

    /// All blocks, each before its children.
    ///
    /// # Errors
    /// As [`definition`](Self::definition).
    pub fn usages(&self) -> Result<Vec<UsageKey>, ContentError> {
        let mut open = vec![self.root.clone()];
        let (mut met, mut usages) = (HashSet::new(), Vec::new());
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
        file(name).or_else(|| file(&decoded)).or_else(|| file(&self.asset_name(&cleaned(&decoded))?))
    }

    /// The own name of an asset that keys know under another one.
    fn asset_name(&self, known: &str) -> Option<String> {
        let name = self.texts.get(&asset_key(known)).unwrap_or_else(|error| {
            tracing::error!(%error, asset = known, "cannot look up an asset");
            None
        });
        name.and_then(|name| String::from_utf8(name).ok()).filter(|name| cleaned(name) == known)
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
