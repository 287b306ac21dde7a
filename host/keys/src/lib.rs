//! Opaque keys: the names by which learning platforms of the Open edX family refer to courses,
//! libraries, blocks and files (spec 1). No I/O, and no opinion on whether what a key names exists.
//!
//! A key is a text in a namespace. Each kind of key is a type; reading is [`str::parse`], printing
//! is `Display`, serde writes the text. What was read is printed again as it was, except for the
//! few aliases of a namespace that have one canonical form. Clones are cheap and keys are never
//! changed in place.
//!
//! | to name | type | texts |
//! |---|---|---|
//! | a learning context | [`LearningContextKey`] | those of the next four |
//! | a course | [`CourseKey`] | `course-v1:…`, deprecated `org/course/run` |
//! | a library | [`LibraryKey`] | `lib:…` |
//! | a library of the first kind | [`LegacyLibraryKey`] | `library-v1:…` |
//! | a context that a plug-in brings | [`PluginContextKey`] | `x-KIND:…` |
//! | a block where it is used | [`UsageKey`] | `block-v1:…`, `lb:…`, `lib-block-v1:…`, `x-KIND-block:…`, `i4x://…` |
//! | a block's stored content | [`DefinitionKey`] | `def-v1:…`, `bundle-olx:…` |
//! | a course's file | [`AssetKey`] | `asset-v1:…`, deprecated `/c4x/…` |
//! | a library's collection | [`CollectionKey`] | `lib-collection:…` |
//! | a library's container | [`ContainerKey`] | `lct:…` |
//! | a type of block | [`BlockTypeKey`] | `problem`, `block-type-v1:…` |
//!
//! Asides, which stand beside blocks, have usage and definition keys of their own.
//!
//! # Where it is stricter than the reference
//!
//! Some texts are accepted by the reference by accident and then printed as something else, or hide
//! a character. They are refused here, and every type says which:
//!
//! - a newline at the end of a part, and control characters where the reference allows every
//!   character;
//! - parts that would be dropped: a block in a course key, a run in a legacy library key, an org or
//!   a branch beside a version that stands for the whole context;
//! - a block or asset without a type, which would be printed as type `None`;
//! - block-type keys that are empty or leave out the family or the type.
//!
//! Case is kept and distinguishes. Databases often do not distinguish it: `lib:Org:a` and
//! `lib:org:a` are two keys that may collide in a table. There is no maximum length; storage has
//! its own.

mod aside;
mod asset;
mod block_type;
mod characters;
mod collection;
mod colons;
mod container;
mod course;
mod definition;
mod error;
mod inspect;
mod learning_context;
mod legacy_library;
mod library;
mod locator;
mod plugin;
mod slashes;
mod text;
mod usage;

pub use asset::AssetKey;
pub use block_type::BlockTypeKey;
pub use collection::CollectionKey;
pub use container::ContainerKey;
pub use course::CourseKey;
pub use definition::{AsideDefinitionKey, BundleDefinitionKey, DefinitionKey, ObjectDefinitionKey};
pub use error::{CannotMap, InvalidKey};
pub use inspect::{Inspection, inspect};
pub use learning_context::LearningContextKey;
pub use legacy_library::LegacyLibraryKey;
pub use library::LibraryKey;
pub use plugin::PluginContextKey;
pub use text::Parts;
pub use usage::{
    AsideUsageKey, CourseUsageKey, LegacyLibraryUsageKey, LibraryUsageKey, PluginUsageKey, UsageKey,
};
