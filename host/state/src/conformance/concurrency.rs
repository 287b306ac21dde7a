//! What holds when many calls commit at once.

use blockhouse_fields::Scope;
use tokio::task::JoinSet;

use super::Subject;
use super::person::{Person, usage};
use crate::StateError;

/// Adds one to a field, on fresh state until nobody came between.
async fn increment(person: &Person, scope: Scope, field: &str) {
    let block = usage("C", "poll", "1");
    let key = person.key(&block, scope, field);
    loop {
        let snapshot = person.load(&block).await;
        let count: u64 = snapshot.values.get(&key).map_or(0, |value| value.json.parse().expect("a count"));
        let more = (count + 1).to_string();
        match person.write_on(&snapshot, &[(key.clone(), Some(more.as_str()))]).await {
            Ok(()) => return,
            Err(StateError::Conflict) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

/// The increments of one summary field that `tasks` people make in each store, `each` times.
pub async fn count_by_many_tasks(subjects: &[Subject], tasks: u32, each: u32) -> u32 {
    let mut running = JoinSet::new();
    for subject in subjects {
        for n in 0..tasks {
            let person = subject.person(n);
            running.spawn(async move {
                for _ in 0..each {
                    increment(&person, Scope::UserStateSummary, "A").await;
                }
                each
            });
        }
    }
    running.join_all().await.into_iter().sum()
}

pub async fn increments_by_fifty_tasks_are_all_counted(subject: Subject) {
    let looker = subject.person(0);
    let subjects = [subject];
    assert_eq!(count_by_many_tasks(&subjects, 50, 20).await, 1000);
    let count = looker.get(&usage("C", "poll", "1"), Scope::UserStateSummary, "A").await;
    assert_eq!(count.as_deref(), Some("1000"));
}

pub async fn two_fields_of_one_person_are_counted_side_by_side(subject: Subject) {
    let alice = subject.person(1);
    let mut tasks = JoinSet::new();
    for field in ["U", "V", "U", "V"] {
        let alice = alice.clone();
        tasks.spawn(async move {
            for _ in 0..25 {
                increment(&alice, Scope::UserState, field).await;
            }
        });
    }
    tasks.join_all().await;
    for field in ["U", "V"] {
        let count = alice.get(&usage("C", "poll", "1"), Scope::UserState, field).await;
        assert_eq!(count.as_deref(), Some("50"), "{field}");
    }
}

pub async fn of_many_commits_on_one_reading_exactly_one_is_stored(subject: Subject) {
    let block = usage("C", "poll", "1");
    let before = subject.person(0).load(&block).await;
    let mut tasks = JoinSet::new();
    for n in 0..100 {
        let (person, before) = (subject.person(n), before.clone());
        let key = person.key(&block, Scope::UserStateSummary, "A");
        tasks.spawn(async move {
            let outcome = person.write_on(&before, &[(key, Some(n.to_string().as_str()))]).await;
            outcome.is_ok().then(|| n.to_string())
        });
    }
    let stored: Vec<String> = tasks.join_all().await.into_iter().flatten().collect();
    let found = subject.person(0).get(&block, Scope::UserStateSummary, "A").await;
    assert_eq!(stored, found.into_iter().collect::<Vec<_>>());
}
