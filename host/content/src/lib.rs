//! Courses and libraries: reading OLX, keeping it in immutable versions, and serving blocks from the current one.
//!
//! `import` turns a folder into a new version of a learning context in a [`ContentStore`]; the rest of the host sees a
//! context only through the traits [`ContextKind`] and [`LearningContext`]. This crate never runs a block and never
//! keeps a learner's state.

mod archive;
mod author_file;
pub mod bundles;
mod context;
mod definition;
mod documents;
mod error;
mod export;
mod fault;
mod hex;
mod import;
pub mod libraries;
mod names;
pub mod olx;
mod recent;
mod storage;
mod store;
mod xml;

pub use archive::ArchiveError;
pub use author_file::AuthorFile;
pub use context::{
    Access, ContextKind, Edit, ImportedContexts, IntroducedPeople, LearningContext, LearningContexts,
    ListedPeople, NamespaceTaken, NobodyKnown, NotAVersion, PLUGINS, People, Person, Version,
};
pub use definition::Definition;
pub use documents::{ContextDocument, DocumentError, Documents, MAX_DOCUMENT, NewDocument};
pub use error::ContentError;
pub use export::{ExportError, export};
pub use fault::Fault;
pub use import::{ImportError, ImportReport, Problem, Progress, Severity, find, import};
pub use recent::Recent;
pub use storage::{Digest, Finding, Fsck, NotADigest, Storage, StorageError};
pub use store::{ContentStore, PublishedContext};
