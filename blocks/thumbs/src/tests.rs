use blockhouse_sdk::testing::TestHost;
use blockhouse_sdk::{Request, serde_json};
use serde_json::json;

use super::Thumbs;

#[path = "../../../tests/sessions/recorded.rs"]
mod recorded;
#[path = "../../../tests/sessions/replay.rs"]
mod replay;

fn host() -> TestHost<Thumbs> {
    TestHost::new()
}

#[test]
fn learners_share_the_votes_and_keep_their_own_mark() {
    let mut host = host();
    host.learner("alice").post("vote", json!({"voteType": "up"}));
    let answer = host.learner("bob").post("vote", json!({"voteType": "down"}));
    assert_eq!(answer.body_json(), json!({"up": 1, "down": 1}));
    assert!(host.learner("alice").field::<bool>("voted"));
    assert!(!host.learner("carol").field::<bool>("voted"));
}

#[test]
fn visitors_without_an_account_vote_among_themselves() {
    let mut host = host();
    host.learner("alice").post("vote", json!({"voteType": "up"}));
    let answer = host.anonymous("anon1").post("vote", json!({"voteType": "up"}));
    assert_eq!(answer.body_json(), json!({"up": 1, "down": 0}));
    let answer = host.anonymous("anon2").post("vote", json!({"voteType": "down"}));
    assert_eq!(answer.body_json(), json!({"up": 1, "down": 1}));
}

#[test]
fn the_page_shows_the_tally() {
    let mut host = host();
    host.learner("alice").post("vote", json!({"voteType": "up"}));
    let fragment = host.learner("bob").student_view();
    assert!(fragment.content.contains(r#"aria-live="polite">1</output>"#));
    assert_eq!(fragment.init_function.as_deref(), Some("ThumbsBlock"));
    assert_eq!(host.anonymous("anon1").public_view().resources, fragment.resources);
}

#[test]
fn row_208_looking_writes_nothing() {
    let mut host = host();
    host.learner("alice").student_view();
    assert_eq!(host.take_writes(), []);
}

#[test]
fn a_vote_of_the_wrong_shape_is_refused_and_stores_nothing() {
    let mut host = host();
    for body in [json!({}), json!([1])] {
        let answer = host.learner("alice").post("vote", body);
        assert_eq!(answer.status, 400);
    }
    assert_eq!(host.take_writes(), []);
}

#[test]
fn a_name_that_is_no_handler_is_answered_with_404() {
    let request = Request { method: "POST".into(), body: b"{}".into(), ..Request::default() };
    assert_eq!(host().learner("alice").request("student_view", request).status, 404);
}

/// The recorded runtime lets visitors without an account vote among the learners; ours keeps them apart on purpose,
/// so the step of the anonymous visitor is left out.
#[test]
fn golden_the_recorded_session_is_replayed() {
    let session = recorded::session("thumbs: votes from two learners and errors");
    let mut host = recorded::host::<Thumbs>(&session);
    let mut compared = 0;
    for row in session["steps"].as_array().unwrap() {
        if row["step"]["user"].is_number() && replay::repeat(&mut host, row) {
            compared += 1;
        }
    }
    assert!(compared >= 11, "{compared} steps");
}
