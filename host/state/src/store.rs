//! The contract that every store keeps.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;

/// The learning-context key as it stands in the `course_id` column.
pub type CourseKeyText = Arc<str>;

/// A block whose state is wanted.
#[derive(Clone, Debug)]
pub struct BlockRef {
    /// Which block.
    pub usage: UsageKey,
    /// The fields of scope `user_state_summary`, by name.
    pub summary_fields: Vec<Arc<str>>,
}

/// What a value was when it was read: the stored text itself, or nothing. A store compares it at commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revision(pub Option<Arc<str>>);

/// One stored value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// JSON text.
    pub json: Arc<str>,
}

/// The state of one person in a set of blocks, as it was at one moment. A key that is absent was never set.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Value by key.
    pub values: HashMap<StoreKey, Stored>,
    /// The score of each block that has one.
    pub scores: HashMap<UsageKey, Score>,
}

/// A raw score as it stands in StudentModule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Points earned.
    pub earned: f64,
    /// Points possible.
    pub possible: f64,
}

/// One change. `value` is JSON text; `None` forgets the field.
#[derive(Clone, Debug)]
pub struct Write {
    /// What changes.
    pub key: StoreKey,
    /// The new value.
    pub value: Option<Arc<str>>,
}

/// A score to be stored for `Commit::user`.
#[derive(Clone, Debug)]
pub struct Grade {
    /// The graded block.
    pub usage: UsageKey,
    /// The score.
    pub score: Score,
    /// Keep the stored score when its ratio is higher (spec 4.3.3).
    pub only_if_higher: bool,
}

/// What happened, for the platform.
#[derive(Clone, Debug)]
pub struct Event {
    /// The block that says so.
    pub usage: UsageKey,
    /// What it says.
    pub kind: EventKind,
}

/// The kinds of published events (spec 2.11).
#[derive(Clone, Debug)]
pub enum EventKind {
    /// A raw score.
    Grade(Grade),
    /// From 0.0 to 1.0.
    Completion(f64),
    /// Anything else: name and JSON text.
    Other(String, Arc<str>),
}

/// All that one call wrote, to be stored together or not at all.
#[derive(Clone, Debug)]
pub struct Commit {
    /// Whose call it was.
    pub user: UserId,
    /// What the call read, with what it found. Any difference is a conflict. Keys that are written are
    /// always among them.
    pub reads: Vec<(StoreKey, Revision)>,
    /// What it wrote. Never the same key twice.
    pub writes: Vec<Write>,
    /// What it published, in order.
    pub events: Vec<Event>,
    /// Milliseconds since 1970, for `created` and `modified`.
    pub now_ms: u64,
}

/// Why a store could not do it.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Somebody else's commit came first. Nothing was stored; run again on a fresh snapshot.
    #[error("the state changed while the block ran; run the call again")]
    Conflict,
    /// A key or value does not fit its column. Nothing was stored.
    #[error("{what} is longer than the {limit} characters that the state table takes")]
    TooLong {
        /// Which part.
        what: &'static str,
        /// The column's size.
        limit: usize,
    },
    /// The store cannot keep state of this kind of person.
    #[error("this store does not keep the state of {0:?}")]
    WrongUser(UserId),
    /// The database failed.
    #[error("the state store is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// A place for the four learner scopes.
#[async_trait]
pub trait StateStore: Send + Sync {
    /// The state of `user` in `blocks`, all scopes, with at most one query per table.
    async fn load(&self, user: &UserId, blocks: &[BlockRef]) -> Result<Snapshot, StateError>;

    /// Stores all of `commit`, durably, or nothing.
    async fn commit(&self, commit: Commit) -> Result<(), StateError>;

    /// Whether the store answers now; for `/readyz`.
    async fn ready(&self) -> Result<(), StateError>;
}
