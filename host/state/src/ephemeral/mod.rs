//! Anonymous visitors' state, in memory.
//!
//! It is bounded in entries and bytes and forgets what is old: losing a value is allowed, mixing values up is
//! not. An entry is all that one visitor has in one place (a block, a block type, or everywhere), so a block's
//! fields are lost together or not at all. It never reaches a disk, and never becomes a learner's state.

mod cache;
mod redis;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use blockhouse_fields::UserId;

use self::cache::{Cache, Place};
pub use self::redis::RedisStore;
use crate::{BlockRef, Commit, Snapshot, StateError, StateStore, Stored, check};

/// Time that never goes back, from any starting point. A test passes one that it moves by hand.
pub type Clock = Arc<dyn Fn() -> Duration + Send + Sync>;

/// The bounds of an `EphemeralStore`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EphemeralConfig {
    /// Entries in the whole store. The least recently used goes first.
    pub entries: usize,
    /// Bytes in the whole store: keys and values with an estimate of what they cost to keep.
    pub bytes: usize,
    /// How long an entry lives after its last change.
    pub ttl: Duration,
}

impl Default for EphemeralConfig {
    /// A hundred thousand visitors of a few blocks each, for a day.
    fn default() -> Self {
        Self { entries: 500_000, bytes: 256 * 1024 * 1024, ttl: Duration::from_secs(24 * 60 * 60) }
    }
}

/// The state of this process's anonymous visitors. Keeps `UserId::Anonymous` only.
pub struct EphemeralStore {
    cache: Mutex<Cache>,
    clock: Clock,
}

impl EphemeralStore {
    /// An empty store with the machine's clock.
    pub fn new(config: EphemeralConfig) -> Self {
        let start = Instant::now();
        Self::with_clock(config, Arc::new(move || start.elapsed()))
    }

    /// An empty store with a clock of the caller's.
    pub fn with_clock(config: EphemeralConfig, clock: Clock) -> Self {
        Self { cache: Mutex::new(Cache::new(config)), clock }
    }

    /// Held for as long as it takes to copy pointers. Every change is complete before anything can panic, so
    /// a poisoned cache is a good one.
    fn cache(&self) -> MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for EphemeralStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EphemeralStore").field("cache", &*self.cache()).finish_non_exhaustive()
    }
}

#[async_trait]
impl StateStore for EphemeralStore {
    async fn load(&self, user: &UserId, blocks: &[BlockRef]) -> Result<Snapshot, StateError> {
        visitor(user)?;
        let mut snapshot = Snapshot::default();
        let mut cache = self.cache();
        let now = (self.clock)();
        let mut take = |place: Place, wanted: &dyn Fn(&str) -> bool| {
            for (field, json) in cache.fields(&place, now) {
                if wanted(field) {
                    snapshot.values.insert(place.key(field), Stored { json: json.clone() });
                }
            }
        };
        for block in blocks {
            if block.user_state {
                take(Place::UserState(user.clone(), block.usage.clone()), &|_| true);
            }
            if block.receipts {
                take(Place::Receipts(user.clone(), block.usage.clone()), &|_| true);
            }
            for (owner, names) in [(Some(user.clone()), &block.own_files), (None, &block.shared_files)] {
                if !names.is_empty() {
                    take(Place::Files(owner, block.usage.clone()), &|name| {
                        names.iter().any(|wanted| &**wanted == name)
                    });
                }
            }
            if block.preferences {
                let block_type = Arc::from(block.usage.block_type());
                take(Place::Preferences(user.clone(), block_type), &|_| true);
            }
            if !block.summary_fields.is_empty() {
                take(Place::UserStateSummary(block.usage.clone()), &|field| {
                    block.summary_fields.iter().any(|summary| &**summary == field)
                });
            }
        }
        if blocks.iter().any(|block| block.user_info) {
            take(Place::UserInfo(user.clone()), &|_| true);
        }
        Ok(snapshot)
    }

    /// Events of a visitor are heard and dropped: there is no grade and no completion to keep (rows 163, 164).
    async fn commit(&self, commit: Commit) -> Result<(), StateError> {
        visitor(&commit.user)?;
        check::one_person(&commit)?;
        let mut writes = Vec::with_capacity(commit.writes.len());
        for write in &commit.writes {
            let value = check::value(write)?.map(|value| Arc::from(value.get()));
            writes.push((Place::of(&write.key), check::field(&write.key).clone(), value));
        }
        if writes.is_empty() {
            return Ok(());
        }

        let mut cache = self.cache();
        let now = (self.clock)();
        for (key, revision) in &commit.reads {
            if cache.value(&Place::of(key), check::field(key), now) != revision.0.as_ref() {
                return Err(StateError::Conflict);
            }
        }
        cache.store(writes, now)
    }

    async fn ready(&self) -> Result<(), StateError> {
        Ok(())
    }
}

fn visitor(user: &UserId) -> Result<(), StateError> {
    match user {
        UserId::Anonymous(_) => Ok(()),
        UserId::Learner(_) | UserId::Author(_) => Err(StateError::WrongUser(user.clone())),
    }
}
