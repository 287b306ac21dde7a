//! Taking away what a learner has in a block. The block is told while everything is still there, and what it changes then
//! is stored together with the reset: nobody sees one without the other. It cannot prevent the reset.

use std::collections::HashMap;
use std::sync::Arc;

use blockhouse_content::{Access, Version};
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::{Call, Export};
use blockhouse_state::{Reset, ResetKind, StateError, Write};

use crate::call::Stage;
use crate::changes::Changes;
use crate::commit::with_retries;
use crate::kept_files::forgetting;
use crate::prefetch::Prefetched;
use crate::resolve::{Admitted, Resolved};
use crate::{Runtime, RuntimeError, Visitor};

/// What to take away.
#[derive(Clone, Debug)]
pub struct ResetRequest {
    /// The learner's number.
    pub learner: i64,
    /// The block, which need not exist any more.
    pub usage: UsageKey,
    /// How much.
    pub what: ResetKind,
}

/// What the block had to do with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// It was told, and what it changed is stored.
    Told,
    /// It is not there any more, its type is not installed, or it does not want to know.
    NotWanted,
    /// It was told and failed; nothing of what it changed is stored. The reset took place.
    Failed(String),
}

impl Runtime {
    /// Takes away what a learner has in a block, after telling the block. What is not there is no error.
    ///
    /// # Errors
    /// The store is not available; `Busy`; `Conflict` when others changed the same state too many times in a row.
    #[tracing::instrument(skip_all, fields(usage = %request.usage, learner = request.learner))]
    pub async fn reset(&self, request: ResetRequest) -> Result<Notice, RuntimeError> {
        let ResetRequest { learner, usage, what } = request;
        let visitor = Visitor { user: UserId::Learner(learner), locale: "en".to_owned() };
        with_retries(|| async {
            let (notice, mut changes) = match self.hearing(&visitor, &usage).await? {
                Some(prefetched) => self.tell(prefetched, what).await?,
                None => (Notice::NotWanted, Changes::default()),
            };
            let now_ms = (self.inner.parts.clock)();
            if what != ResetKind::Score {
                // Nobody keeps a file that is about to go.
                changes.absorb(forgetting(self.store(&visitor.user), &visitor.user, &usage).await?);
            }
            let plain = Reset::new(visitor.user.clone(), usage.clone(), what, now_ms);
            let reset = Reset {
                reads: changes.reads.into_iter().collect(),
                writes: changes.writes.into_iter().map(|(key, value)| Write { key, value }).collect(),
                ..plain.clone()
            };
            match self.learners().reset(reset).await {
                // The block has looked at a row that nobody can read. That is what resets are for.
                Err(error @ StateError::Damaged { .. }) if notice == Notice::Told => {
                    self.learners().reset(plain).await?;
                    Ok(Notice::Failed(error.to_string()))
                }
                outcome => Ok(outcome.map(|()| notice)?),
            }
        })
        .await
    }

    /// The block with the learner's state before it, if it is there and wants to know of resets.
    async fn hearing(&self, visitor: &Visitor, usage: &UsageKey) -> Result<Option<Prefetched>, RuntimeError> {
        let version = Version::Published;
        let Ok(context) = self.contexts().open(&usage.context_key()).await else { return Ok(None) };
        let Ok(definition) = context.definition(usage, version).await else { return Ok(None) };
        let Ok(root) = self.load(Arc::clone(&definition), version).await else { return Ok(None) };
        if !root.block_type.exports().has(Export::Reset) {
            return Ok(None);
        }
        let admitted = Admitted { context, access: Access::Learn, version, definition };
        let resolved = Arc::new(Resolved { root, descendants: HashMap::new() });
        Ok(Some(self.prefetch(visitor, &admitted, &resolved, Stage::Reset).await?))
    }

    async fn tell(&self, prefetched: Prefetched, what: ResetKind) -> Result<(Notice, Changes), RuntimeError> {
        let call = Call::Reset { fields: what != ResetKind::Score, score: what != ResetKind::Fields };
        match self.call(prefetched, call).await {
            Ok(called) => Ok((Notice::Told, called.changes)),
            Err(RuntimeError::BlockFailed { source, .. }) => {
                Ok((Notice::Failed(source.to_string()), Changes::default()))
            }
            Err(error) => Err(error),
        }
    }
}
