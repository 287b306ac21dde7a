//! One person who uses a store, as the tests see them.

use std::sync::Arc;

use blockhouse_fields::{Scope, StoreKey, UserId};
use blockhouse_keys::UsageKey;

use crate::{BlockRef, Commit, Event, Revision, Snapshot, StateError, StateStore, Write};

/// The four scopes that a store keeps, each with one field: U, A, P and I of spec 10.4.
pub const FIELDS: [(Scope, &str); 4] = [
    (Scope::UserState, "U"),
    (Scope::UserStateSummary, "A"),
    (Scope::Preferences, "P"),
    (Scope::UserInfo, "I"),
];

/// A point in time; the stores only write it down.
pub const NOW: u64 = 1_700_000_000_123;

/// A block in the course `course-v1:Org+{course}+Run`.
pub fn usage(course: &str, block_type: &str, id: &str) -> UsageKey {
    format!("block-v1:Org+{course}+Run+type@{block_type}+block@{id}").parse().expect("a usage key")
}

/// Somebody with a store.
#[derive(Clone)]
pub struct Person {
    pub store: Arc<dyn StateStore>,
    pub user: UserId,
}

impl Person {
    pub fn key(&self, usage: &UsageKey, scope: Scope, field: &str) -> StoreKey {
        StoreKey::compose(scope, &self.user, usage, field).expect("a learner scope")
    }

    /// Loads one block whose summary fields are A, B and C.
    pub async fn load(&self, usage: &UsageKey) -> Snapshot {
        let summary_fields = ["A", "B", "C"].map(Arc::from).to_vec();
        let block = BlockRef::whole(usage.clone(), summary_fields);
        self.store.load(&self.user, &[block]).await.expect("a snapshot")
    }

    /// What one field holds.
    pub async fn get(&self, usage: &UsageKey, scope: Scope, field: &str) -> Option<String> {
        let key = self.key(usage, scope, field);
        self.load(usage).await.values.get(&key).map(|value| value.json.to_string())
    }

    /// What U, A, P and I hold.
    pub async fn all(&self, usage: &UsageKey) -> [Option<String>; 4] {
        let snapshot = self.load(usage).await;
        FIELDS.map(|(scope, field)| {
            let key = self.key(usage, scope, field);
            snapshot.values.get(&key).map(|value| value.json.to_string())
        })
    }

    /// Sets U, A, P and I to one text.
    pub async fn set_all(&self, usage: &UsageKey, json: &str) {
        let writes = FIELDS.map(|(scope, field)| (self.key(usage, scope, field), Some(json)));
        self.write(usage, &writes).await.expect("a commit");
    }

    /// Sets one field.
    pub async fn set(&self, usage: &UsageKey, scope: Scope, field: &str, json: Option<&str>) {
        let key = self.key(usage, scope, field);
        self.write(usage, &[(key, json)]).await.expect("a commit");
    }

    /// Writes on a fresh snapshot.
    pub async fn write(
        &self,
        usage: &UsageKey,
        writes: &[(StoreKey, Option<&str>)],
    ) -> Result<(), StateError> {
        let snapshot = self.load(usage).await;
        self.write_on(&snapshot, writes).await
    }

    /// Writes on a snapshot that may be old.
    pub async fn write_on(
        &self,
        snapshot: &Snapshot,
        writes: &[(StoreKey, Option<&str>)],
    ) -> Result<(), StateError> {
        self.store.commit(commit_of(&self.user, snapshot, writes, Vec::new())).await
    }

    /// Publishes one event.
    pub async fn publish(&self, event: Event) -> Result<(), StateError> {
        let nothing = Snapshot::default();
        self.store.commit(commit_of(&self.user, &nothing, &[], vec![event])).await
    }
}

/// A commit that has read what it writes.
pub fn commit_of(
    user: &UserId,
    snapshot: &Snapshot,
    writes: &[(StoreKey, Option<&str>)],
    events: Vec<Event>,
) -> Commit {
    let read = |key: &StoreKey| {
        let found = snapshot.values.get(key).map(|value| value.json.clone());
        (key.clone(), Revision(found))
    };
    Commit {
        user: user.clone(),
        reads: writes.iter().map(|(key, _)| read(key)).collect(),
        writes: writes
            .iter()
            .map(|(key, value)| Write { key: key.clone(), value: value.map(Arc::from) })
            .collect(),
        events,
        now_ms: NOW,
    }
}
