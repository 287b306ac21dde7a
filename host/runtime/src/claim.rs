//! A visitor who signs in may keep the answers from before, where the platform allows it ([`Policy::claimable`]).
//!
//! What the visitor left behind is taken out of the visitors' store first and then stored for the learner, so that no
//! two learners can come to have it. Only what the learner has not set yet is filled in; a block's files come along
//! where the learner has none in that block, so that they stay within their bounds. What visitors share stays theirs,
//! and a score is not an answer: the learner earns it by answering again.
//!
//! [`Policy::claimable`]: crate::Policy::claimable

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use blockhouse_content::ContentError;
use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;
use blockhouse_state::{BlockRef, Commit, Revision, StateError, StateStore, Write};

use crate::commit::with_retries;
use crate::kept_files::{list_of_file, named_in, with_list};
use crate::{Runtime, RuntimeError};

/// Blocks that are asked for at once.
const CHUNK: usize = 500;

/// What somebody has set, as JSON text.
type Values = HashMap<StoreKey, Arc<str>>;

impl Runtime {
    /// Whether a visitor has left answers behind that a learner could keep.
    ///
    /// # Errors
    /// The store of visitors is not available, or the content cannot be read.
    pub async fn has_claimable_answers(&self, anonymous: &Arc<str>) -> Result<bool, RuntimeError> {
        let user = UserId::Anonymous(anonymous.clone());
        Ok(!values(&*self.inner.parts.visitors, &user, &self.claimable_blocks().await?).await?.is_empty())
    }

    /// Gives a learner the answers that a visitor has left behind, once, and says how many values were filled in.
    ///
    /// # Errors
    /// A store is not available; then the visitor has the answers still, unless the visitors' store goes away meanwhile.
    pub async fn claim(&self, anonymous: &Arc<str>, learner: i64) -> Result<usize, RuntimeError> {
        let (visitor, learner) = (UserId::Anonymous(anonymous.clone()), UserId::Learner(learner));
        let visitors = &*self.inner.parts.visitors;
        let blocks = self.claimable_blocks().await?;
        let taken = with_retries(|| async {
            let found = values(visitors, &visitor, &blocks).await?;
            if !found.is_empty() {
                visitors.commit(self.change(&visitor, &found, &Values::new())).await?;
            }
            Ok(found)
        })
        .await?;
        let theirs: Values =
            taken.iter().filter_map(|(key, value)| Some((of(key, &learner)?, value.clone()))).collect();
        let filled = with_retries(|| self.fill_in(&learner, &blocks, &theirs)).await;
        if filled.is_err() && !taken.is_empty() {
            let back = self.change(&visitor, &Values::new(), &taken);
            if let Err(error) = visitors.commit(back).await {
                tracing::error!(%error, "a visitor's answers could not be kept, and not be given back");
            }
        }
        filled
    }

    /// Sets what the learner has not set.
    async fn fill_in(
        &self,
        learner: &UserId,
        blocks: &[UsageKey],
        theirs: &Values,
    ) -> Result<usize, RuntimeError> {
        let before = values(&*self.inner.parts.learners, learner, blocks).await?;
        let new: Values = theirs
            .iter()
            .filter(|(key, _)| !before.contains_key(&list_of_file(key).unwrap_or_else(|| (*key).clone())))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if !new.is_empty() {
            self.inner.parts.learners.commit(self.change(learner, &Values::new(), &new)).await?;
        }
        Ok(new.len())
    }

    /// A commit that makes `after` of `before`.
    fn change(&self, user: &UserId, before: &Values, after: &Values) -> Commit {
        let keys: BTreeSet<&StoreKey> = before.keys().chain(after.keys()).collect();
        Commit {
            user: user.clone(),
            reads: keys.iter().map(|key| ((*key).clone(), Revision(before.get(key).cloned()))).collect(),
            writes: keys
                .iter()
                .map(|key| Write { key: (*key).clone(), value: after.get(key).cloned() })
                .collect(),
            events: Vec::new(),
            now_ms: (self.inner.parts.clock)(),
        }
    }

    /// The blocks of all contexts where it is allowed. One that is not there has nothing that could be kept.
    async fn claimable_blocks(&self) -> Result<Vec<UsageKey>, RuntimeError> {
        let mut blocks = Vec::new();
        for key in &self.policy().claimable {
            match self.contexts().open(key).await {
                Ok(context) => blocks.extend(context.usages().await?),
                Err(ContentError::NoSuchContext(_) | ContentError::NoSuchKind(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(blocks)
    }
}

/// What a person has set in these blocks, for their types, and everywhere, and the files that the blocks keep for the
/// person.
async fn values(store: &dyn StateStore, user: &UserId, blocks: &[UsageKey]) -> Result<Values, StateError> {
    let mut found = Values::new();
    for chunk in blocks.chunks(CHUNK) {
        let whole = |usage: &UsageKey| with_list(BlockRef::whole(usage.clone(), Vec::new()));
        let blocks: Vec<_> = chunk.iter().map(whole).collect();
        let values = store.load(user, &blocks).await?.values;
        let files: Vec<_> = values.iter().filter_map(|(key, stored)| named_in(key, &stored.json)).collect();
        // A list that changes in between is noticed when it is compared at the commit.
        let files = if files.is_empty() { HashMap::new() } else { store.load(user, &files).await?.values };
        found.extend(values.into_iter().chain(files).map(|(key, stored)| (key, stored.json)));
    }
    Ok(found)
}

/// The same field of somebody else; none for what is nobody's own.
fn of(key: &StoreKey, user: &UserId) -> Option<StoreKey> {
    match key {
        StoreKey::UserState(_, usage, field) => {
            Some(StoreKey::UserState(user.clone(), usage.clone(), field.clone()))
        }
        StoreKey::Preferences(_, block_type, field) => {
            Some(StoreKey::Preferences(user.clone(), block_type.clone(), field.clone()))
        }
        StoreKey::UserInfo(_, field) => Some(StoreKey::UserInfo(user.clone(), field.clone())),
        StoreKey::File(Some(_), usage, name) => {
            Some(StoreKey::File(Some(user.clone()), usage.clone(), name.clone()))
        }
        StoreKey::UserStateSummary(..) | StoreKey::Receipts(..) | StoreKey::File(None, ..) => None,
    }
}
