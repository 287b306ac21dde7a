//! The bounded map behind the ephemeral store. It knows places, sizes and times; it compares nothing.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;
use lru::LruCache;

use super::EphemeralConfig;
use crate::StateError;

/// What an entry costs besides its texts: map slots, list pointers, reference counts.
const ENTRY_OVERHEAD: usize = 256;
/// What a field costs besides its texts.
const FIELD_OVERHEAD: usize = 96;

/// A store key without its field. Distinct keys are distinct places, because it is the same data.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Place {
    UserState(UserId, UsageKey),
    UserStateSummary(UsageKey),
    Preferences(UserId, Arc<str>),
    UserInfo(UserId),
    Receipts(UserId, UsageKey),
    Files(Option<UserId>, UsageKey),
}

impl Place {
    pub(super) fn of(key: &StoreKey) -> Self {
        match key {
            StoreKey::UserState(user, usage, _) => Self::UserState(user.clone(), usage.clone()),
            StoreKey::UserStateSummary(usage, _) => Self::UserStateSummary(usage.clone()),
            StoreKey::Preferences(user, block_type, _) => Self::Preferences(user.clone(), block_type.clone()),
            StoreKey::UserInfo(user, _) => Self::UserInfo(user.clone()),
            StoreKey::Receipts(user, usage) => Self::Receipts(user.clone(), usage.clone()),
            StoreKey::File(user, usage, _) => Self::Files(user.clone(), usage.clone()),
        }
    }

    pub(super) fn key(&self, field: &Arc<str>) -> StoreKey {
        let field = field.clone();
        match self {
            Self::UserState(user, usage) => StoreKey::UserState(user.clone(), usage.clone(), field),
            Self::UserStateSummary(usage) => StoreKey::UserStateSummary(usage.clone(), field),
            Self::Preferences(user, block_type) => {
                StoreKey::Preferences(user.clone(), block_type.clone(), field)
            }
            Self::UserInfo(user) => StoreKey::UserInfo(user.clone(), field),
            Self::Receipts(user, usage) => StoreKey::Receipts(user.clone(), usage.clone()),
            Self::Files(user, usage) => StoreKey::File(user.clone(), usage.clone(), field),
        }
    }

    /// Users and usages are shared with whoever else holds them; their texts count all the same.
    fn bytes(&self) -> usize {
        match self {
            Self::UserState(user, usage) | Self::Receipts(user, usage) => {
                user.to_string().len() + usage.to_string().len()
            }
            Self::UserStateSummary(usage) => usage.to_string().len(),
            Self::Files(user, usage) => {
                user.as_ref().map_or(0, |user| user.to_string().len()) + usage.to_string().len()
            }
            Self::Preferences(user, block_type) => user.to_string().len() + block_type.len(),
            Self::UserInfo(user) => user.to_string().len(),
        }
    }
}

#[derive(Debug)]
struct Entry {
    fields: HashMap<Arc<str>, Arc<str>>,
    bytes: usize,
    changed: Duration,
}

impl Entry {
    fn new(place: &Place) -> Self {
        Self { fields: HashMap::new(), bytes: ENTRY_OVERHEAD + place.bytes(), changed: Duration::ZERO }
    }

    fn set(&mut self, field: Arc<str>, value: Option<Arc<str>>) {
        if let Some(old) = self.fields.remove(&field) {
            self.bytes -= cost(&field, &old);
        }
        if let Some(value) = value {
            self.bytes += cost(&field, &value);
            self.fields.insert(field, value);
        }
    }
}

fn cost(field: &str, value: &str) -> usize {
    FIELD_OVERHEAD + field.len() + value.len()
}

/// Invariant: `bytes` is the sum over the entries, and both bounds hold whenever no method is running.
#[derive(Debug)]
pub(super) struct Cache {
    entries: LruCache<Place, Entry>,
    bytes: usize,
    config: EphemeralConfig,
}

impl Cache {
    pub(super) fn new(config: EphemeralConfig) -> Self {
        Self { entries: LruCache::unbounded(), bytes: 0, config }
    }

    /// All fields in a place. Looking counts as use.
    pub(super) fn fields(
        &mut self,
        place: &Place,
        now: Duration,
    ) -> impl Iterator<Item = (&Arc<str>, &Arc<str>)> {
        self.expire(place, now);
        self.entries.get(place).into_iter().flat_map(|entry| &entry.fields)
    }

    /// One field in a place.
    pub(super) fn value(&mut self, place: &Place, field: &str, now: Duration) -> Option<&Arc<str>> {
        self.expire(place, now);
        self.entries.get(place)?.fields.get(field)
    }

    /// Makes the changes, then room. Refuses, with nothing changed, what would be too large for an empty store.
    pub(super) fn store(
        &mut self,
        writes: Vec<(Place, Arc<str>, Option<Arc<str>>)>,
        now: Duration,
    ) -> Result<(), StateError> {
        let written = writes.iter().map(|(place, field, value)| {
            ENTRY_OVERHEAD + place.bytes() + value.as_ref().map_or(0, |value| cost(field, value))
        });
        if written.sum::<usize>() > self.config.bytes {
            return Err(StateError::TooLong {
                what: "state of an anonymous visitor",
                limit: self.config.bytes,
            });
        }
        for (place, field, value) in writes {
            self.expire(&place, now);
            let mut entry = self.take(&place).unwrap_or_else(|| Entry::new(&place));
            entry.set(field, value);
            entry.changed = now;
            if !entry.fields.is_empty() {
                self.bytes += entry.bytes;
                self.entries.put(place, entry);
            }
        }
        while self.entries.len() > self.config.entries || self.bytes > self.config.bytes {
            let Some((_, entry)) = self.entries.pop_lru() else {
                break;
            };
            self.bytes -= entry.bytes;
        }
        Ok(())
    }

    fn expire(&mut self, place: &Place, now: Duration) {
        let old = self.entries.peek(place).map(|entry| now.saturating_sub(entry.changed));
        if old.is_some_and(|age| age >= self.config.ttl) {
            self.take(place);
        }
    }

    fn take(&mut self, place: &Place) -> Option<Entry> {
        let entry = self.entries.pop(place)?;
        self.bytes -= entry.bytes;
        Some(entry)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(entries: usize, bytes: usize) -> EphemeralConfig {
        EphemeralConfig { entries, bytes, ttl: Duration::from_secs(60) }
    }

    fn place(visitor: &str) -> Place {
        Place::UserInfo(UserId::Anonymous(Arc::from(visitor)))
    }

    fn store(cache: &mut Cache, visitor: &str, field: &str, value: Option<&str>) {
        let write = (place(visitor), Arc::from(field), value.map(Arc::from));
        cache.store(vec![write], Duration::ZERO).unwrap();
    }

    fn has(cache: &mut Cache, visitor: &str) -> bool {
        cache.value(&place(visitor), "f", Duration::ZERO).is_some()
    }

    #[test]
    fn the_least_recently_used_entry_makes_room() {
        let mut cache = Cache::new(config(2, 1_000_000));
        store(&mut cache, "a", "f", Some("1"));
        store(&mut cache, "b", "f", Some("1"));
        assert!(has(&mut cache, "a"));
        store(&mut cache, "c", "f", Some("1"));
        assert!(has(&mut cache, "a") && has(&mut cache, "c"));
        assert!(!has(&mut cache, "b"));
    }

    #[test]
    fn bytes_are_bounded_as_well_as_entries() {
        let mut cache = Cache::new(config(1_000, 2_000));
        let long = format!("\"{}\"", "x".repeat(700));
        store(&mut cache, "a", "f", Some(&long));
        store(&mut cache, "b", "f", Some(&long));
        assert!(!has(&mut cache, "a") && has(&mut cache, "b"));
        assert!(cache.bytes <= 2_000);
    }

    #[test]
    fn what_could_never_fit_is_refused_and_evicts_nobody() {
        let mut cache = Cache::new(config(1_000, 2_000));
        store(&mut cache, "a", "f", Some("1"));
        let write = (place("b"), Arc::from("f"), Some(Arc::from("x".repeat(2_000))));
        let refused = cache.store(vec![write], Duration::ZERO);
        assert!(matches!(refused, Err(StateError::TooLong { limit: 2_000, .. })));
        assert!(has(&mut cache, "a"));
    }

    #[test]
    fn an_empty_store_counts_no_bytes() {
        let mut cache = Cache::new(config(1_000, 1_000_000));
        store(&mut cache, "a", "f", Some("12345"));
        store(&mut cache, "a", "f", Some("1"));
        store(&mut cache, "a", "g", Some("1"));
        store(&mut cache, "a", "f", None);
        store(&mut cache, "a", "g", None);
        assert_eq!((cache.bytes, cache.entries.len()), (0, 0));
    }
}
