//! OLX of any block, from its field declarations alone (spec 2.15).
//!
//! A block type that exports the WIT interface `olx` reads and writes its element itself; everything else goes
//! through here. Nothing here looks at files: pointers are resolved by the import.

mod children;
mod read;
mod write;

use std::collections::BTreeMap;

use blockhouse_fields::{BlockDefinition, FieldError};
use serde_json::Value;

use crate::Fault;
pub use children::with_children_of;
pub use read::{read, read_fields};
pub use write::write;

/// The name under which a block's leading text is a field (spec 2.15.1 d).
const CONTENT: &str = "content";

/// The attribute that names the framework. Written always, read never (spec 2.15.2).
const FAMILY: &str = "xblock-family";

/// Finds the definition of a block type, by the name that a tag has in lower case (spec 2.15.3).
pub type Types<'t> = dyn Fn(&str) -> Option<&'t BlockDefinition> + 't;

/// The fields that one element sets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OlxFields {
    /// The values by field name, in the form in which they are stored. Fields of every scope that OLX names are
    /// here; which of them content may set is the caller's to decide.
    pub values: BTreeMap<String, Value>,
    /// What was ignored, for the author.
    pub warnings: Vec<String>,
}

/// A block with the blocks inside it.
#[derive(Clone, Debug, PartialEq)]
pub struct OlxBlock {
    /// The tag, in the author's case (spec 2.15.3).
    pub block_type: String,
    /// Its fields.
    pub fields: OlxFields,
    /// Its children in order.
    pub children: Vec<OlxBlock>,
}

/// Why OLX cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum OlxError {
    /// The text is not XML, or not within bounds.
    #[error("{0}")]
    Malformed(Fault),
    /// A value is not of its field's type.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// An element inside a block that has no children.
    #[error(
        "`<{child}>` inside `<{block_type}>`, which has no child blocks; remove it, or escape it as `&lt;{child}&gt;` if it is text"
    )]
    NoChildren {
        /// The block.
        block_type: String,
        /// The element inside it.
        child: String,
    },
    /// There is no such block type.
    #[error("there is no block type `{0}`; install it or correct the tag")]
    NoSuchType(String),
}

#[cfg(test)]
mod golden;
#[cfg(test)]
mod tests;
