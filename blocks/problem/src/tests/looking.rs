//! What a learner sees.

use serde_json::json;

use super::{TWO_CHOICES, act, host, submit};

#[test]
fn row_208_looking_writes_nothing_whatever_the_randomization() {
    for rerandomize in ["never", "always", "onreset", "per_student"] {
        let mut host = host(TWO_CHOICES);
        host.author("rerandomize", rerandomize);
        host.learner("1").student_view();
        host.anonymous("anon1").public_view();
        act(&mut host, "1", "problem_get", &[]);
        assert_eq!(host.take_writes(), []);
    }
}

#[test]
fn the_page_is_a_form_with_a_legend_and_the_answer_comes_back() {
    let mut host = host(TWO_CHOICES);
    host.author("max_attempts", 2).author("display_name", "A & B");
    let fresh = host.learner("1").student_view().content;
    for part in [
        "A &amp; B",
        "<legend class=\"question-label\">Pick</legend>",
        "type=\"radio\"",
        "name=\"input_lb:T:l:problem:p_2_1\"",
        "1 point possible",
        "You have used 0 of 2 attempts",
    ] {
        assert!(fresh.contains(part), "{part} is not in {fresh}");
    }
    assert!(
        !fresh.contains("no!") && !fresh.contains("First"),
        "hints show before they are asked for: {fresh}"
    );
    submit(&mut host, "1", "choice_0");
    let answered = host.learner("1").student_view().content;
    for part in [
        "value=\"choice_0\" checked",
        "no!",
        "0/1 point",
        "You have used 1 of 2 attempts",
        "status incorrect",
    ] {
        assert!(answered.contains(part), "{part} is not in {answered}");
    }
}

#[test]
fn an_outcome_that_is_held_back_shows_nowhere() {
    let mut host = host(TWO_CHOICES);
    host.author("show_correctness", "never");
    let reply = submit(&mut host, "1", "choice_0");
    assert_eq!((&reply["success"], &reply["current_score"]), (&json!("submitted"), &json!(null)));
    let page = host.learner("1").student_view().content;
    for held_back in ["incorrect", "Incorrect", "no!", "0/1"] {
        assert!(!page.contains(held_back), "{held_back} is in {page}");
        assert!(!reply["contents"].as_str().unwrap_or_default().contains(held_back));
    }
}

#[test]
fn a_question_that_cannot_be_asked_shows_a_notice_and_the_others_work() {
    let data = "<problem><script type=\"loncapa/python\">a = 5</script>\
        <formularesponse answer=\"x\" samples=\"x@1:2#3\"><label>F</label><textline/></formularesponse>\
        <numericalresponse answer=\"$a\"><textline/></numericalresponse>\
        <stringresponse><textline/></stringresponse>\
        <shortanswerresponse/><stringresponse answer=\"ok\"><textline/></stringresponse></problem>";
    let mut host = host(data);
    let page = host.learner("1").student_view().content;
    for part in [
        "the comparison of formulas",
        "Python program",
        "needs the attribute",
        "(shortanswerresponse) is not known",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(!page.contains("a = 5"), "the program shows: {page}");
    assert_eq!(page.matches("type=\"text\"").count(), 1);
    let reply = act(&mut host, "1", "problem_check", &[("input_lb:T:l:problem:p_5_1", "ok")]);
    assert_eq!((&reply["success"], reply["total_possible"].as_f64()), (&json!("correct"), Some(1.0)));
}

#[test]
fn a_problem_that_is_not_xml_says_so_and_takes_nothing() {
    let mut host = host("<problem><p></problem>");
    let page = host.learner("1").student_view().content;
    assert!(page.contains("cannot be shown"), "{page}");
    let reply = submit(&mut host, "1", "choice_0");
    assert!(reply["success"].as_str().is_some_and(|text| text.contains("not well-formed")), "{reply}");
    assert_eq!(reply["attempts_used"], 0);
}

#[test]
fn authors_files_have_the_addresses_that_the_host_gives() {
    let mut host = host("<problem><p><img src=\"/static/a.png\"/></p></problem>");
    let page = host.learner("1").student_view().content;
    assert!(!page.contains("\"/static/a.png\""), "{page}");
}

#[test]
fn row_194_the_index_holds_what_the_problem_says_and_no_hint() {
    let mut host = host(TWO_CHOICES);
    let expected = json!({
        "content": { "display_name": "Blank Problem", "capa_content": "Pick A B" },
        "content_type": "CAPA",
        "problem_types": ["multiplechoiceresponse"],
    });
    assert_eq!(host.index(), expected);
    assert_eq!(host.max_score(), 1.0);
}
