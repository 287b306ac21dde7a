//! What need not be asked for again: lists of versions, and contents by their digest. Neither ever changes.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use lru::LruCache;
use uuid::Uuid;

use super::snapshot::Snapshot;
use crate::Recent;
use crate::bundles::Digest;

/// How many lists are kept. One of ten thousand files takes a few megabytes.
const SNAPSHOTS: NonZeroUsize = NonZeroUsize::new(32).unwrap();

/// How many bytes of contents are kept.
const BYTES: usize = 64 * 1024 * 1024;

/// One large file would drive out a thousand small ones.
const LARGEST: usize = BYTES / 8;

pub(super) struct Cache {
    snapshots: Mutex<LruCache<(Uuid, u64), Arc<Snapshot>>>,
    contents: Recent<Digest, Bytes>,
}

impl Default for Cache {
    fn default() -> Self {
        Self {
            snapshots: Mutex::new(LruCache::new(SNAPSHOTS)),
            contents: Recent::with_largest(BYTES, LARGEST),
        }
    }
}

impl Cache {
    pub(super) fn snapshot(&self, bundle: Uuid, number: u64) -> Option<Arc<Snapshot>> {
        let mut snapshots = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
        snapshots.get(&(bundle, number)).cloned()
    }

    pub(super) fn keep_snapshot(&self, bundle: Uuid, number: u64, snapshot: &Arc<Snapshot>) {
        let mut snapshots = self.snapshots.lock().unwrap_or_else(PoisonError::into_inner);
        snapshots.put((bundle, number), Arc::clone(snapshot));
    }

    pub(super) fn forget_snapshot(&self, bundle: Uuid, number: u64) {
        self.snapshots.lock().unwrap_or_else(PoisonError::into_inner).pop(&(bundle, number));
    }

    pub(super) fn contents(&self, digest: Digest) -> Option<Bytes> {
        self.contents.get(&digest)
    }

    pub(super) fn keep_contents(&self, digest: Digest, contents: &Bytes) {
        self.contents.keep(digest, contents.clone(), contents.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contents_are_kept_within_bounds_and_the_oldest_go_first() {
        let cache = Cache::default();
        let large = |filling: u8| Bytes::from(vec![filling; LARGEST]);
        for filling in 0..10 {
            let contents = large(filling);
            cache.keep_contents(Digest::of(&contents), &contents);
            cache.keep_contents(Digest::of(&contents), &contents);
        }
        let kept: Vec<_> =
            (0..10_u8).filter(|filling| cache.contents(Digest::of(&large(*filling))).is_some()).collect();
        assert_eq!(kept, (2..10).collect::<Vec<_>>());
    }
}
