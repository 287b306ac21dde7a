//! The contract that every store keeps.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;

/// A block whose state is wanted.
#[derive(Clone, Debug)]
pub struct BlockRef {
    /// Which block, on no branch and at no version (`UsageKey::for_branch`), as in every `StoreKey`: learners'
    /// state belongs to a block whatever is published of it.
    pub usage: UsageKey,
    /// The fields of scope `user_state_summary`, by name.
    pub summary_fields: Vec<Arc<str>>,
    /// Whether the person's `user_state` is wanted, and the score with it.
    pub user_state: bool,
    /// Whether the person's `preferences` for this type are wanted.
    pub preferences: bool,
    /// Whether the person's `user_info` is wanted.
    pub user_info: bool,
    /// Whether the receipts of the person's submissions are wanted.
    pub receipts: bool,
    /// Files that the block keeps for the person, by name.
    pub own_files: Vec<Arc<str>>,
    /// Files that it keeps for everybody.
    pub shared_files: Vec<Arc<str>>,
}

impl BlockRef {
    /// All scopes of a block.
    pub fn whole(usage: UsageKey, summary_fields: Vec<Arc<str>>) -> Self {
        let all = Self { user_state: true, preferences: true, user_info: true, ..Self::nothing(usage) };
        Self { summary_fields, ..all }
    }

    /// Nothing of a block yet.
    pub fn nothing(usage: UsageKey) -> Self {
        Self {
            usage,
            summary_fields: Vec::new(),
            user_state: false,
            preferences: false,
            user_info: false,
            receipts: false,
            own_files: Vec::new(),
            shared_files: Vec::new(),
        }
    }

    /// A person's state and score in a block.
    pub fn user_state(usage: UsageKey) -> Self {
        Self { user_state: true, ..Self::nothing(usage) }
    }
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

impl Score {
    /// A score of numbers with `0 <= earned <= possible`; none of others.
    pub fn checked(earned: f64, possible: f64) -> Option<Self> {
        (possible.is_finite() && (0.0..=possible).contains(&earned)).then_some(Self { earned, possible })
    }
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
    /// always among them, but files: in their place stands the list of them, which changes along.
    pub reads: Vec<(StoreKey, Revision)>,
    /// What it wrote. Never the same key twice.
    pub writes: Vec<Write>,
    /// What it published, in order.
    pub events: Vec<Event>,
    /// Milliseconds since 1970, for `created` and `modified`.
    pub now_ms: u64,
}

/// Why a store could not do it. Whatever the reason, nothing of the commit was stored.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// Somebody else's commit came first.
    #[error("the state changed while the block ran; run the call again")]
    Conflict,
    /// A key or value does not fit its place.
    #[error("the {what} is longer than {limit}, which is all that this store takes; shorten it")]
    TooLong {
        /// Which part.
        what: &'static str,
        /// The limit: characters of a column, or bytes of a store in memory.
        limit: usize,
    },
    /// A value to be stored is not JSON.
    #[error("the value of the field `{field}` is not JSON; a field holds JSON text")]
    NotJson {
        /// The field.
        field: Arc<str>,
        /// Where the text goes wrong.
        #[source]
        source: serde_json::Error,
    },
    /// A number in an event has no meaning.
    #[error("the {what} published by `{usage}` must be {expected}")]
    OutOfRange {
        /// Which number.
        what: &'static str,
        /// Whose event.
        usage: UsageKey,
        /// What would be right.
        expected: &'static str,
    },
    /// What is stored cannot be read, so it is neither used nor overwritten.
    #[error("the stored state of `{usage}` is not a JSON object; repair or delete that row")]
    Damaged {
        /// Whose state.
        usage: UsageKey,
        /// Where the text goes wrong.
        #[source]
        source: Arc<serde_json::Error>,
    },
    /// The store does not keep the state of this person, or the commit touches somebody else's.
    #[error("the state of {0:?} has no place here; each kind of person has a store of its own")]
    WrongUser(UserId),
    /// The database failed.
    #[error("the state store is not available; try again later")]
    Unavailable(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

/// A place for the four learner scopes.
#[async_trait]
pub trait StateStore: Send + Sync {
    /// The state of `user` in `blocks`, in the scopes that are wanted, as it was at one moment, with at most one query.
    ///
    /// A block whose stored state is damaged looks unset; a commit that touches it answers `Damaged`.
    async fn load(&self, user: &UserId, blocks: &[BlockRef]) -> Result<Snapshot, StateError>;

    /// Stores all of `commit`, or nothing. A commit without writes and events changes nothing and costs nothing.
    ///
    /// Once begun, a commit may still take place when the future is dropped.
    async fn commit(&self, commit: Commit) -> Result<(), StateError>;

    /// Whether the store answers now; for `/readyz`.
    async fn ready(&self) -> Result<(), StateError>;
}
