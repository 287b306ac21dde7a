//! What a field is: its type, its scope, its declaration, and the key under which a store keeps it.
//!
//! Everything here is a pure function of its arguments. This crate never reads a store, a clock or a file.

mod declaration;
mod definition;
mod scope;
mod store_key;

pub use declaration::{FieldDeclaration, FieldType};
pub use definition::{BlockDefinition, CompletionMode};
pub use scope::{BlockScope, Scope, UserScope};
pub use store_key::{StoreKey, UserId};
