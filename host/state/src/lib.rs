//! Where learners' state lives. A call reads one snapshot, runs against it, and commits once.
//!
//! Every store has the same promise (`StateStore`): a commit whose reads are out of date changes nothing and
//! answers `Conflict`, so that the caller can run its handler again on fresh state.

mod store;

pub use store::{
    BlockRef, Commit, CourseKeyText, Event, EventKind, Grade, Revision, Score, Snapshot, StateError, StateStore, Stored,
    Write,
};
