//! Legacy library keys: `library-v1:org+library` (spec 1.3). Their blocks lived among the courses;
//! they are read so that references in old courses can be understood.

use std::sync::Arc;

use crate::{
    InvalidKey, LegacyLibraryUsageKey,
    characters::Class,
    error::Reason,
    locator::{self, Locator},
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "library-v1:";

/// A library of the first kind, perhaps on a branch and at a version; it may also be a version
/// alone.
///
/// `library-v1:org+library+run` is refused: the reference drops the run (quirk, spec 1.3.1).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LegacyLibraryKey {
    text: Arc<str>,
}

key_text!(LegacyLibraryKey, "legacy library key");
ordered_by_parts!(LegacyLibraryKey);

impl LegacyLibraryKey {
    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let rest = text.strip_prefix(NAMESPACE).ok_or("it must be library-v1:ORG+LIBRARY")?;
        Ok(Self::from_locator(Locator::read(rest, locator::LEGACY_LIBRARY, Class::Id)?.only_context()?))
    }

    /// The key of a context that the `+` grammar has accepted.
    pub(crate) fn from_locator(context: &str) -> Self {
        Self { text: [NAMESPACE, context].concat().into() }
    }

    pub(crate) fn locator(&self) -> &str {
        self.text.strip_prefix(NAMESPACE).unwrap_or_default()
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The organisation; `None` when the key is a version alone.
    pub fn org(&self) -> Option<&str> {
        locator::unlabelled(self.locator(), 0)
    }

    /// The library within the organisation; `None` when the key is a version alone.
    pub fn library(&self) -> Option<&str> {
        locator::unlabelled(self.locator(), 1)
    }

    /// The branch, such as `library`.
    pub fn branch(&self) -> Option<&str> {
        locator::labelled(self.locator(), "branch")
    }

    /// The version: 24 hexadecimal digits.
    pub fn version(&self) -> Option<&str> {
        locator::labelled(self.locator(), "version")
    }

    /// The same library on another branch, or on none. The version is dropped: it belonged to the
    /// old branch.
    ///
    /// # Errors
    /// When the branch has a wrong character, and when the key is a version alone.
    pub fn for_branch(&self, branch: Option<&str>) -> Result<Self, InvalidKey> {
        self.with(branch, None)
    }

    /// The same library and branch at this version.
    ///
    /// # Errors
    /// When it is not 24 hexadecimal digits.
    pub fn for_version(&self, version: &str) -> Result<Self, InvalidKey> {
        self.with(self.branch(), Some(version))
    }

    /// The same library and branch at no version.
    ///
    /// # Errors
    /// When the key is a version alone.
    pub fn version_agnostic(&self) -> Result<Self, InvalidKey> {
        self.with(self.branch(), None)
    }

    /// The key of a block in this library.
    ///
    /// # Errors
    /// When the type or the id is empty or has a wrong character.
    pub fn make_usage_key(
        &self,
        block_type: &str,
        block_id: &str,
    ) -> Result<LegacyLibraryUsageKey, InvalidKey> {
        LegacyLibraryUsageKey::new(self, block_type, block_id)
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![
            ("org", self.org()),
            ("library", self.library()),
            ("branch", self.branch()),
            ("version_guid", self.version()),
        ]
    }

    fn with(&self, branch: Option<&str>, version: Option<&str>) -> Result<Self, InvalidKey> {
        match locator::with(self.locator(), branch, version) {
            Ok(context) => Ok(Self::from_locator(&context)),
            Err(reason) => Err(InvalidKey::new(Self::KIND, self.as_str(), reason)),
        }
    }

    fn order(&self) -> impl Ord + '_ {
        (self.org(), self.library(), self.branch(), self.version(), self.as_str())
    }
}
