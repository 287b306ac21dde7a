//! Definition keys: stored content, whoever uses it (spec 1.7.4 to 1.7.6).

mod aside;
mod bundle;
mod object;

pub use aside::AsideDefinitionKey;
pub use bundle::BundleDefinitionKey;
pub use object::ObjectDefinitionKey;

use crate::{
    error::Reason,
    text::{Parts, key_text},
};

/// The key of a block's stored content.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DefinitionKey {
    /// A definition in the course store.
    Object(ObjectDefinitionKey),
    /// A file of a bundle.
    Bundle(BundleDefinitionKey),
    /// What an aside keeps beside a definition.
    Aside(AsideDefinitionKey),
}

key_text!(DefinitionKey, "definition key");

impl DefinitionKey {
    /// The one place that knows which namespace belongs to which kind of definition.
    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        match text.split_once(':') {
            Some(("def-v1", _)) => ObjectDefinitionKey::read(text).map(Self::Object),
            Some(("bundle-olx", _)) => BundleDefinitionKey::read(text).map(Self::Bundle),
            Some(("aside-def-v1" | "aside-def-v2", _)) => AsideDefinitionKey::read(text).map(Self::Aside),
            _ => Err("its namespace must be def-v1, bundle-olx, aside-def-v1 or aside-def-v2".into()),
        }
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Object(key) => key.as_str(),
            Self::Bundle(key) => key.as_str(),
            Self::Aside(key) => key.as_str(),
        }
    }

    /// What messages call this kind of definition, such as `bundle definition key`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Object(_) => ObjectDefinitionKey::KIND,
            Self::Bundle(_) => BundleDefinitionKey::KIND,
            Self::Aside(_) => AsideDefinitionKey::KIND,
        }
    }

    /// The type of the block; of an aside, the type of the block that it stands beside.
    pub fn block_type(&self) -> &str {
        match self {
            Self::Object(key) => key.block_type(),
            Self::Bundle(key) => key.block_type(),
            Self::Aside(key) => key.definition_key().block_type(),
        }
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        match self {
            Self::Object(key) => key.parts(),
            Self::Bundle(key) => key.parts(),
            Self::Aside(key) => key.parts(),
        }
    }
}
