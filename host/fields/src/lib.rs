//! The fields of blocks: what a field is, which values it takes, under which key a store keeps it, and what a block's
//! reads and writes come to. Values are read and written exactly as the platforms of the Open edX family do
//! (spec 2.2 to 2.6).
//!
//! Everything here is a pure function of its arguments. This crate never reads a store, a clock or a file.
//!
//! | to | use |
//! |---|---|
//! | describe a block type and its fields | [`BlockDefinition`], [`FieldDeclaration`], [`FieldType`], [`Scope`] |
//! | check what somebody sets, read what is stored | [`FieldDeclaration::coerce`], [`FieldDeclaration::read_json`] |
//! | read and write OLX attributes | [`FieldDeclaration::read_text`], [`FieldDeclaration::write_text`] |
//! | convert single values | [`FieldType::from_json`] and its siblings, [`FieldValue`] |
//! | mediate a block's reads and writes during a call | [`BlockFields`], [`FieldSource`] |
//! | know the key of a value | [`StoreKey`], [`ScopeIds`] |
//!
//! ```
//! use blockhouse_fields::FieldDeclaration;
//! use jiff::civil::date;
//! use serde_json::json;
//!
//! let due: FieldDeclaration =
//!     serde_json::from_value(json!({ "name": "due", "type": "date", "scope": "settings" }))?;
//! let today = date(2031, 5, 1);
//! assert_eq!(due.read_text("'June 12, 9:30 pm'", today)?, json!("2031-06-12T21:30:00Z"));
//! assert_eq!(
//!     due.coerce(&json!("soon"), today).unwrap_err().to_string(),
//!     "field `due`: `\"soon\"` cannot be read as a date such as `2031-05-01T12:00:00Z`, or milliseconds since 1970",
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod block_fields;
mod collections;
mod conversion;
mod dates;
mod declaration;
mod definition;
mod digits;
mod durations;
mod error;
mod frame_library;
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
pub use frame_library::FrameLibrary;
pub use moment::Moment;
pub use scope::{BlockScope, Scope, UserScope};
pub use scope_key::ScopeIds;
pub use store_key::{StoreKey, UserId};
pub use value::FieldValue;
pub use yaml::YamlError;
