use std::sync::Arc;

use blockhouse_fields::{Scope, UserId};
use tokio::task::JoinSet;

use super::{Bed, Testable};
use crate::conformance::{Person, usage};
use crate::database::Sqlite;
use crate::{SqliteStore, StateError, StateStore};

async fn bed() -> Bed<Sqlite> {
    Sqlite::bed().await.unwrap()
}

#[tokio::test]
async fn row_074_state_survives_a_restart() {
    let Bed { store, place, keep: _directory, .. } = bed().await;
    let block = usage("C", "problem", "p");
    let alice = Person { store, user: UserId::Learner(1) };
    alice.set_all(&block, "1").await;
    drop(alice);
    let store = SqliteStore::open(place.as_ref()).await.unwrap();
    let alice = Person { store: Arc::new(store), user: UserId::Learner(1) };
    assert_eq!(alice.all(&block).await, [(); 4].map(|()| Some("1".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_may_open_a_new_file_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let mut opening = JoinSet::new();
    for _ in 0..16 {
        let path = directory.path().join("state.db");
        opening.spawn(async move { SqliteStore::open(&path).await });
    }
    for store in opening.join_all().await {
        store.unwrap().ready().await.unwrap();
    }
}

#[tokio::test]
async fn a_file_is_durable_at_every_commit_and_readers_do_not_wait() {
    let file = bed().await;
    let synchronous: i64 = sqlx::query_scalar("PRAGMA synchronous").fetch_one(&file.writers).await.unwrap();
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&file.writers).await.unwrap();
    assert_eq!((synchronous, mode.as_str()), (2, "wal"));
}

#[tokio::test]
async fn a_file_that_is_no_database_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("state.db");
    std::fs::write(&path, "this is a text".repeat(100)).unwrap();
    let refused = SqliteStore::open(&path).await;
    assert!(matches!(refused, Err(StateError::Unavailable(_))));
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("this is a text"));
}

/// Whether the database undoes the statement that failed or, as it may on a full disk, the whole transaction.
async fn one_fails_and_the_other_is_stored(trigger: &'static str) {
    let file = bed().await;
    let (alice, block) = (file.learner(1), usage("C", "problem", "p"));
    file.execute(trigger).await;
    let before = alice.load(&block).await;
    let broken = [
        (alice.key(&block, Scope::UserState, "U"), Some("1")),
        (alice.key(&block, Scope::UserInfo, "I"), Some("1")),
    ];
    let fine = [(alice.key(&block, Scope::UserState, "V"), Some("1"))];
    let (broken, fine) = tokio::join!(alice.write_on(&before, &broken), alice.write_on(&before, &fine));
    assert!(matches!(broken, Err(StateError::Unavailable(_))));
    fine.unwrap();
    assert_eq!(alice.get(&block, Scope::UserState, "U").await, None);
    let stored = alice.get(&block, Scope::UserState, "V").await;
    assert_eq!(stored.as_deref(), Some("1"));
}

#[tokio::test]
async fn a_commit_that_the_database_refuses_takes_no_other_along() {
    one_fails_and_the_other_is_stored(
        "CREATE TRIGGER full BEFORE INSERT ON courseware_xmodulestudentinfofield
         BEGIN SELECT raise(ABORT, 'full'); END",
    )
    .await;
}

#[tokio::test]
async fn a_transaction_that_the_database_undoes_takes_no_other_along() {
    one_fails_and_the_other_is_stored(
        "CREATE TRIGGER full BEFORE INSERT ON courseware_xmodulestudentinfofield
         BEGIN SELECT raise(ROLLBACK, 'full'); END",
    )
    .await;
}
