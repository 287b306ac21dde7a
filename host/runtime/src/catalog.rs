//! The installed block types, by the tags that mean them, each in one or several versions.
//!
//! One version of a type is current; content that pins another one gets that. A call keeps the version that it began
//! with, whatever changes here meanwhile.

use std::collections::{BTreeMap, btree_map};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::Entry;

/// The shortest beginning of a digest that names a version.
const SHORTEST_DIGEST: usize = 8;

/// Looked up by type name or alias, in lower case (spec 2.13.1).
#[derive(Default)]
pub(crate) struct Catalog {
    types: RwLock<Types>,
}

#[derive(Default)]
struct Types {
    by_name: BTreeMap<String, Versions>,
    /// The name of the type that a tag means. A tag has one owner.
    owners: BTreeMap<String, String>,
}

/// The versions of one type.
#[derive(Default)]
struct Versions {
    /// The current one is the last.
    versions: Vec<Arc<Entry>>,
    /// The tags that it owns.
    tags: Vec<String>,
}

/// One version of a block type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstalledVersion {
    /// The type.
    pub block_type: String,
    /// The version that the package's author gave.
    pub version: String,
    /// SHA-256 of the package, in hex.
    pub digest: String,
    /// Whether content that pins no version gets this one.
    pub current: bool,
}

/// A package wants a tag that another block type has: which of the two the content means would depend on the order in
/// which they were installed (spec 2.13.2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{tag}` is a tag of the installed block type `{owner}`; remove that one, or choose another name")]
pub struct TagTaken {
    /// The tag.
    pub tag: String,
    /// Whose it is.
    pub owner: String,
}

impl Catalog {
    fn types(&self) -> RwLockReadGuard<'_, Types> {
        self.types.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn types_mut(&self) -> RwLockWriteGuard<'_, Types> {
        self.types.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a type may have the tags that it wants.
    ///
    /// # Errors
    /// Its name or an alias is another type's.
    pub(crate) fn check(&self, entry: &Entry) -> Result<(), TagTaken> {
        self.types().check(entry)
    }

    /// Adds a version. It is the current one if it is the first of its type.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub(crate) fn add(&self, entry: Entry) -> Result<(), TagTaken> {
        let mut types = self.types_mut();
        types.check(&entry)?;
        let name = entry.name.to_lowercase();
        let versions = &mut types.by_name.entry(name.clone()).or_default().versions;
        if !versions.iter().any(|version| version.digest == entry.digest) {
            versions.insert(0, Arc::new(entry));
        }
        types.retag(&name);
        Ok(())
    }

    /// Adds a version and makes it the current one of its type.
    ///
    /// # Errors
    /// As [`check`](Self::check).
    pub(crate) fn insert(&self, entry: Entry) -> Result<(), TagTaken> {
        let (name, digest) = (entry.name.clone(), entry.digest.clone());
        self.add(entry)?;
        self.choose(&name, &digest);
        Ok(())
    }

    /// The current version of the type that a tag means.
    pub(crate) fn get(&self, tag: &str) -> Option<Arc<Entry>> {
        self.types().meant(tag).and_then(Versions::current).cloned()
    }

    /// Each installed type once, in its current version.
    pub(crate) fn entries(&self) -> Vec<Arc<Entry>> {
        self.types().by_name.values().filter_map(Versions::current).cloned().collect()
    }

    /// A version of the type that a tag means: by its version, or by the beginning of its digest.
    pub(crate) fn version(&self, tag: &str, version: &str) -> Option<Arc<Entry>> {
        self.types().meant(tag).and_then(|found| found.named(version)).cloned()
    }

    /// Makes an installed version the current one, if there is one of this name.
    pub(crate) fn choose(&self, name: &str, version: &str) {
        let (mut types, name) = (self.types_mut(), name.to_lowercase());
        let Some(found) = types.by_name.get_mut(&name) else { return };
        let Some(chosen) = found.named(version).cloned() else { return };
        if found.current().is_some_and(|current| current.digest == chosen.digest) {
            return;
        }
        found.versions.retain(|version| version.digest != chosen.digest);
        found.versions.push(chosen);
        types.retag(&name);
    }

    /// Takes a version away. The last one takes the type along; of others, the latest becomes current.
    pub(crate) fn remove(&self, name: &str, digest: &str) {
        let (mut types, name) = (self.types_mut(), name.to_lowercase());
        if let Some(found) = types.by_name.get_mut(&name) {
            found.versions.retain(|version| version.digest != digest);
            types.retag(&name);
        }
    }

    /// All versions of all types, the current one of each last.
    pub(crate) fn versions(&self) -> Vec<InstalledVersion> {
        let types = self.types();
        let mut all = Vec::new();
        for Versions { versions, .. } in types.by_name.values() {
            let latest = versions.len();
            all.extend((1..).zip(versions).map(|(at, found)| found.installed(at == latest)));
        }
        all
    }
}

impl Types {
    fn meant(&self, tag: &str) -> Option<&Versions> {
        let owner = self.owners.get(tag).or_else(|| self.owners.get(&tag.to_lowercase()))?;
        self.by_name.get(owner)
    }

    fn check(&self, entry: &Entry) -> Result<(), TagTaken> {
        let name = entry.name.to_lowercase();
        let taken = entry.tags().find_map(|tag| {
            let owner = self.owners.get(&tag).filter(|owner| **owner != name)?.clone();
            Some(TagTaken { tag, owner })
        });
        taken.map_or(Ok(()), Err)
    }

    /// Gives a type the tags of its current version in place of those that it had; a type without a version goes.
    fn retag(&mut self, name: &str) {
        let Some(found) = self.by_name.get_mut(name) else { return };
        for tag in found.tags.drain(..) {
            self.owners.remove(&tag);
        }
        let Some(current) = found.versions.last().cloned() else {
            self.by_name.remove(name);
            return;
        };
        for tag in current.tags() {
            // Another type may have come by it since this version was installed.
            if let btree_map::Entry::Vacant(free) = self.owners.entry(tag) {
                found.tags.push(free.key().clone());
                free.insert(name.to_owned());
            }
        }
    }
}

/// Whether a text is enough of a digest to name it.
pub(crate) fn is_beginning(text: &str, digest: &str) -> bool {
    text.len() >= SHORTEST_DIGEST && digest.starts_with(text)
}

impl Versions {
    fn current(&self) -> Option<&Arc<Entry>> {
        self.versions.last()
    }

    /// Of two versions with one number, the later one is meant.
    fn named(&self, version: &str) -> Option<&Arc<Entry>> {
        self.versions
            .iter()
            .rev()
            .find(|found| found.version == version || is_beginning(version, &found.digest))
    }
}
