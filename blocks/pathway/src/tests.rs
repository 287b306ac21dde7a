//! A pathway's document, and what it answers.

#![allow(clippy::unwrap_used, clippy::panic)]

use blockhouse_sdk::learning_context::{
    Access, Answer, BlockName, Content, LearningContext, Person, Question,
};
use blockhouse_sdk::testing::TestHost;
use blockhouse_sdk::{Fragment, serde_json};
use serde_json::json;

use super::*;

fn two_libraries() -> String {
    json!({
        "title": "First & last",
        "steps": [
            {"block": "lb:A:one:html:hello"},
            {"block": "lb:A:two:problem:p", "title": "Your turn", "set": {"max_attempts": "1"}},
        ],
    })
    .to_string()
}

fn read(document: &str) -> Document {
    Document::read(document).unwrap()
}

/// What its author reads of a document that is none.
fn refused(document: serde_json::Value) -> String {
    TestHost::<Pathway>::new().try_ask_context(&document.to_string(), &Question::Sources).unwrap_err()
}

#[test]
fn its_sources_are_the_blocks_of_its_steps() {
    let answer = TestHost::<Pathway>::new().try_ask_context(&two_libraries(), &Question::Sources);
    let sources = ["lb:A:one:html:hello", "lb:A:two:problem:p"].map(str::to_owned);
    assert_eq!(answer, Ok(Answer::Sources(sources.to_vec())));
}

#[test]
fn learners_find_the_whole_and_each_step_in_order() {
    let names =
        [("pathway", "path"), ("html", "hello"), ("problem", "p")].map(|(t, id)| BlockName::new(t, id));
    assert_eq!(read(&two_libraries()).usages(), names);
}

#[test]
fn a_step_is_a_block_of_a_library_with_settings_of_its_own() {
    let block = read(&two_libraries()).block(&BlockName::new("problem", "p")).unwrap();
    assert_eq!(block.content, Content::Source("lb:A:two:problem:p".to_owned()));
    assert!(block.overrides.contains(&("max_attempts".to_owned(), "1".to_owned())), "{block:?}");
    assert_eq!(block.display_name.as_deref(), Some("Your turn"));
}

#[test]
fn the_whole_has_its_title_and_the_steps_inside_it() {
    let block = read(&two_libraries()).block(&BlockName::new("pathway", "path")).unwrap();
    assert_eq!(block.content, Content::Olx("<pathway display_name=\"First &amp; last\"/>".to_owned()));
    assert_eq!(block.display_name.as_deref(), Some("First & last"));
    assert_eq!(block.children.len(), 2);
}

#[test]
fn there_is_nothing_behind_another_name() {
    assert_eq!(read(&two_libraries()).block(&BlockName::new("html", "p")), None);
}

#[test]
fn a_block_of_a_course_is_a_step_too() {
    let document = json!({"title": "T", "steps": [{"block": "block-v1:A+B+C+type@html+block@intro"}]});
    assert!(read(&document.to_string()).usages().contains(&BlockName::new("html", "intro")));
}

#[test]
fn the_same_block_twice_needs_another_name() {
    let twice = json!({"title": "T", "steps": [{"block": "lb:A:b:html:c"}, {"block": "lb:A:b:html:c"}]});
    assert!(refused(twice).contains("step 2"));
    let named =
        json!({"title": "T", "steps": [{"block": "lb:A:b:html:c"}, {"block": "lb:A:b:html:c", "id": "d"}]});
    assert_eq!(read(&named.to_string()).usages().len(), 3);
}

#[test]
fn a_step_that_is_no_block_is_refused_with_its_number() {
    assert!(refused(json!({"title": "T", "steps": [{"block": "lib:A:b"}]})).contains("step 1"));
}

#[test]
fn a_word_that_means_nothing_is_refused() {
    assert!(refused(json!({"title": "T", "steps": [], "step": 1})).contains("step"));
}

#[test]
fn everybody_with_an_account_may_learn_and_its_author_may_change_it() {
    let pathway = read(&two_libraries());
    let learner = Person { registered: true, ..Person::default() };
    assert_eq!(pathway.access(&learner), Access::Learn);
    assert_eq!(pathway.access(&Person { author: true, ..learner }), Access::Edit);
    assert_eq!(pathway.access(&Person::default()), Access::None);
}

#[test]
fn a_pathway_can_be_for_a_group_or_for_everybody() {
    let of = |more: serde_json::Value| {
        let mut document = json!({"title": "T", "steps": []});
        document.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        read(&document.to_string())
    };
    let learner = Person { registered: true, groups: vec!["nurses".to_owned()], ..Person::default() };
    assert_eq!(of(json!({"groups": ["nurses"]})).access(&learner), Access::Learn);
    assert_eq!(of(json!({"groups": ["doctors"]})).access(&learner), Access::None);
    assert_eq!(of(json!({"visitors": true})).access(&Person::default()), Access::Learn);
}

#[test]
fn the_steps_are_shown_one_below_the_other() {
    let mut host = TestHost::<Pathway>::new();
    host.child("a", Fragment::new("one")).child("b", Fragment::new("two"));
    let content = host.learner("alice").student_view().content;
    assert!(content.contains("<li>one</li><li>two</li>"), "{content}");
}
