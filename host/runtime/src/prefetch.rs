//! One read per request: the state of the whole block tree, before any block runs.

use std::sync::Arc;

use blockhouse_fields::{Scope, UserId};
use blockhouse_state::{BlockRef, Snapshot, StateStore};

use crate::call::Stage;
use crate::mediate::Scene;
use crate::resolve::{Admitted, Loaded, Resolved};
use crate::{Runtime, RuntimeError, Visitor};

/// All that a call needs; from here on nothing waits for a store.
pub(crate) struct Prefetched {
    pub(crate) scene: Arc<Scene>,
}

impl Runtime {
    /// The one place where a kind of visitor decides the store (design, "Where fields live").
    pub(crate) fn store(&self, user: &UserId) -> &dyn StateStore {
        match user {
            UserId::Learner(_) => &*self.inner.parts.learners,
            UserId::Anonymous(_) => &*self.inner.parts.visitors,
            UserId::Author(_) => &*self.inner.parts.authors,
        }
    }

    pub(crate) async fn prefetch(
        &self,
        visitor: &Visitor,
        admitted: &Admitted,
        resolved: &Arc<Resolved>,
        stage: Stage,
    ) -> Result<Prefetched, RuntimeError> {
        let mut blocks: Vec<BlockRef> = resolved.runnable().filter_map(|block| wanted(block)).collect();
        if matches!(stage, Stage::Handler { receipts: true, .. }) {
            blocks.push(BlockRef { receipts: true, ..BlockRef::nothing(resolved.root.usage().clone()) });
        }
        let snapshot = match blocks.is_empty() {
            true => Snapshot::default(),
            false => self.store(&visitor.user).load(&visitor.user, &blocks).await?,
        };
        let scene = Scene {
            runtime: self.clone(),
            visitor: visitor.clone(),
            context: admitted.context.key().clone(),
            access: admitted.access,
            stage,
            resolved: Arc::clone(resolved),
            snapshot,
            now_ms: (self.inner.parts.clock)(),
        };
        Ok(Prefetched { scene: Arc::new(scene) })
    }
}

/// The scopes in which a block declares fields. No other has anything for it, so no other table is read.
fn wanted(block: &Loaded) -> Option<BlockRef> {
    let definition = block.block_type.definition();
    let declares = |scope| definition.fields_in(scope).next().is_some();
    let wanted = BlockRef {
        summary_fields: definition
            .fields_in(Scope::UserStateSummary)
            .map(|field| field.name.as_str().into())
            .collect(),
        user_state: declares(Scope::UserState),
        preferences: declares(Scope::Preferences),
        user_info: declares(Scope::UserInfo),
        ..BlockRef::nothing(block.usage().clone())
    };
    let any =
        wanted.user_state || wanted.preferences || wanted.user_info || !wanted.summary_fields.is_empty();
    any.then_some(wanted)
}
