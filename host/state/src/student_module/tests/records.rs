use blockhouse_fields::{Scope, StoreKey, UserId};
use blockhouse_keys::UsageKey;

use super::{Bed, Testable, on_every_database};
use crate::conformance::person::NOW;
use crate::conformance::{Person, usage};
use crate::{
    BlockRef, Commit, Event, EventKind, Grade, Records, RecordsOf, Reset, ResetKind, Revision, Score,
    StateError, StateStore as _, Write,
};

fn score(earned: f64, possible: f64) -> Score {
    Score { earned, possible }
}

async fn grade(person: &Person, usage: &UsageKey, score: Score) {
    let kind = EventKind::Grade(Grade { usage: usage.clone(), score, only_if_higher: false });
    person.publish(Event { usage: usage.clone(), kind }).await.unwrap();
}

fn reset(person: &Person, usage: &UsageKey, what: ResetKind) -> Reset {
    Reset::new(person.user.clone(), usage.clone(), what, NOW + 1000)
}

async fn a_record_is_the_row_with_its_dates<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(7), usage("C", "problem", "p"));
    assert_eq!(bed.store.record(&alice.user, &block).await.unwrap(), None);
    alice.set(&block, Scope::UserState, "U", Some("[1]")).await;
    grade(&alice, &block, score(0.1, 3.0)).await;
    let record = bed.store.record(&alice.user, &block).await.unwrap().unwrap();
    assert_eq!((record.learner, record.block_type.as_str()), (7, "problem"));
    assert_eq!((record.usage, record.context), (block.to_string(), block.context_key().to_string()));
    assert_eq!((record.state.as_deref(), record.score), (Some("{\"U\":[1]}"), Some(score(0.1, 3.0))));
    assert_eq!(record.created.as_millisecond().unsigned_abs(), NOW);
    assert_eq!(record.modified.as_millisecond().unsigned_abs(), NOW);
}

async fn records_come_page_by_page_and_each_once<D: Testable>(bed: Bed<D>) {
    let (here, there) = (usage("C1", "problem", "p"), usage("C2", "problem", "p"));
    for learner in 1..=25 {
        bed.learner(learner).set(&here, Scope::UserState, "U", Some(&learner.to_string())).await;
        bed.learner(learner).set(&there, Scope::UserState, "U", Some("0")).await;
    }
    for (of, expected) in [
        (RecordsOf::Block(here.clone()), 25),
        (RecordsOf::Context(here.context_key()), 25),
        (RecordsOf::Learner(UserId::Learner(3)), 2),
        (RecordsOf::Block(usage("C1", "problem", "q")), 0),
    ] {
        let (mut found, mut last) = (Vec::new(), 0);
        loop {
            let page = bed.store.records(&of, last, 10).await.unwrap();
            assert!(page.len() <= 10);
            let Some(end) = page.last() else { break };
            last = end.id;
            found.extend(page);
        }
        assert_eq!(found.len(), expected, "{of:?}");
        assert!(found.is_sorted_by(|one, next| one.id < next.id));
    }
}

async fn row_088_history_is_newest_first_and_empty_for_other_types<D: Testable>(bed: Bed<D>) {
    let (alice, problem, video) = (bed.learner(1), usage("C", "problem", "p"), usage("C", "video", "v"));
    for block in [&problem, &video] {
        alice.set(block, Scope::UserState, "U", Some("1")).await;
        grade(&alice, block, score(1.0, 2.0)).await;
    }
    let history = bed.store.history(&alice.user, &problem).await.unwrap();
    let scores: Vec<_> = history.iter().map(|past| past.score).collect();
    assert_eq!(scores, [Some(score(1.0, 2.0)), None]);
    assert!(history.iter().all(|past| past.state.as_deref() == Some("{\"U\":1}")));
    assert!(history.iter().all(|past| past.created.as_millisecond().unsigned_abs() == NOW));
    assert_eq!(bed.store.history(&alice.user, &video).await.unwrap(), []);
    assert_eq!(bed.store.history(&bed.learner(2).user, &problem).await.unwrap(), []);
}

async fn a_reset_takes_away_what_it_names_and_no_more<D: Testable>(bed: Bed<D>) {
    let (alice, bob, block) = (bed.learner(1), bed.learner(2), usage("C", "problem", "p"));
    let both = Some(score(1.0, 1.0));
    for (what, state, kept) in
        [(ResetKind::Score, Some("{\"U\":1}"), None), (ResetKind::Fields, Some("{}"), both)]
    {
        for person in [&alice, &bob] {
            person.set_all(&block, "1").await;
            grade(person, &block, score(1.0, 1.0)).await;
        }
        bed.store.reset(reset(&alice, &block, what)).await.unwrap();
        let record = bed.store.record(&alice.user, &block).await.unwrap().unwrap();
        assert_eq!((record.state.as_deref(), record.score), (state, kept), "{what:?}");
        assert_eq!(record.modified.as_millisecond().unsigned_abs(), NOW + 1000);
    }
    bed.store.reset(reset(&alice, &block, ResetKind::Row)).await.unwrap();
    assert_eq!(bed.store.record(&alice.user, &block).await.unwrap(), None);
    let others = bed.store.record(&bob.user, &block).await.unwrap().unwrap();
    assert_eq!((others.state.as_deref(), others.score), (Some("{\"U\":1}"), both));
    assert_eq!(alice.all(&block).await[1..], [(); 3].map(|()| Some("1".to_owned())));
}

async fn a_reset_of_nothing_is_no_error_and_makes_no_row<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    for what in [ResetKind::Score, ResetKind::Fields, ResetKind::Row] {
        bed.store.reset(reset(&alice, &block, what)).await.unwrap();
    }
    assert_eq!(bed.store.record(&alice.user, &block).await.unwrap(), None);
    assert_eq!(bed.count("blockhouse_outbox").await, 0);
}

async fn the_platform_hears_of_a_score_that_is_taken_away<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    grade(&alice, &block, score(1.0, 1.0)).await;
    bed.store.reset(reset(&alice, &block, ResetKind::Row)).await.unwrap();
    let data = bed.texts("data", "blockhouse_outbox ORDER BY id DESC").await;
    let expected =
        format!("{{\"block\":\"{block}\",\"value\":null,\"max_value\":null,\"score_deleted\":true}}");
    assert_eq!(data[0].as_deref(), Some(expected.as_str()));
}

async fn a_commit_that_has_read_what_a_reset_took_is_a_conflict<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    for what in [ResetKind::Fields, ResetKind::Row] {
        alice.set_all(&block, "1").await;
        let before = alice.load(&block).await;
        bed.store.reset(reset(&alice, &block, what)).await.unwrap();
        let late = alice.write_on(&before, &[(alice.key(&block, Scope::UserState, "U"), Some("2"))]).await;
        assert!(matches!(late, Err(StateError::Conflict)));
    }
}

async fn damaged_state_is_exported_as_it_is_and_can_be_reset<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    alice.set_all(&block, "1").await;
    bed.execute("UPDATE courseware_studentmodule SET state = '{\"U\": NaN}'").await;
    let records = bed.store.records(&RecordsOf::Block(block.clone()), 0, 10).await.unwrap();
    assert_eq!(records[0].state.as_deref(), Some("{\"U\": NaN}"));
    bed.store.reset(reset(&alice, &block, ResetKind::Fields)).await.unwrap();
    alice.set(&block, Scope::UserState, "U", Some("2")).await;
    assert_eq!(alice.get(&block, Scope::UserState, "U").await.as_deref(), Some("2"));
}

async fn what_a_block_changed_when_it_was_told_is_stored_with_the_reset<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "poll", "p"));
    for what in [ResetKind::Score, ResetKind::Fields, ResetKind::Row] {
        alice.set_all(&block, "1").await;
        let (own, shared) =
            (alice.key(&block, Scope::UserState, "U"), alice.key(&block, Scope::UserStateSummary, "A"));
        let told = Reset {
            reads: vec![
                (own.clone(), Revision(Some("1".into()))),
                (shared.clone(), Revision(Some("1".into()))),
            ],
            writes: [own, shared].map(|key| Write { key, value: Some("2".into()) }).to_vec(),
            ..reset(&alice, &block, what)
        };
        bed.store.reset(told.clone()).await.unwrap();
        assert_eq!(alice.get(&block, Scope::UserStateSummary, "A").await.as_deref(), Some("2"), "{what:?}");
        let kept = (what == ResetKind::Score).then_some("2");
        assert_eq!(alice.get(&block, Scope::UserState, "U").await.as_deref(), kept, "{what:?}");
        assert!(matches!(bed.store.reset(told).await, Err(StateError::Conflict)), "what it read is gone");
    }
}

async fn old_receipts_are_forgotten_and_new_ones_kept<D: Testable>(bed: Bed<D>) {
    for (learner, now_ms) in [(1, NOW), (2, NOW + 1000)] {
        let key = StoreKey::Receipts(UserId::Learner(learner), usage("C", "poll", "p"));
        let commit = Commit {
            user: UserId::Learner(learner),
            reads: vec![(key.clone(), Revision(None))],
            writes: vec![Write { key, value: Some("[]".into()) }],
            events: Vec::new(),
            now_ms,
        };
        bed.store.commit(commit.clone()).await.unwrap();
        assert!(matches!(bed.store.commit(commit).await, Err(StateError::Conflict)), "it has been submitted");
    }
    assert_eq!(bed.store.forget_receipts(NOW + 1).await.unwrap(), 1);
    let block = BlockRef { receipts: true, ..BlockRef::nothing(usage("C", "poll", "p")) };
    let mut left = Vec::new();
    for learner in [1, 2] {
        left.push(
            bed.store
                .load(&UserId::Learner(learner), std::slice::from_ref(&block))
                .await
                .unwrap()
                .values
                .len(),
        );
    }
    assert_eq!(left, [0, 1]);
    assert_eq!(bed.count("courseware_xmodulestudentprefsfield").await, 0);
}

on_every_database! {
    what_a_block_changed_when_it_was_told_is_stored_with_the_reset,
    old_receipts_are_forgotten_and_new_ones_kept,
    a_record_is_the_row_with_its_dates,
    records_come_page_by_page_and_each_once,
    row_088_history_is_newest_first_and_empty_for_other_types,
    a_reset_takes_away_what_it_names_and_no_more,
    a_reset_of_nothing_is_no_error_and_makes_no_row,
    the_platform_hears_of_a_score_that_is_taken_away,
    a_commit_that_has_read_what_a_reset_took_is_a_conflict,
    damaged_state_is_exported_as_it_is_and_can_be_reset,
}
