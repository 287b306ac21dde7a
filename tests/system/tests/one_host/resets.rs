//! Resets of a learner's state, of which a real block is told: the poll takes the learner's vote out of its tally.

use std::sync::Arc;

use blockhouse_fields::{Scope, StoreKey};
use blockhouse_runtime::{Notice, ResetKind, ResetRequest};
use blockhouse_state::{Commit, Revision, Write};
use blockhouse_system_tests::{Host, learner, usage};
use serde_json::json;

use crate::guest;

const POLL: &str = r#"<poll url_name="one" answers='[["R", {"label": "Red"}], ["B", {"label": "Blue"}]]'/>
    <thumbs url_name="two"/>"#;

async fn vote(host: &Host, id: i64, choice: &str) {
    let answer = host.call(&learner(id), &usage("poll", "one"), "vote", json!({ "choice": choice })).await;
    assert_eq!(answer.1["success"], true, "{answer:?}");
}

async fn votes(host: &Host, id: i64) -> serde_json::Value {
    host.call(&learner(id), &usage("poll", "one"), "get_results", json!({})).await.1["total"].clone()
}

async fn reset(host: &Host, id: i64, block_type: &str, name: &str, what: ResetKind) -> Notice {
    let usage = usage(block_type, name);
    host.runtime.reset(ResetRequest { learner: id, usage, what }).await.unwrap()
}

#[tokio::test]
async fn a_learner_who_begins_again_leaves_no_vote_behind() {
    let host = Host::with_unit(POLL).await;
    vote(&host, 1, "R").await;
    vote(&host, 2, "R").await;
    assert_eq!(reset(&host, 1, "poll", "one", ResetKind::Row).await, Notice::Told);
    assert_eq!(votes(&host, 2).await, 1);
    vote(&host, 1, "B").await;
    assert_eq!(votes(&host, 2).await, 2);
}

#[tokio::test]
async fn a_reset_of_one_who_has_done_nothing_changes_nothing() {
    let host = Host::with_unit(POLL).await;
    vote(&host, 2, "R").await;
    assert_eq!(reset(&host, 1, "poll", "one", ResetKind::Row).await, Notice::Told);
    assert_eq!(votes(&host, 2).await, 1);
}

#[tokio::test]
async fn a_block_that_does_not_want_to_know_is_reset_all_the_same() {
    let host = Host::with_unit(POLL).await;
    host.call(&learner(1), &usage("thumbs", "two"), "vote", json!({ "voteType": "up" })).await;
    assert_eq!(reset(&host, 1, "thumbs", "two", ResetKind::Row).await, Notice::NotWanted);
    assert_eq!(reset(&host, 1, "thumbs", "not-there-any-more", ResetKind::Row).await, Notice::NotWanted);
    let user = learner(1).user;
    assert_eq!(host.runtime.learners().record(&user, &usage("thumbs", "two")).await.unwrap(), None);
}

#[tokio::test]
async fn a_block_that_breaks_when_it_is_told_cannot_keep_the_state() {
    let host = Host::with_unit(r#"<guest url_name="three"/>"#).await;
    host.runtime.install(&guest::package("bad-reset")).unwrap();
    let (user, usage) = (learner(1).user, usage("guest", "three"));
    let key = StoreKey::compose(Scope::UserState, &user, &usage, "note").unwrap();
    let commit = Commit {
        user: user.clone(),
        reads: vec![(key.clone(), Revision(None))],
        writes: vec![Write { key, value: Some("\"mine\"".into()) }],
        events: Vec::new(),
        now_ms: 0,
    };
    host.runtime.learners().commit(commit).await.unwrap();
    let Notice::Failed(why) = reset(&host, 1, "guest", "three", ResetKind::Fields).await else { panic!() };
    assert!(why.contains("stopped"), "{why}");
    let record = host.runtime.learners().record(&user, &usage).await.unwrap().unwrap();
    assert_eq!(record.state.as_deref(), Some("{}"));
}

#[tokio::test]
async fn resets_that_meet_votes_lose_none_of_them() {
    let host = Arc::new(Host::with_unit(POLL).await);
    let learners = 1..=10;
    let voters: Vec<_> = learners
        .map(|id| {
            let host = host.clone();
            tokio::spawn(async move {
                vote(&host, id, "R").await;
                if id % 2 == 0 {
                    reset(&host, id, "poll", "one", ResetKind::Row).await;
                }
            })
        })
        .collect();
    for voter in voters {
        voter.await.unwrap();
    }
    assert_eq!(votes(&host, 1).await, 5);
}
