//! How much of each block a learner has done (spec 3.9.6), for progress displays and for those who run the platform.

use async_trait::async_trait;
use blockhouse_fields::UserId;
use blockhouse_keys::{LearningContextKey, UsageKey};
use jiff::Timestamp;

use crate::StateError;

/// One row of BlockCompletion.
#[derive(Clone, Debug, PartialEq)]
pub struct Completion {
    /// The usage key as it is stored.
    pub usage: String,
    /// The block's type.
    pub block_type: String,
    /// From 0.0 to 1.0.
    pub fraction: f64,
    /// When it changed last.
    pub modified: Timestamp,
}

/// Reads completion. It is written by the `completion` events of a commit.
#[async_trait]
pub trait Completions: Send + Sync {
    /// How much of a block a learner has done.
    async fn completion(&self, user: &UserId, usage: &UsageKey) -> Result<Option<Completion>, StateError>;

    /// What a learner has done in a learning context, ordered by usage key. Nobody else has completion.
    async fn completions(
        &self,
        user: &UserId,
        context: &LearningContextKey,
    ) -> Result<Vec<Completion>, StateError>;
}
