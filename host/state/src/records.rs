//! What a platform may do with learners' state beyond what a block's call does: look, export, reset.
//!
//! Reads go past damaged state and past keys that this host cannot parse: whoever exports wants what is there.

use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::{LearningContextKey, UsageKey};
use jiff::Timestamp;

use crate::{Revision, Score, StateError, Write};

/// One row of StudentModule: all `user_state` of one learner in one block, and the score (spec 4.1).
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    /// The row's number. It grows with time and is never used again.
    pub id: i64,
    /// The learner's number.
    pub learner: i64,
    /// The block's type.
    pub block_type: String,
    /// The usage key as it is stored, which may be of a kind that this host does not know.
    pub usage: String,
    /// The learning context's key as it is stored.
    pub context: String,
    /// The text of the JSON object of all fields, as it is stored. `None` in a row that has a score only.
    pub state: Option<Arc<str>>,
    /// The score, if there is one.
    pub score: Option<Score>,
    /// When the row came to be.
    pub created: Timestamp,
    /// When it changed last.
    pub modified: Timestamp,
}

/// What a row was after one of its changes. Only rows of scored blocks leave a history (spec 4.1).
#[derive(Clone, Debug, PartialEq)]
pub struct PastRecord {
    /// As in [`Record`].
    pub state: Option<Arc<str>>,
    /// As in [`Record`].
    pub score: Option<Score>,
    /// When this became so.
    pub created: Timestamp,
}

/// Whose rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordsOf {
    /// All learners' in one block.
    Block(UsageKey),
    /// All learners' in one learning context.
    Context(LearningContextKey),
    /// One learner's everywhere.
    Learner(UserId),
}

/// What to take away from one learner in one block.
#[derive(Clone, Debug)]
pub struct Reset {
    /// The learner.
    pub user: UserId,
    /// The block, on no branch and at no version.
    pub usage: UsageKey,
    /// How much.
    pub what: ResetKind,
    /// Milliseconds since 1970, for `modified`.
    pub now_ms: u64,
    /// What the block read when it was told, as in [`Commit`](crate::Commit).
    pub reads: Vec<(StoreKey, Revision)>,
    /// What the block changed when it was told. It is stored together with the reset, except for what that takes away.
    pub writes: Vec<Write>,
}

impl Reset {
    /// A reset of which no block is told.
    pub fn new(user: UserId, usage: UsageKey, what: ResetKind, now_ms: u64) -> Self {
        Self { user, usage, what, now_ms, reads: Vec::new(), writes: Vec::new() }
    }
}

/// How much a reset takes away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ResetKind {
    /// The score. All fields stay.
    Score,
    /// All `user_state` fields. The score stays.
    Fields,
    /// The row, with fields and score, as Open edX's "delete state" does (spec 4.3.4). Its history stays in its
    /// table, for audits, and is no longer found by [`Records::history`].
    Row,
}

/// The rows of learners, for those who run the platform.
#[async_trait]
pub trait Records: Send + Sync {
    /// The row of one learner in one block.
    async fn record(&self, user: &UserId, usage: &UsageKey) -> Result<Option<Record>, StateError>;

    /// Up to `limit` rows whose number is greater than `after`, by number. To export, ask again with the last number
    /// until nothing comes: memory stays bounded, and no transaction stays open while a slow reader takes its time.
    /// Rows that change meanwhile are exported as they are when their page is read.
    async fn records(&self, of: &RecordsOf, after: i64, limit: u32) -> Result<Vec<Record>, StateError>;

    /// What a learner's row in a block has been, newest first.
    async fn history(&self, user: &UserId, usage: &UsageKey) -> Result<Vec<PastRecord>, StateError>;

    /// Takes something away. It is a commit like any other: a handler that runs at the same time and has read what is
    /// taken away is run again. What is not there is no error. `Conflict` when the block's reads are out of date.
    async fn reset(&self, reset: Reset) -> Result<(), StateError>;

    /// Forgets the receipts of submissions that have not changed since `before_ms`, and says how many.
    async fn forget_receipts(&self, before_ms: u64) -> Result<u64, StateError>;
}
