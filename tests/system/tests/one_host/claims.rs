//! What becomes of a visitor's answers when the visitor signs in.

use std::sync::Arc;

use blockhouse_fields::UserId;
use blockhouse_runtime::Visitor;
use blockhouse_system_tests::{Host, anonymous, learner, usage};
use serde_json::{Value, json};

const POLL: &str = r#"<poll url_name="one" answers='[["R", {"label": "Red"}], ["B", {"label": "Blue"}]]'/>
    <thumbs url_name="two"/>"#;

async fn vote(host: &Host, visitor: &Visitor, choice: &str) {
    let answer = host.call(visitor, &usage("poll", "one"), "vote", json!({ "choice": choice })).await;
    assert_eq!(answer.1["success"], true, "{answer:?}");
}

/// What somebody has answered, and how many answers there are.
async fn state(host: &Host, visitor: &Visitor) -> (Value, Value) {
    let state = host.call(visitor, &usage("poll", "one"), "student_view_user_state", json!({})).await.1;
    (state["choice"].clone(), state["tally"].clone())
}

fn id(visitor: &Visitor) -> Arc<str> {
    match &visitor.user {
        UserId::Anonymous(id) => id.clone(),
        other => unreachable!("{other:?} is no visitor"),
    }
}

#[tokio::test]
async fn row_071_a_visitor_who_signs_in_begins_anew() {
    let host = Host::with_unit(POLL).await;
    vote(&host, &anonymous(1), "R").await;
    assert!(!host.runtime.has_claimable_answers(&id(&anonymous(1))).await.unwrap());
    assert_eq!(host.runtime.claim(&id(&anonymous(1)), 1).await.unwrap(), 0);
    assert_eq!(state(&host, &learner(1)).await.0, Value::Null);
    assert_eq!(state(&host, &anonymous(1)).await.0, "R");
}

#[tokio::test]
async fn where_it_is_allowed_a_visitors_answers_become_the_learners_and_what_visitors_share_does_not() {
    let host = Host::keeping_answers(POLL).await;
    vote(&host, &anonymous(1), "R").await;
    assert!(host.runtime.has_claimable_answers(&id(&anonymous(1))).await.unwrap());
    assert!(host.runtime.claim(&id(&anonymous(1)), 1).await.unwrap() > 0);
    let (choice, tally) = state(&host, &learner(1)).await;
    assert_eq!((choice, &tally["R"]), (json!("R"), &Value::Null));
    let (choice, tally) = state(&host, &anonymous(1)).await;
    assert_eq!((choice, &tally["R"]), (Value::Null, &json!(1)));
}

#[tokio::test]
async fn answers_to_a_librarys_published_blocks_become_the_learners_too() {
    let host = Host::keeping_answers(POLL).await;
    let site = host.site();
    let ann = site.browser("ann").await;
    let library =
        json!({ "org": "Org", "slug": "L", "title": "L", "description": "", "allow_public_learning": true });
    ann.json("POST", "/api/libraries/v2/", library).await.good();
    let block = json!({ "block_type": "thumbs", "definition_id": "one" });
    ann.json("POST", "/api/libraries/v2/lib:Org:L/blocks/", block).await.good();
    ann.ask("POST", "/api/libraries/v2/lib:Org:L/commit/").await.good();
    let usage = "lb:Org:L:thumbs:one".parse().unwrap();
    let vote = host.call(&anonymous(1), &usage, "vote", json!({ "voteType": "up" })).await;
    assert_eq!(vote.0, 200, "{vote:?}");
    assert_eq!(host.runtime.claim(&id(&anonymous(1)), 1).await.unwrap(), 1);
}

#[tokio::test]
async fn what_the_learner_has_set_already_stays() {
    let host = Host::keeping_answers(POLL).await;
    vote(&host, &learner(1), "B").await;
    vote(&host, &anonymous(1), "R").await;
    host.call(&anonymous(1), &usage("thumbs", "two"), "vote", json!({ "voteType": "up" })).await;
    assert_eq!(host.runtime.claim(&id(&anonymous(1)), 1).await.unwrap(), 1);
    assert_eq!(state(&host, &learner(1)).await.0, "B");
}

#[tokio::test]
async fn a_second_claim_does_nothing() {
    let host = Host::keeping_answers(POLL).await;
    vote(&host, &anonymous(1), "R").await;
    host.runtime.claim(&id(&anonymous(1)), 1).await.unwrap();
    assert_eq!(host.runtime.claim(&id(&anonymous(1)), 1).await.unwrap(), 0);
    assert_eq!(host.runtime.claim(&id(&anonymous(1)), 2).await.unwrap(), 0);
    assert_eq!(state(&host, &learner(2)).await.0, Value::Null);
}

#[tokio::test]
async fn of_two_learners_who_claim_at_once_one_gets_the_answers() {
    let host = Arc::new(Host::keeping_answers(POLL).await);
    for round in 1..=10 {
        let visitor = anonymous(round);
        vote(&host, &visitor, "R").await;
        let claims = [1, 2].map(|n| {
            let (host, id) = (host.clone(), id(&visitor));
            tokio::spawn(async move { host.runtime.claim(&id, i64::from(round) * 2 + n).await.unwrap() })
        });
        let mut got = Vec::new();
        for claim in claims {
            got.push(claim.await.unwrap() > 0);
        }
        assert!(got[0] != got[1], "{got:?}");
    }
}
