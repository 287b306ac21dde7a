//! Collection keys: `lib-collection:ORG:SLUG:ID` (spec 1.7.1).

use std::sync::Arc;

use crate::{
    InvalidKey, LibraryKey,
    characters::Class,
    colons::{self, ORG, SLUG},
    error::Reason,
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "lib-collection:";

/// A collection of a content library's blocks.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CollectionKey {
    text: Arc<str>,
    library: LibraryKey,
}

key_text!(CollectionKey, "collection key");
ordered_by_parts!(CollectionKey);

impl CollectionKey {
    pub(crate) fn new(library: &LibraryKey, id: &str) -> Result<Self, InvalidKey> {
        format!("{NAMESPACE}{}:{}:{id}", library.org(), library.slug()).parse()
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let rest = text.strip_prefix(NAMESPACE).ok_or("it must be lib-collection:ORG:SLUG:ID")?;
        let [org, slug, _] = colons::split(rest, [ORG, SLUG, ("collection id", Class::Slug)])?;
        Ok(Self { text: text.into(), library: LibraryKey::from_checked(org, slug) })
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The library.
    pub fn library_key(&self) -> &LibraryKey {
        &self.library
    }

    /// The collection's name within the library.
    pub fn collection_id(&self) -> &str {
        colons::part(&self.text, 3)
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![("lib_key", Some(self.library.as_str())), ("collection_id", Some(self.collection_id()))]
    }

    fn order(&self) -> impl Ord + '_ {
        (&self.library, self.collection_id())
    }
}
