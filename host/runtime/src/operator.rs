//! What those who run the platform write into learners' state: scores and completion. Each is a commit like a handler's,
//! and its events leave by the outbox, too. What they read, they read from the store ([`Runtime::learners`]).

use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use blockhouse_state::{Commit, Event, EventKind, Grade, Score};

use crate::commit::with_retries;
use crate::{Runtime, RuntimeError};

impl Runtime {
    /// Gives a learner a score in a block. With `only_if_higher`, a better one stays (spec 4.3.3).
    ///
    /// # Errors
    /// The store is not available, or refuses the key or the numbers.
    pub async fn set_score(
        &self,
        learner: i64,
        usage: &UsageKey,
        score: Score,
        only_if_higher: bool,
    ) -> Result<(), RuntimeError> {
        let grade = Grade { usage: usage.clone(), score, only_if_higher };
        self.note(learner, usage, EventKind::Grade(grade)).await
    }

    /// Says how much of a block a learner has done, from 0.0 to 1.0.
    ///
    /// # Errors
    /// As [`Runtime::set_score`]; `CompletionOff`.
    pub async fn set_completion(
        &self,
        learner: i64,
        usage: &UsageKey,
        fraction: f64,
    ) -> Result<(), RuntimeError> {
        if !self.policy().completion {
            return Err(RuntimeError::CompletionOff);
        }
        self.note(learner, usage, EventKind::Completion(fraction)).await
    }

    async fn note(&self, learner: i64, usage: &UsageKey, kind: EventKind) -> Result<(), RuntimeError> {
        let commit = Commit {
            user: UserId::Learner(learner),
            reads: Vec::new(),
            writes: Vec::new(),
            events: vec![Event { usage: usage.clone(), kind }],
            now_ms: (self.inner.parts.clock)(),
        };
        with_retries(|| async { Ok(self.learners().commit(commit.clone()).await?) }).await
    }
}
