use std::sync::Arc;

use blockhouse_fields::Scope;
use blockhouse_keys::UsageKey;

use super::{Bed, Testable, on_every_database};
use crate::conformance::{Person, commit_of, usage};
use crate::{Event, EventKind, Grade, Score, StateError};

fn grade(usage: &UsageKey, earned: f64, possible: f64, only_if_higher: bool) -> Event {
    let score = Score { earned, possible };
    let kind = EventKind::Grade(Grade { usage: usage.clone(), score, only_if_higher });
    Event { usage: usage.clone(), kind }
}

fn completion(usage: &UsageKey, part: f64) -> Event {
    Event { usage: usage.clone(), kind: EventKind::Completion(part) }
}

async fn score(person: &Person, usage: &UsageKey) -> Option<(f64, f64)> {
    let snapshot = person.load(usage).await;
    snapshot.scores.get(usage).map(|score| (score.earned, score.possible))
}

async fn row_076_a_score_stands_in_grade_and_max_grade<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    assert_eq!(score(&alice, &block).await, None);
    alice.publish(grade(&block, 0.0, 1.0, false)).await.unwrap();
    assert_eq!(score(&alice, &block).await, Some((0.0, 1.0)));
    alice.publish(grade(&block, 1.0, 1.0, false)).await.unwrap();
    assert_eq!(score(&alice, &block).await, Some((1.0, 1.0)));
    assert_eq!(score(&bed.learner(2), &block).await, None);
    // A row that has a score and no field yet says that nobody has looked at the state.
    assert_eq!(bed.count("courseware_studentmodule WHERE state IS NULL").await, 1);
    assert_eq!(bed.count("courseware_studentmodulehistory").await, 2);
}

async fn row_165_a_lower_ratio_leaves_the_stored_score_when_only_higher_counts<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    let steps = [
        (grade(&block, 1.0, 2.0, true), (1.0, 2.0)),
        (grade(&block, 3.0, 10.0, true), (1.0, 2.0)),
        (grade(&block, 0.0, 0.0, true), (1.0, 2.0)),
        (grade(&block, 5.0, 10.0, true), (5.0, 10.0)),
        (grade(&block, 1.0, 1.0, true), (1.0, 1.0)),
        (grade(&block, 0.0, 1.0, false), (0.0, 1.0)),
    ];
    for (event, expected) in steps {
        alice.publish(event).await.unwrap();
        assert_eq!(score(&alice, &block).await, Some(expected));
    }
}

async fn an_ignored_score_does_not_touch_the_row<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    alice.publish(grade(&block, 1.0, 1.0, false)).await.unwrap();
    alice.publish(grade(&block, 0.0, 1.0, true)).await.unwrap();
    assert_eq!(bed.count("courseware_studentmodulehistory").await, 1);
    assert_eq!(bed.count("blockhouse_outbox").await, 2);
}

async fn a_score_and_a_field_of_one_commit_are_one_write<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    let writes = [(alice.key(&block, Scope::UserState, "U"), Some("1"))];
    let events = vec![grade(&block, 0.0, 2.0, false), grade(&block, 1.0, 2.0, true)];
    let before = alice.load(&block).await;
    alice.store.commit(commit_of(&alice.user, &before, &writes, events)).await.unwrap();
    let history = bed.texts("state", "courseware_studentmodulehistory").await;
    assert_eq!(history, [Some("{\"U\":1}".to_owned())]);
    assert_eq!(bed.count("courseware_studentmodulehistory WHERE grade = 1 AND max_grade = 2").await, 1);
}

async fn row_160_completion_has_one_row_per_learner_and_block_and_may_go_down<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "html", "h"));
    for part in [0.5, 1.0, 0.25] {
        alice.publish(completion(&block, part)).await.unwrap();
    }
    bed.learner(2).publish(completion(&block, 1.0)).await.unwrap();
    assert_eq!(bed.count("completion_blockcompletion").await, 2);
    let hers = format!(
        "completion_blockcompletion WHERE user_id = 1 AND completion = 0.25 AND block_type = 'html'
         AND course_key = 'course-v1:Org+C+Run' AND block_key = '{block}'"
    );
    assert_eq!(bed.count(&hers).await, 1);
    assert_eq!(bed.count("completion_blockcompletion WHERE user_id = 2 AND completion = 1").await, 1);
}

async fn row_162_numbers_without_meaning_are_refused_and_nothing_is_stored<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    for part in [-0.1, 1.1, f64::NAN] {
        let refused = alice.publish(completion(&block, part)).await;
        assert!(matches!(refused, Err(StateError::OutOfRange { what: "completion", .. })));
    }
    for (earned, possible) in [(f64::NAN, 1.0), (1.0, f64::INFINITY)] {
        let refused = alice.publish(grade(&block, earned, possible, false)).await;
        assert!(matches!(refused, Err(StateError::OutOfRange { what: "score", .. })));
    }
    assert_eq!(bed.count("blockhouse_outbox").await, 0);
}

async fn events_lie_in_the_outbox_in_order_with_the_writes_of_their_commit<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(7), usage("C", "problem", "p"));
    let seen = Event {
        usage: block.clone(),
        kind: EventKind::Other("edx.video.played".to_owned(), Arc::from("{\"at\": 1.50}")),
    };
    let events = vec![grade(&block, 1.0, 2.0, true), completion(&block, 1.0), seen];
    let writes = [(alice.key(&block, Scope::UserState, "U"), Some("1"))];
    let before = alice.load(&block).await;
    alice.store.commit(commit_of(&alice.user, &before, &writes, events.clone())).await.unwrap();
    let again = alice.store.commit(commit_of(&alice.user, &before, &writes, events)).await;
    assert!(matches!(again, Err(StateError::Conflict)));

    let outbox = "blockhouse_outbox ORDER BY id";
    let (kinds, data) = (bed.texts("kind", outbox).await, bed.texts("data", outbox).await);
    let found: Vec<_> = kinds.into_iter().flatten().zip(data.into_iter().flatten()).collect();
    let expected = [
        (
            "grade",
            format!("{{\"block\":\"{block}\",\"value\":1.0,\"max_value\":2.0,\"only_if_higher\":true}}"),
        ),
        ("completion", "{\"completion\":1.0}".to_owned()),
        ("edx.video.played", "{\"at\": 1.50}".to_owned()),
    ];
    assert_eq!(found, expected.map(|(kind, data)| (kind.to_owned(), data)));
    let all = format!(
        "blockhouse_outbox WHERE student_id = 7 AND context = 'course-v1:Org+C+Run' AND usage_id = '{block}'"
    );
    assert_eq!(bed.count(&all).await, 3);
}

on_every_database! {
    row_076_a_score_stands_in_grade_and_max_grade,
    row_165_a_lower_ratio_leaves_the_stored_score_when_only_higher_counts,
    an_ignored_score_does_not_touch_the_row,
    a_score_and_a_field_of_one_commit_are_one_write,
    row_160_completion_has_one_row_per_learner_and_block_and_may_go_down,
    row_162_numbers_without_meaning_are_refused_and_nothing_is_stored,
    events_lie_in_the_outbox_in_order_with_the_writes_of_their_commit,
}
