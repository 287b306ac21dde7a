//! How far a learner is: which blocks count (spec 2.11.3), and which of them are done. A block counts when its type is
//! installed here and can be completed; a visitor without an account has no progress.

use std::collections::HashSet;

use blockhouse_content::PublishedContext;
use blockhouse_keys::{LearningContextKey, UsageKey};
use blockhouse_runtime::Visitor;
use serde::Serialize;

use crate::error::HttpError;
use crate::outline::is_list;
use crate::state::AppState;

/// What a learner has done in one learning context.
pub(crate) struct Progress<'s> {
    state: &'s AppState,
    done: HashSet<String>,
}

/// How many blocks count, and how many of these are done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Tally {
    pub(crate) done: usize,
    pub(crate) total: usize,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.done += other.done;
        self.total += other.total;
    }
}

impl<'s> Progress<'s> {
    /// None for those who have no progress.
    pub(crate) async fn of(
        state: &'s AppState,
        visitor: &Visitor,
        context: &LearningContextKey,
    ) -> Result<Option<Self>, HttpError> {
        if visitor.is_anonymous() || !state.runtime().policy().completion {
            return Ok(None);
        }
        let completions = state.runtime().completions(visitor, context).await?;
        let whole = completions.into_iter().filter(|completion| completion.fraction >= 1.0);
        Ok(Some(Self { state, done: whole.map(|completion| completion.usage).collect() }))
    }

    /// Whether a block is done; none for one that does not count.
    pub(crate) fn is_done(&self, usage: &UsageKey) -> Option<bool> {
        let counts = self.state.runtime().is_completable(usage.block_type());
        counts.then(|| self.done.contains(usage.as_str()))
    }

    /// Of some blocks.
    pub(crate) fn tally<'u>(&self, usages: impl IntoIterator<Item = &'u UsageKey>) -> Tally {
        let mut tally = Tally::default();
        for is_done in usages.into_iter().filter_map(|usage| self.is_done(usage)) {
            tally.add(Tally { done: is_done.into(), total: 1 });
        }
        tally
    }

    /// Of everything that a unit's page shows. Only lists are read; one that cannot be read has nothing that counts.
    pub(crate) fn of_unit(&self, context: &PublishedContext, unit: &UsageKey) -> Tally {
        let (mut open, mut met, mut tally) = (vec![unit.clone()], HashSet::new(), Tally::default());
        while let Some(usage) = open.pop() {
            if !met.insert(usage.clone()) {
                continue;
            }
            if !is_list(usage.block_type()) {
                tally.add(self.tally([&usage]));
            } else if let Ok(definition) = context.definition(&usage) {
                open.extend(definition.children.iter().cloned());
            }
        }
        tally
    }
}
