//! Usage keys in a legacy library: `lib-block-v1:ORG+LIBRARY+type@T+block@ID` (spec 1.3).

use std::sync::Arc;

use crate::{
    InvalidKey, LegacyLibraryKey,
    characters::Class,
    error::Reason,
    locator::{self, Locator},
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "lib-block-v1:";

/// A block of a library of the first kind.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LegacyLibraryUsageKey {
    text: Arc<str>,
    library: LegacyLibraryKey,
}

key_text!(LegacyLibraryUsageKey, "legacy library usage key");
ordered_by_parts!(LegacyLibraryUsageKey);

impl LegacyLibraryUsageKey {
    pub(crate) fn new(
        library: &LegacyLibraryKey,
        block_type: &str,
        block_id: &str,
    ) -> Result<Self, InvalidKey> {
        let text = format!("{NAMESPACE}{}+type@{block_type}+block@{block_id}", library.locator());
        for (name, part) in [("block type", block_type), ("block id", block_id)] {
            Class::Id.check(name, part).map_err(|reason| InvalidKey::new(Self::KIND, &*text, reason))?;
        }
        Ok(Self { text: text.into(), library: library.clone() })
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let rest =
            text.strip_prefix(NAMESPACE).ok_or("it must be lib-block-v1:ORG+LIBRARY+type@TYPE+block@ID")?;
        let read = Locator::read(rest, locator::LEGACY_LIBRARY, Class::Id)?;
        Ok(Self { text: text.into(), library: LegacyLibraryKey::from_locator(read.context_of_block()?) })
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The library.
    pub fn library_key(&self) -> &LegacyLibraryKey {
        &self.library
    }

    /// The type of the block.
    pub fn block_type(&self) -> &str {
        locator::labelled(self.locator(), "type").unwrap_or_default()
    }

    /// The block's name within the library and its type.
    pub fn block_id(&self) -> &str {
        locator::labelled(self.locator(), "block").unwrap_or_default()
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![
            ("library_key", Some(self.library.as_str())),
            ("block_type", Some(self.block_type())),
            ("block_id", Some(self.block_id())),
        ]
    }

    fn locator(&self) -> &str {
        self.text.strip_prefix(NAMESPACE).unwrap_or_default()
    }

    fn order(&self) -> impl Ord + '_ {
        (&self.library, self.block_type(), self.block_id())
    }
}
