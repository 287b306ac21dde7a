//! What the ephemeral store promises beyond `conformance`: it forgets in time, and mixes nobody up.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use blockhouse_fields::{Scope, UserId};

use super::{EphemeralConfig, EphemeralStore};
use crate::conformance::{Person, Subject, usage};
use crate::{Event, EventKind, Grade, Score, SqliteStore, StateError};

fn visitor(n: u32) -> UserId {
    UserId::Anonymous(Arc::from(format!("anon{n:020x}")))
}

fn memory() -> Subject {
    Subject {
        store: Arc::new(EphemeralStore::new(EphemeralConfig::default())),
        user: visitor,
        stranger: UserId::Learner(1),
        keep: Box::new(()),
    }
}

async fn subject() -> Option<Subject> {
    Some(memory())
}

crate::state_store_conformance!(subject);

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[tokio::test]
async fn row_066_a_visitor_finds_all_four_scopes_again() {
    let (visitor, block) = (memory().person(1), usage("C", "poll", "1"));
    visitor.set_all(&block, "1").await;
    assert_eq!(visitor.all(&block).await, [(); 4].map(|()| some("1")));
}

#[tokio::test]
async fn row_067_another_visitor_shares_the_summary_only() {
    let (subject, block) = (memory(), usage("C", "poll", "1"));
    subject.person(1).set_all(&block, "1").await;
    assert_eq!(subject.person(2).all(&block).await, [None, some("1"), None, None]);
}

/// A visitor and a learner, each with the store of their kind, and the directory of the learner's.
async fn both_kinds() -> (Person, Person, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&directory.path().join("state.db")).await.unwrap();
    let learner = Person { store: Arc::new(store), user: UserId::Learner(1) };
    (memory().person(1), learner, directory)
}

#[tokio::test]
async fn row_068_what_visitors_wrote_is_unset_for_a_registered_learner() {
    let (visitor, learner, _directory) = both_kinds().await;
    let block = usage("C", "poll", "1");
    visitor.set_all(&block, "1").await;
    assert_eq!(learner.all(&block).await, [None, None, None, None]);
}

#[tokio::test]
async fn row_069_what_a_registered_learner_wrote_does_not_reach_visitors() {
    let (visitor, learner, _directory) = both_kinds().await;
    let block = usage("C", "poll", "1");
    visitor.set(&block, Scope::UserStateSummary, "A", Some("1")).await;
    learner.set_all(&block, "2").await;
    assert_eq!(visitor.all(&block).await, [None, some("1"), None, None]);
}

/// A store with a clock that the test moves, in seconds.
fn timed(config: EphemeralConfig) -> (Person, Arc<AtomicU64>) {
    let seconds = Arc::new(AtomicU64::new(1_000));
    let clock = {
        let seconds = seconds.clone();
        Arc::new(move || Duration::from_secs(seconds.load(Ordering::Relaxed)))
    };
    let store = Arc::new(EphemeralStore::with_clock(config, clock));
    (Person { store, user: visitor(1) }, seconds)
}

#[tokio::test]
async fn row_072_what_has_expired_is_unset() {
    let ttl = Duration::from_secs(60);
    let (visitor, seconds) = timed(EphemeralConfig { ttl, ..EphemeralConfig::default() });
    let block = usage("C", "poll", "1");
    visitor.set_all(&block, "1").await;
    seconds.fetch_add(59, Ordering::Relaxed);
    assert_eq!(visitor.all(&block).await, [(); 4].map(|()| some("1")));
    seconds.fetch_add(1, Ordering::Relaxed);
    assert_eq!(visitor.all(&block).await, [None, None, None, None]);
}

#[tokio::test]
async fn row_072_what_has_been_evicted_is_unset() {
    let (visitor, _) = timed(EphemeralConfig { entries: 2, ..EphemeralConfig::default() });
    let blocks = ["1", "2", "3"].map(|id| usage("C", "poll", id));
    for block in &blocks {
        visitor.set(block, Scope::UserState, "U", Some("1")).await;
    }
    assert_eq!(visitor.get(&blocks[0], Scope::UserState, "U").await, None);
    assert_eq!(visitor.get(&blocks[2], Scope::UserState, "U").await, some("1"));
}

#[tokio::test]
async fn a_change_starts_the_time_to_live_again_for_the_whole_block() {
    let ttl = Duration::from_secs(60);
    let (visitor, seconds) = timed(EphemeralConfig { ttl, ..EphemeralConfig::default() });
    let block = usage("C", "poll", "1");
    visitor.set(&block, Scope::UserState, "U", Some("1")).await;
    seconds.fetch_add(59, Ordering::Relaxed);
    visitor.set(&block, Scope::UserState, "V", Some("1")).await;
    seconds.fetch_add(59, Ordering::Relaxed);
    assert_eq!(visitor.get(&block, Scope::UserState, "U").await, some("1"));
}

#[tokio::test]
async fn a_commit_on_what_has_expired_since_is_a_conflict() {
    let ttl = Duration::from_secs(60);
    let (visitor, seconds) = timed(EphemeralConfig { ttl, ..EphemeralConfig::default() });
    let block = usage("C", "poll", "1");
    let key = visitor.key(&block, Scope::UserState, "U");
    visitor.set(&block, Scope::UserState, "U", Some("1")).await;
    let before = visitor.load(&block).await;
    seconds.fetch_add(60, Ordering::Relaxed);
    let late = visitor.write_on(&before, &[(key, Some("2"))]).await;
    assert!(matches!(late, Err(StateError::Conflict)));
}

#[tokio::test]
async fn row_163_completion_of_a_visitor_is_heard_and_dropped() {
    let (visitor, block) = (memory().person(1), usage("C", "html", "1"));
    let kind = EventKind::Completion(1.0);
    visitor.publish(Event { usage: block, kind }).await.unwrap();
}

#[tokio::test]
async fn row_164_a_grade_of_a_visitor_is_ignored() {
    let (visitor, block) = (memory().person(1), usage("C", "problem", "1"));
    let score = Score { earned: 1.0, possible: 1.0 };
    let kind = EventKind::Grade(Grade { usage: block.clone(), score, only_if_higher: false });
    visitor.publish(Event { usage: block.clone(), kind }).await.unwrap();
    assert!(visitor.load(&block).await.scores.is_empty());
}
