//! Usage keys in a content library: `lb:ORG:SLUG:TYPE:ID` (spec 1.5).

use std::sync::Arc;

use crate::{
    InvalidKey, LibraryKey,
    characters::Class,
    colons::{self, ORG, SLUG},
    error::Reason,
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "lb:";

/// A block of a content library.
///
/// It has no version in it: a version is given beside the key. It has no definition key either,
/// since which content the key stands for is the learning context's to say (spec 1.5.2).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LibraryUsageKey {
    text: Arc<str>,
    library: LibraryKey,
}

key_text!(LibraryUsageKey, "library usage key");
ordered_by_parts!(LibraryUsageKey);

impl LibraryUsageKey {
    pub(crate) fn new(library: &LibraryKey, block_type: &str, id: &str) -> Result<Self, InvalidKey> {
        format!("{NAMESPACE}{}:{}:{block_type}:{id}", library.org(), library.slug()).parse()
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let rest = text.strip_prefix(NAMESPACE).ok_or("it must be lb:ORG:SLUG:TYPE:ID")?;
        let fields = [ORG, SLUG, ("block type", Class::AsciiSlug), ("block id", Class::Slug)];
        let [org, slug, _, _] = colons::split(rest, fields)?;
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

    /// The type of the block.
    pub fn block_type(&self) -> &str {
        colons::part(&self.text, 3)
    }

    /// The block's name within the library and its type.
    pub fn block_id(&self) -> &str {
        colons::part(&self.text, 4)
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![
            ("lib_key", Some(self.library.as_str())),
            ("block_type", Some(self.block_type())),
            ("usage_id", Some(self.block_id())),
        ]
    }

    fn order(&self) -> impl Ord + '_ {
        (&self.library, self.block_type(), self.block_id())
    }
}
