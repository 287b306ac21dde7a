//! Where learners' state lives. A call reads one snapshot, runs against it, and commits once.
//!
//! Every store has the same promise (`StateStore`): a commit whose reads are out of date changes nothing and
//! answers `Conflict`, so that the caller can run its handler again on fresh state. A store never decides
//! who may see what, and never calls a block.

mod author;
mod check;
mod completions;
pub mod database;
mod ephemeral;
mod json;
mod outbox;
mod records;
mod state_object;
mod store;
mod stores;
mod student_module;

#[cfg(any(test, feature = "conformance"))]
#[doc(hidden)]
pub mod conformance;

pub use author::{AuthorReset, AuthorStore, SqlAuthorStore};
pub use completions::{Completion, Completions};
pub use database::{DatabaseUrl, InvalidDatabaseUrl};
pub use ephemeral::{Clock, EphemeralConfig, EphemeralStore, RedisStore};
pub use outbox::{Lease, Message, Outbox};
pub use records::{PastRecord, Record, Records, RecordsOf, Reset, ResetKind};
pub use store::{
    BlockRef, Commit, Event, EventKind, Grade, Revision, Score, Snapshot, StateError, StateStore, Stored,
    Write,
};
pub use stores::Stores;
pub use student_module::{LearnerStore, MySqlStore, PostgresStore, SqlStore, SqliteStore};
