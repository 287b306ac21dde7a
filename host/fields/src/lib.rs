//! What a field is: its type, its scope, its declaration, and the key under which a store keeps it.
//!
//! Everything here is a pure function of its arguments. This crate never reads a store, a clock or a file.

mod block_fields;
mod collections;
mod conversion;
mod dates;
mod declaration;
mod definition;
mod digits;
mod durations;
mod error;
mod json_text;
mod lenient_date;
mod moment;
mod numbers;
mod scope;
mod scope_key;
mod store_key;
mod text;
mod value;
mod yaml;

pub use block_fields::{AccessError, BlockFields, Change, FieldSource, NoStore, Read};
pub use declaration::{FieldDeclaration, FieldType};
pub use definition::{BlockDefinition, CompletionMode};
pub use error::{ConversionError, FieldError};
pub use moment::Moment;
pub use scope::{BlockScope, Scope, UserScope};
pub use scope_key::ScopeIds;
pub use store_key::{StoreKey, UserId};
pub use value::FieldValue;
pub use yaml::YamlError;
