//! A learner answers, saves, starts over, asks.

use serde_json::json;

use super::{TWO_CHOICES, act, host, request, submit};

#[test]
fn row_076_a_score_grows_with_the_second_attempt() {
    let mut host = host(TWO_CHOICES);
    let wrong = submit(&mut host, "1", "choice_0");
    assert_eq!((&wrong["success"], &wrong["attempts_used"]), (&json!("incorrect"), &json!(1)));
    assert_eq!((wrong["current_score"].as_f64(), wrong["total_possible"].as_f64()), (Some(0.0), Some(1.0)));
    let right = submit(&mut host, "1", "choice_1");
    assert_eq!((&right["success"], &right["attempts_used"]), (&json!("correct"), &json!(2)));
    assert_eq!((right["current_score"].as_f64(), right["total_possible"].as_f64()), (Some(1.0), Some(1.0)));
    let grades = host.take_events().into_iter().filter(|event| event.name == "grade");
    let grades: Vec<_> =
        grades.map(|event| (event.data["value"].as_f64(), event.data["max_value"].as_f64())).collect();
    assert_eq!(grades, [(Some(0.0), Some(1.0)), (Some(1.0), Some(1.0))]);
}

#[test]
fn row_193_hints_come_one_after_the_other_and_start_again() {
    let mut host = host(TWO_CHOICES);
    let first = "<li class=\"hint-index-0\" tabindex=\"-1\"><strong>Hint (1 of 2): </strong>First</li>";
    let second = "<li class=\"hint-index-1\" tabindex=\"-1\"><strong>Hint (2 of 2): </strong>Second</li>";
    for (asked, index, more, html) in [
        ("0", 0, true, format!("<ol>{first}</ol>")),
        ("1", 1, false, format!("<ol>{first}{second}</ol>")),
        ("2", 0, true, format!("<ol>{first}</ol>")),
    ] {
        let reply = act(&mut host, "1", "hint_button", &[("hint_index", asked)]);
        assert_eq!(reply["msg"], html);
        assert_eq!((&reply["hint_index"], &reply["should_enable_next_hint"]), (&json!(index), &json!(more)));
    }
    let event = host.take_events().pop().map(|event| (event.name, event.data));
    let data = json!({"module_id": "lb:T:l:problem:p", "hint_index": 0, "hint_len": 2, "hint_text": "First"});
    assert_eq!(event, Some(("edx.problem.hint.demandhint_displayed".to_owned(), data)));
    assert_eq!(host.take_writes(), []);
}

#[test]
fn row_193_the_log_says_what_was_asked_and_answered() {
    let mut host = host(TWO_CHOICES);
    submit(&mut host, "1", "choice_1");
    let event = host.take_events().into_iter().find(|event| event.name == "problem_check");
    let data = event.map(|event| event.data).unwrap_or_default();
    assert_eq!(data["problem_id"], "lb:T:l:problem:p");
    let expected = json!({
        "question": "Pick", "answer": "B", "response_type": "multiplechoiceresponse", "input_type": "choicegroup",
        "correct": true, "variant": "", "group_label": "",
    });
    assert_eq!(data["submission"]["lb:T:l:problem:p_2_1"], expected);
}

#[test]
fn a_closed_problem_takes_nothing_and_stores_nothing() {
    let mut host = host(TWO_CHOICES);
    host.author("due", "2001-01-01T00:00:00Z").author("show_reset_button", true);
    for (action, member, text) in [
        (
            "problem_check",
            "success",
            "The state of this problem has changed since you loaded this page. Please refresh your page.",
        ),
        ("problem_save", "msg", "Problem is closed."),
        ("problem_reset", "msg", "You cannot select Reset for a problem that is closed."),
    ] {
        let reply = act(&mut host, "1", action, &[("input_lb:T:l:problem:p_2_1", "choice_1")]);
        assert_eq!(reply[member], text, "{action}");
    }
    assert_eq!(host.take_writes(), []);
    let events: Vec<String> = host.take_events().into_iter().map(|event| event.name).collect();
    assert_eq!(events, ["problem_check_fail", "save_problem_fail", "reset_problem_fail"]);
}

#[test]
fn a_learner_who_submits_again_too_soon_waits() {
    let mut host = host(TWO_CHOICES);
    host.author("submission_wait_seconds", 90).at_time(1_700_000_000_000);
    submit(&mut host, "1", "choice_0");
    host.at_time(1_700_000_030_000);
    let reply = submit(&mut host, "1", "choice_1");
    assert_eq!(
        reply["success"],
        "You must wait at least 1 minute 30 seconds between submissions. 1 minute remaining."
    );
    assert_eq!(reply["attempts_used"], 1);
    host.at_time(1_700_000_090_000);
    assert_eq!(submit(&mut host, "1", "choice_1")["success"], "correct");
}

#[test]
fn a_reset_draws_a_new_variant_and_forgets_the_answer() {
    let mut host = host(TWO_CHOICES);
    host.author("rerandomize", "onreset").seeded(7);
    submit(&mut host, "1", "choice_1");
    let before = host.learner("1").field::<i64>("seed");
    assert_eq!(act(&mut host, "1", "problem_reset", &[])["success"], true);
    assert_ne!(host.learner("1").field::<i64>("seed"), before);
    assert!(!host.learner("1").field::<bool>("done"));
    assert_eq!(host.learner("1").field::<serde_json::Value>("student_answers"), json!({}));
}

#[test]
fn learners_do_not_see_each_others_answers() {
    let mut host = host(TWO_CHOICES);
    submit(&mut host, "1", "choice_1");
    assert_eq!(act(&mut host, "2", "problem_get", &[])["attempts_used"], 0);
    let answer = request("problem_check", &[("input_lb:T:l:problem:p_2_1", "choice_1")]);
    assert_eq!(host.anonymous("anon1").request("xmodule_handler", answer).body_json()["success"], "correct");
}

#[test]
fn a_form_that_means_nothing_is_a_bad_request() {
    let mut host = host(TWO_CHOICES);
    for (action, fields) in
        [("problem_check", &[("input", "x")][..]), ("hint_button", &[("hint_index", "x")][..])]
    {
        let response = host.learner("1").request("xmodule_handler", request(action, fields));
        assert_eq!(response.status, 400, "{action}");
    }
    assert_eq!(host.take_writes(), []);
}

#[test]
fn the_buttons_and_marks_speak_the_readers_language() {
    let mut host = host(TWO_CHOICES);
    host.in_locale("ar");
    let page = submit(&mut host, "1", "choice_0")["contents"].as_str().unwrap().to_owned();
    for word in ["إرسال", "غير صحيح", "نقطة"] {
        assert!(page.contains(word), "{word} in {page}");
    }
}
