//! The installed block types, by the tags that mean them, each in one or several versions.
//!
//! One version of a type is current; content that pins another one gets that. A call keeps the version that it began
//! with, whatever changes here meanwhile.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use blockhouse_fields::BlockDefinition;
use blockhouse_sandbox::BlockType;

use crate::Mediator;

/// The shortest beginning of a digest that names a version.
const SHORTEST_DIGEST: usize = 8;

/// Looked up by type name or alias, in lower case (spec 2.13.1).
#[derive(Default)]
pub(crate) struct Catalog {
    types: RwLock<BTreeMap<String, Versions>>,
}

/// The versions of one type.
struct Versions {
    /// The current one is the last.
    versions: Vec<BlockType<Mediator>>,
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
    fn types(&self) -> RwLockReadGuard<'_, BTreeMap<String, Versions>> {
        self.types.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a version and makes it the current one of its type.
    ///
    /// # Errors
    /// Its name or an alias is another type's.
    pub(crate) fn insert(&self, block_type: BlockType<Mediator>) -> Result<(), TagTaken> {
        let definition = Arc::clone(block_type.definition());
        let name = definition.name.to_lowercase();
        let mut types = self.types.write().unwrap_or_else(PoisonError::into_inner);
        for tag in definition.aliases.iter().chain([&definition.name]) {
            if let Some((owner, _)) =
                types.iter().find(|(other, found)| **other != name && found.means(other, tag))
            {
                return Err(TagTaken { tag: tag.clone(), owner: owner.clone() });
            }
        }
        types.entry(name).or_insert_with(|| Versions { versions: Vec::new() }).put(block_type);
        Ok(())
    }

    /// The current version of the type that a tag means.
    pub(crate) fn get(&self, tag: &str) -> Option<BlockType<Mediator>> {
        self.find(tag, Versions::current)
    }

    /// Each installed type once, in its current version.
    pub(crate) fn block_types(&self) -> Vec<BlockType<Mediator>> {
        self.types().values().filter_map(Versions::current).cloned().collect()
    }

    /// A version of the type that a tag means: by its version, or by the beginning of its digest.
    pub(crate) fn version(&self, tag: &str, version: &str) -> Option<BlockType<Mediator>> {
        self.find(tag, |versions| versions.named(version))
    }

    fn find(
        &self,
        tag: &str,
        pick: impl Fn(&Versions) -> Option<&BlockType<Mediator>>,
    ) -> Option<BlockType<Mediator>> {
        let types = self.types();
        let of_name = |tag: &str| types.get(tag);
        let of_alias =
            |tag: &str| types.iter().find(|(name, found)| found.means(name, tag)).map(|(_, found)| found);
        let found = of_name(tag).or_else(|| of_name(&tag.to_lowercase())).or_else(|| of_alias(tag))?;
        pick(found).cloned()
    }

    /// Makes an installed version the current one; false when there is none of this name.
    pub(crate) fn choose(&self, name: &str, version: &str) -> bool {
        let mut types = self.types.write().unwrap_or_else(PoisonError::into_inner);
        let Some(found) = types.get_mut(&name.to_lowercase()) else { return false };
        match found.named(version).cloned() {
            Some(chosen) => found.put(chosen),
            None => return false,
        }
        true
    }

    /// Takes a version away. The last one takes the type along; of others, the latest becomes current.
    pub(crate) fn remove(&self, name: &str, digest: &str) {
        let mut types = self.types.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = types.get_mut(&name.to_lowercase()) {
            found.versions.retain(|version| version.digest() != digest);
        }
        types.retain(|_, found| !found.versions.is_empty());
    }

    /// The current version of each type.
    pub(crate) fn definitions(&self) -> Vec<Arc<BlockDefinition>> {
        let types = self.types();
        types.values().filter_map(Versions::current).map(|found| Arc::clone(found.definition())).collect()
    }

    /// All versions of all types, the current one of each last.
    pub(crate) fn versions(&self) -> Vec<InstalledVersion> {
        let types = self.types();
        let versions =
            types.values().flat_map(|found| found.versions.iter().map(move |version| (found, version)));
        versions
            .map(|(found, version)| InstalledVersion {
                block_type: version.definition().name.clone(),
                version: version.definition().version.clone(),
                digest: version.digest().to_owned(),
                current: found.current().is_some_and(|current| current.digest() == version.digest()),
            })
            .collect()
    }
}

impl Versions {
    fn current(&self) -> Option<&BlockType<Mediator>> {
        self.versions.last()
    }

    /// Adds a version, or moves it, to where the current one is.
    fn put(&mut self, block_type: BlockType<Mediator>) {
        self.versions.retain(|version| version.digest() != block_type.digest());
        self.versions.push(block_type);
    }

    /// Of two versions with one number, the later one is meant.
    fn named(&self, version: &str) -> Option<&BlockType<Mediator>> {
        let is_digest = version.len() >= SHORTEST_DIGEST;
        self.versions.iter().rev().find(|found| {
            found.definition().version == version || (is_digest && found.digest().starts_with(version))
        })
    }

    /// Whether a tag means this type: its name in any case, or an alias of the current version.
    fn means(&self, name: &str, tag: &str) -> bool {
        let aliases = self.current().map(|current| &current.definition().aliases);
        name.eq_ignore_ascii_case(tag)
            || aliases.is_some_and(|aliases| aliases.iter().any(|alias| alias.eq_ignore_ascii_case(tag)))
    }
}
