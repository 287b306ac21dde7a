use std::sync::Arc;

use blockhouse_fields::UserId;

use super::SqliteStore;
use crate::conformance::Subject;

async fn subject() -> Subject {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&directory.path().join("state.db"))
        .await
        .unwrap();
    Subject {
        store: Arc::new(store),
        user: |n| UserId::Learner(n.into()),
        stranger: UserId::Anonymous(Arc::from("anon0123456789abcdef0123")),
        keep: Box::new(directory),
    }
}

crate::state_store_conformance!(subject);
