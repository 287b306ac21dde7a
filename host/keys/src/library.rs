//! Library keys: `lib:ORG:SLUG` (spec 1.4).

use std::sync::Arc;

use crate::{
    CollectionKey, ContainerKey, InvalidKey, LibraryUsageKey,
    colons::{self, ORG, SLUG},
    error::Reason,
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "lib:";

/// A content library. It is a learning context and not a course.
///
/// The organisation is ASCII; the slug may have letters and digits of every script. A trailing
/// newline is refused, which the reference lets pass (quirk, spec 1.4.4).
///
/// ```
/// use blockhouse_keys::{CourseKey, LibraryKey};
///
/// let key: LibraryKey = "lib:EpsilonX:έψιλον".parse()?;
/// assert_eq!((key.org(), key.slug()), ("EpsilonX", "έψιλον"));
/// assert!("lib:EpsilonX:έψιλον".parse::<CourseKey>().is_err());
/// # Ok::<(), blockhouse_keys::InvalidKey>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LibraryKey {
    text: Arc<str>,
}

key_text!(LibraryKey, "library key");
ordered_by_parts!(LibraryKey);

impl LibraryKey {
    /// The key of a library of this organisation.
    ///
    /// # Errors
    /// When a part is empty or has a wrong character.
    pub fn new(org: &str, slug: &str) -> Result<Self, InvalidKey> {
        format!("{NAMESPACE}{org}:{slug}").parse()
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let rest = text.strip_prefix(NAMESPACE).ok_or("it must be lib:ORG:SLUG")?;
        colons::split(rest, [ORG, SLUG])?;
        Ok(Self { text: text.into() })
    }

    /// The key made of parts that the `:` grammar has accepted.
    pub(crate) fn from_checked(org: &str, slug: &str) -> Self {
        Self { text: [NAMESPACE, org, ":", slug].concat().into() }
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The organisation's short name.
    pub fn org(&self) -> &str {
        colons::part(&self.text, 1)
    }

    /// The library's name within the organisation.
    pub fn slug(&self) -> &str {
        colons::part(&self.text, 2)
    }

    /// The key of a block in this library.
    ///
    /// # Errors
    /// When the type or the id is empty or has a wrong character.
    pub fn make_usage_key(&self, block_type: &str, block_id: &str) -> Result<LibraryUsageKey, InvalidKey> {
        LibraryUsageKey::new(self, block_type, block_id)
    }

    /// The key of a collection in this library.
    ///
    /// # Errors
    /// When the id is empty or has a wrong character.
    pub fn make_collection_key(&self, id: &str) -> Result<CollectionKey, InvalidKey> {
        CollectionKey::new(self, id)
    }

    /// The key of a container in this library.
    ///
    /// # Errors
    /// When the type or the id is empty or has a wrong character.
    pub fn make_container_key(&self, container_type: &str, id: &str) -> Result<ContainerKey, InvalidKey> {
        ContainerKey::new(self, container_type, id)
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![("org", Some(self.org())), ("slug", Some(self.slug()))]
    }

    fn order(&self) -> impl Ord + '_ {
        (self.org(), self.slug())
    }
}
