//! Courses and libraries: reading OLX, keeping it in immutable versions, and serving blocks from the current one.
//!
//! `import` turns a folder into a new version of a learning context in a [`ContentStore`]; the rest of the host
//! sees a context only through the trait [`LearningContext`]. This crate never runs a block and never keeps a
//! learner's state.

mod context;
mod fault;
mod hex;
mod import;
pub mod olx;
mod store;
mod xml;

pub use context::{ContentError, Definition, LearningContext};
pub use fault::Fault;
pub use import::{ImportError, ImportReport, Problem, Progress, Severity, find, import};
pub use store::ContentStore;
