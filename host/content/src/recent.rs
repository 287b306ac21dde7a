//! Values that are worth keeping while there is room for their bytes, the least recently used ones leaving first.

use std::fmt;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};

use lru::LruCache;

/// Values by key, and how many bytes they may take together.
pub struct Recent<K, V> {
    kept: Mutex<Kept<K, V>>,
    most_bytes: usize,
    largest: usize,
}

struct Kept<K, V> {
    values: LruCache<K, Weighed<V>>,
    bytes: usize,
}

struct Weighed<V> {
    value: V,
    bytes: usize,
}

impl<K, V> fmt::Debug for Recent<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recent").field("most_bytes", &self.most_bytes).finish_non_exhaustive()
    }
}

impl<K: Hash + Eq, V: Clone> Recent<K, V> {
    /// Keeps at most so many bytes, none of 0, and no value that would fill a good part of the room.
    pub fn new(most_bytes: usize) -> Self {
        Self::with_largest(most_bytes, most_bytes / 16)
    }

    /// Keeps at most so many bytes, and no value of more than `largest` of them.
    pub fn with_largest(most_bytes: usize, largest: usize) -> Self {
        Self { kept: Mutex::new(Kept { values: LruCache::unbounded(), bytes: 0 }), most_bytes, largest }
    }

    /// Whether anything is kept at all.
    pub fn is_on(&self) -> bool {
        self.most_bytes > 0
    }

    /// A value that is kept.
    pub fn get(&self, key: &K) -> Option<V> {
        self.kept().values.get(key).map(|kept| kept.value.clone())
    }

    /// Keeps a value of about so many bytes, unless it is larger than what is worth keeping.
    pub fn keep(&self, key: K, value: V, bytes: usize) {
        if bytes > self.largest {
            return;
        }
        let mut kept = self.kept();
        kept.bytes += bytes;
        if let Some(before) = kept.values.put(key, Weighed { value, bytes }) {
            kept.bytes -= before.bytes;
        }
        while kept.bytes > self.most_bytes {
            let Some((_, oldest)) = kept.values.pop_lru() else { break };
            kept.bytes -= oldest.bytes;
        }
    }

    /// Keeps nothing any more.
    pub fn forget(&self) {
        let mut kept = self.kept();
        kept.values.clear();
        kept.bytes = 0;
    }

    fn kept(&self) -> MutexGuard<'_, Kept<K, V>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_used_since_makes_room() {
        let recent = Recent::new(32);
        for key in 0..16 {
            recent.keep(key, key, 2);
        }
        assert_eq!(recent.get(&0), Some(0));
        recent.keep(16, 16, 2);
        assert_eq!((recent.get(&0), recent.get(&1), recent.get(&16)), (Some(0), None, Some(16)));
    }

    #[test]
    fn what_would_fill_a_good_part_of_the_room_is_not_kept() {
        let recent = Recent::new(32);
        recent.keep("large", (), 3);
        assert_eq!(recent.get(&"large"), None);
    }

    #[test]
    fn a_value_may_fill_the_whole_room_where_its_user_says_so() {
        let recent = Recent::with_largest(32, 32);
        recent.keep("small", (), 1);
        recent.keep("large", (), 32);
        assert_eq!((recent.get(&"small"), recent.get(&"large")), (None, Some(())));
    }
}
