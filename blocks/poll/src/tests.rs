use blockhouse_sdk::Reset;
use blockhouse_sdk::serde_json::json;
use blockhouse_sdk::testing::TestHost;

use super::Poll;

#[path = "../../../tests/sessions/recorded.rs"]
mod recorded;
#[path = "../../../tests/sessions/replay.rs"]
mod replay;

fn voted(choice: &str) -> TestHost<Poll> {
    let mut host = TestHost::new();
    host.learner("alice").post("vote", json!({ "choice": choice }));
    host
}

#[test]
fn before_the_vote_the_page_has_the_form_and_no_numbers() {
    let page = voted("R").learner("bob").student_view().content;
    assert!(page.contains(r#"<form class="poll-form" method="post" >"#));
    assert!(page.contains(r#"<div class="poll-results" tabindex="-1" hidden>"#));
    assert!(!page.contains(r#"value="100""#));
}

#[test]
fn after_the_vote_the_page_has_the_results() {
    let page = voted("R").learner("alice").student_view().content;
    assert!(page.contains(r#"<form class="poll-form" method="post" hidden>"#));
    assert!(page.contains(r#"poll-chosen" data-key="R""#) && page.contains(r#"value="100""#));
}

#[test]
fn private_results_stay_private() {
    let mut host = voted("R");
    host.author("private_results", true);
    assert!(!host.learner("alice").student_view().content.contains(r#"value="100""#));
    assert_eq!(host.learner("alice").post("get_results", json!({})).status, 403);
}

#[test]
fn a_changed_vote_moves_from_one_answer_to_the_other() {
    let mut host = voted("R");
    host.author("private_results", true).author("max_submissions", 0);
    let answer = host.learner("alice").post("vote", json!({"choice": "G"}));
    assert_eq!(answer.body_json()["submissions_count"], 2);
    let state = host.learner("alice").get("student_view_user_state").body_json();
    assert_eq!(state["tally"], json!({"R": 0, "B": 0, "G": 1, "O": 0}));
}

#[test]
fn visitors_without_an_account_share_a_tally_of_their_own() {
    let mut host = voted("R");
    host.anonymous("anon1").post("vote", json!({"choice": "B"}));
    host.anonymous("anon2").post("vote", json!({"choice": "B"}));
    assert_eq!(host.anonymous("anon2").post("get_results", json!({})).body_json()["total"], 2);
    assert_eq!(host.learner("alice").post("get_results", json!({})).body_json()["total"], 1);
    assert!(host.anonymous("anon3").public_view().content.contains("type=\"radio\""));
}

#[test]
fn what_the_author_wrote_is_escaped() {
    let mut host = TestHost::<Poll>::new();
    host.author("answers", json!([["\"><b>", {"label": "<i>x", "img": "/static/a\".png"}]]));
    let page = host.learner("alice").student_view().content;
    assert!(page.contains(r#"value="&quot;&gt;&lt;b&gt;""#) && page.contains("&lt;i&gt;x"));
    assert!(page.contains(r#"<img src="/asset/lib:TestX:lib/a&quot;.png" alt="">"#));
}

/// `get_results` with private results fails in the recording for want of a number (marked BUG in spec 9.6); here it is
/// refused with 403.
#[test]
fn golden_the_recorded_session_is_replayed() {
    let session = recorded::session("poll (xblock-poll)");
    let mut host = recorded::host::<Poll>(&session);
    let mut compared = 0;
    for row in session["steps"].as_array().unwrap() {
        if row["step"]["call"] == "student_view_data" {
            assert_eq!(host.student_view_data(), row["result"]);
            compared += 1;
        } else if replay::repeat(&mut host, row) {
            compared += 1;
        }
    }
    assert_eq!(compared, session["steps"].as_array().unwrap().len() - 1, "all but the view");
}

#[test]
fn the_page_speaks_the_readers_language() {
    let mut host = TestHost::<Poll>::new();
    host.in_locale("ar");
    assert!(host.learner("alice").student_view().content.contains("إرسال"));
}

#[test]
fn a_learner_who_begins_again_takes_their_vote_along() {
    let mut host = voted("R");
    host.learner("bob").post("vote", json!({"choice": "R"}));
    host.learner("alice").reset(Reset { fields: true, score: true }).unwrap();
    assert_eq!(host.learner("bob").post("get_results", json!({})).body_json()["total"], 1);
    host.learner("alice").post("vote", json!({"choice": "G"}));
    assert_eq!(host.learner("bob").post("get_results", json!({})).body_json()["total"], 2);
}

#[test]
fn a_reset_of_the_score_leaves_the_vote() {
    let mut host = voted("R");
    host.learner("alice").reset(Reset { fields: false, score: true }).unwrap();
    assert_eq!(host.learner("alice").post("get_results", json!({})).body_json()["total"], 1);
}
