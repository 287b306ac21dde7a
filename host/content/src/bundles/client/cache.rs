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

pub(super) struct Cache {
    snapshots: Mutex<LruCache<(Uuid, u64), Arc<Snapshot>>>,
    contents: Recent<Digest, Bytes>,
}

impl Default for Cache {
    fn default() -> Self {
        Self { snapshots: Mutex::new(LruCache::new(SNAPSHOTS)), contents: Recent::new(BYTES) }
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
