//! The rules against recorded rows.

use serde_json::Value as Json;

use super::{Rerandomize, Rules, Settings, ShowAnswer, ShowCorrectness, Standing};
use crate::testing;

fn settings(row: &Json) -> Settings {
    let text = |name: &str, default: &str| row[name].as_str().unwrap_or(default).to_owned();
    Settings {
        max_attempts: row["max_attempts"].as_i64(),
        rerandomize: Rerandomize::read(&text("rerandomize", "never")),
        show_correctness: ShowCorrectness::read(&text("show_correctness", "always")),
        show_answer: ShowAnswer::read(&text("showanswer", "finished")),
        attempts_before_show_answer: row["attempts_before_showanswer_button"].as_i64().unwrap_or(0),
        force_save: row["force_save_button"].as_bool().unwrap_or(false),
        show_reset: row["show_reset_button"].as_bool().unwrap_or(false),
    }
}

#[test]
fn row_191_golden_buttons_are_those_recorded() {
    let vectors = testing::vectors("problem_buttons.json");
    let rows = vectors["rows"].as_array().cloned().unwrap_or_default();
    let mut wrong = Vec::new();
    for row in &rows {
        let settings = settings(row);
        let standing = Standing {
            attempts: row["attempts"].as_i64().unwrap_or(0),
            done: row["done"].as_bool().unwrap_or(false),
            correct: row["correct"].as_bool().unwrap_or(false),
            past_due: row["past_due"].as_bool().unwrap_or(false),
            staff: false,
        };
        let rules = Rules::new(&settings, standing);
        for (name, got) in [
            ("closed", rules.closed()),
            ("answer_available", rules.answer_available()),
            ("submit_enabled", rules.submit_enabled()),
            ("reset_shown", rules.reset_shown()),
            ("save_shown", rules.save_shown()),
            ("correctness_available", rules.correctness_available()),
        ] {
            if row[name].as_bool().is_some_and(|expected| expected != got) {
                wrong.push(format!("{name} is {got} in {row}"));
            }
        }
    }
    assert!(!rows.is_empty(), "no rows found");
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
}

#[test]
fn old_spellings_of_rerandomize_keep_their_meaning() {
    for (text, expected) in [
        ("", Rerandomize::Always),
        ("true", Rerandomize::Always),
        ("false", Rerandomize::PerStudent),
        ("per_student", Rerandomize::PerStudent),
        ("hah!", Rerandomize::Never),
    ] {
        assert_eq!(Rerandomize::read(text), expected, "{text}");
    }
}

#[test]
fn a_mistyped_showanswer_holds_the_answer_back_and_quotes_do_no_harm() {
    assert_eq!(ShowAnswer::read("hah!"), ShowAnswer::Never);
    assert_eq!(ShowAnswer::read("\"attempted\""), ShowAnswer::Attempted);
}

#[test]
fn an_author_sees_what_is_held_back_from_learners() {
    let settings = Settings { show_correctness: ShowCorrectness::Never, ..Settings::default() };
    let standing = Standing { staff: true, ..Standing::default() };
    assert!(Rules::new(&settings, standing).answer_available());
    assert!(!Rules::new(&settings, Standing::default()).answer_available());
}
