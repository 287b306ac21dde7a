//! Container keys: `lct:ORG:SLUG:TYPE:ID` (spec 1.7.1).

use std::sync::Arc;

use crate::{
    InvalidKey, LibraryKey,
    characters::Class,
    colons::{self, ORG, SLUG},
    error::Reason,
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "lct:";

/// A container of a content library, such as a unit. Which types of container exist is not for the
/// key to say.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ContainerKey {
    text: Arc<str>,
    library: LibraryKey,
}

key_text!(ContainerKey, "container key");
ordered_by_parts!(ContainerKey);

impl ContainerKey {
    pub(crate) fn new(library: &LibraryKey, container_type: &str, id: &str) -> Result<Self, InvalidKey> {
        format!("{NAMESPACE}{}:{}:{container_type}:{id}", library.org(), library.slug()).parse()
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let rest = text.strip_prefix(NAMESPACE).ok_or("it must be lct:ORG:SLUG:TYPE:ID")?;
        let fields = [ORG, SLUG, ("container type", Class::AsciiSlug), ("container id", Class::Slug)];
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

    /// The type of the container, such as `unit`, `subsection` or `section`.
    pub fn container_type(&self) -> &str {
        colons::part(&self.text, 3)
    }

    /// The container's name within the library and its type.
    pub fn container_id(&self) -> &str {
        colons::part(&self.text, 4)
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![
            ("lib_key", Some(self.library.as_str())),
            ("container_type", Some(self.container_type())),
            ("container_id", Some(self.container_id())),
        ]
    }

    fn order(&self) -> impl Ord + '_ {
        (&self.library, self.container_type(), self.container_id())
    }
}
