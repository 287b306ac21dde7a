//! Several hosts on one database, whatever kind it is.

use std::sync::Arc;

use blockhouse_fields::{Scope, UserId};
use tokio::task::JoinSet;

use super::{Bed, Testable, on_every_database};
use crate::StateStore;
use crate::conformance::{Subject, concurrency, usage};

async fn two_hosts_on_one_database_lose_no_increment<D: Testable>(bed: Bed<D>) {
    let (other, _) = D::open(&bed.place).await;
    let subject = |store: Arc<dyn StateStore>| Subject {
        store,
        user: |n| UserId::Learner(n.into()),
        stranger: UserId::Author(1),
        keep: Box::new(()),
    };
    let (here, there) = (subject(bed.store.clone()), subject(Arc::new(other)));
    let looker = here.person(1);
    let counted = concurrency::count_by_many_tasks(&[here, there], 10, 20).await;
    assert_eq!(counted, 400);
    let count = looker.get(&usage("C", "poll", "1"), Scope::UserStateSummary, "A").await;
    assert_eq!(count.as_deref(), Some("400"));
}

/// Write skew: each reads what the other one writes, and neither row is there yet.
async fn of_two_commits_that_read_what_the_other_writes_one_is_a_conflict<D: Testable>(bed: Bed<D>) {
    let (other, _) = D::open(&bed.place).await;
    let stores: [Arc<dyn StateStore>; 2] = [bed.store.clone(), Arc::new(other)];
    for round in 0..20 {
        let block = usage("C", "poll", &round.to_string());
        let mut both = JoinSet::new();
        for (position, store) in stores.iter().enumerate() {
            let person = crate::conformance::Person { store: store.clone(), user: UserId::Learner(1) };
            let (here, there) = if position == 0 { ("A", "B") } else { ("B", "A") };
            let before = person.load(&block).await;
            let key = person.key(&block, Scope::UserStateSummary, here);
            let mut commit =
                crate::conformance::commit_of(&person.user, &before, &[(key, Some("1"))], Vec::new());
            let read = person.key(&block, Scope::UserStateSummary, there);
            commit.reads.push((read, crate::Revision(None)));
            both.spawn(async move { person.store.commit(commit).await });
        }
        let stored = both.join_all().await.into_iter().filter(Result::is_ok).count();
        assert_eq!(stored, 1, "round {round}");
    }
}

async fn many_hosts_may_start_at_once<D: Testable>(bed: Bed<D>) {
    // As if no host had ever been here.
    for table in ["blockhouse_state_migrations", "blockhouse_outbox", "courseware_studentmodule"] {
        bed.execute(&format!("DROP TABLE {table}")).await;
    }
    let mut opening = JoinSet::new();
    for _ in 0..6 {
        let place = bed.place.clone();
        opening.spawn(async move { D::open(&place).await.0 });
    }
    for store in opening.join_all().await {
        store.ready().await.unwrap();
    }
    bed.learner(1).set_all(&usage("C", "problem", "p"), "1").await;
}

on_every_database! {
    two_hosts_on_one_database_lose_no_increment,
    of_two_commits_that_read_what_the_other_writes_one_is_a_conflict,
    many_hosts_may_start_at_once,
}
