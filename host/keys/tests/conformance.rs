//! Rows 1 to 9 of the conformance table (spec 10.1). Rows 3 and 4 are in `golden.rs`, row 4 also in
//! `properties.rs`.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use blockhouse_keys::{
    CollectionKey, ContainerKey, CourseKey, DefinitionKey, InvalidKey, LearningContextKey, LibraryKey,
    UsageKey,
};

fn parse<K: std::str::FromStr<Err = InvalidKey>>(text: &str) -> K {
    text.parse().unwrap()
}

#[test]
fn row_001_a_library_key_is_a_learning_context_key_and_not_a_course_key() {
    let text = "lib:MITx:reallyhardproblems";
    assert!(matches!(parse(text), LearningContextKey::Library(_)));
    assert!(text.parse::<CourseKey>().is_err());
}

#[test]
fn row_002_a_course_key_is_a_learning_context_key_and_a_course() {
    let key: LearningContextKey = parse("course-v1:edX+DemoX+2019");
    assert!(key.is_course());
    assert_eq!(key.as_course(), Some(&parse("course-v1:edX+DemoX+2019")));
}

#[test]
fn row_005_slugs_and_ids_may_be_unicode_and_organisations_and_types_may_not() {
    assert!("lib:EpsilonX:έψιλον".parse::<LibraryKey>().is_ok());
    assert!("lb:UnicodeX:i18n-lib:html:έψιλον".parse::<UsageKey>().is_ok());
    let org = "lib:έψιλον:foobar".parse::<LibraryKey>().unwrap_err();
    assert!(org.reason.starts_with("the org has `έ` in it; allowed are a-z"), "{org}");
    let block_type = "lb:org:lib:プロブレム:p1".parse::<UsageKey>().unwrap_err();
    assert!(block_type.reason.starts_with("the block type has `プ` in it"), "{block_type}");
}

#[test]
fn row_006_a_library_usage_key_names_its_library_type_and_id() {
    let key: UsageKey = parse("lb:org:lib:problem:p1");
    assert_eq!(key.context_key(), parse("lib:org:lib"));
    assert_eq!((key.block_type(), key.block_id()), ("problem", "p1"));
}

#[test]
fn row_007_a_library_usage_key_has_no_definition_key() {
    let key: UsageKey = parse("lb:org:lib:problem:p1");
    assert!(key.as_str().parse::<DefinitionKey>().is_err());
    assert!(key.parts().iter().all(|(name, _)| !name.contains("definition")));
}

#[test]
fn row_008_a_library_usage_key_is_mapped_into_its_own_library_only() {
    let key: UsageKey = parse("lb:org:lib:problem:p1");
    assert_eq!(key.map_into_course(&parse("lib:org:lib")), Ok(key.clone()));
    for other in ["lib:org:other", "course-v1:org+lib+run", "library-v1:org+lib"] {
        let refused = key.map_into_course(&parse(other)).unwrap_err();
        assert_eq!(refused.reason, "a block of a content library stays in its library");
    }
}

#[test]
fn row_009_containers_and_collections_name_their_library_type_and_id() {
    let container: ContainerKey = parse("lct:TestX:LibraryX:section:s1");
    assert_eq!(container.library_key(), &parse("lib:TestX:LibraryX"));
    assert_eq!((container.container_type(), container.container_id()), ("section", "s1"));
    let collection: CollectionKey = parse("lib-collection:TestX:LibraryX:c1");
    assert_eq!(collection.library_key(), &parse("lib:TestX:LibraryX"));
    assert_eq!(collection.collection_id(), "c1");
}

#[test]
fn a_block_is_mapped_into_another_run_in_the_form_of_that_run() {
    let course: LearningContextKey = parse("course-v1:o+c+r+branch@b");
    let found: UsageKey = parse("i4x://org/course/problem/p1@draft");
    let mapped = found.map_into_course(&course).unwrap();
    assert_eq!(mapped.as_str(), "block-v1:o+c+r+branch@b+type@problem+block@p1");
    let back = mapped.map_into_course(&parse("org/course/run")).unwrap();
    assert_eq!((back.as_str(), back.context_key()), ("i4x://org/course/problem/p1", parse("org/course/run")));
}

#[test]
fn a_block_whose_name_the_course_cannot_hold_is_not_mapped() {
    let found: UsageKey = parse("i4x://org/course/problem/50%25");
    let refused = found.map_into_course(&parse("course-v1:o+c+r")).unwrap_err();
    assert!(refused.reason.starts_with("the block id has `%` in it"), "{refused}");
}

#[test]
fn a_block_is_never_mapped_into_a_context_of_another_kind() {
    let block: UsageKey = parse("block-v1:a+b+c+type@t+block@i");
    for other in ["lib:o:s", "library-v1:o+l"] {
        assert!(block.map_into_course(&parse(other)).is_err(), "{other}");
    }
}

#[test]
fn learners_state_names_a_block_without_branch_and_version() {
    let version = "519665f6223ebd6980884f2b";
    let key: UsageKey = parse(&format!("block-v1:o+c+r+branch@b+version@{version}+type@t+block@i"));
    assert_eq!(key.for_branch(None).unwrap().as_str(), "block-v1:o+c+r+type@t+block@i");
    let library: UsageKey = parse("lb:o:s:t:i");
    assert_eq!(library.for_branch(None), Ok(library.clone()));
    assert!(library.for_branch(Some("draft")).is_err());
}

#[test]
fn a_course_changes_branch_and_version_as_the_reference_does() {
    let version = "519665f6223ebd6980884f2b";
    let course: CourseKey = parse(&format!("course-v1:o+c+r+branch@b+version@{version}"));
    assert_eq!(course.for_branch(Some("x")).unwrap().as_str(), "course-v1:o+c+r+branch@x");
    assert_eq!(course.version_agnostic().unwrap().as_str(), "course-v1:o+c+r+branch@b");
    assert_eq!(course.for_branch(None).unwrap().for_version(version).unwrap().version(), Some(version));
    let alone: CourseKey = parse(&format!("course-v1:version@{version}"));
    assert!(alone.for_branch(Some("x")).is_err() && alone.version_agnostic().is_err());
    assert!(course.for_version("0123").is_err() && course.for_branch(Some("a+b")).is_err());
}

#[test]
fn keys_are_ordered_by_their_parts() {
    let mut keys: Vec<LibraryKey> = ["lib:a:z", "lib:a-b:c", "lib:A:z", "lib:a:b"].map(parse).into();
    keys.sort();
    let texts: Vec<&str> = keys.iter().map(LibraryKey::as_str).collect();
    assert_eq!(texts, ["lib:A:z", "lib:a:b", "lib:a:z", "lib:a-b:c"]);
}

#[test]
fn case_is_kept_and_distinguishes() {
    assert_ne!(parse::<LibraryKey>("lib:Org:A"), parse("lib:org:a"));
    assert!("LIB:org:a".parse::<LearningContextKey>().is_err());
}

#[test]
fn a_course_in_the_deprecated_form_is_not_the_same_key() {
    assert_ne!(parse::<CourseKey>("o/c/r"), parse("course-v1:o+c+r"));
    assert_eq!(parse::<CourseKey>("slashes:o+c+r"), parse("course-v1:o+c+r"));
}

#[test]
fn parts_that_would_change_the_key_are_refused_when_it_is_made() {
    assert!(CourseKey::new("o", "c", "r+branch@b").is_err());
    assert!(LibraryKey::new("o:p", "s").is_err());
    let course: LearningContextKey = parse("course-v1:o+c+r");
    assert!(course.make_usage_key("t+block@x", "i").is_err());
    assert!(course.make_usage_key("t", "").is_err());
}

#[test]
fn serde_reads_and_writes_the_text() {
    let key: UsageKey = parse("lb:org:lib:problem:p1");
    let json = serde_json::to_string(&key).unwrap();
    assert_eq!(json, r#""lb:org:lib:problem:p1""#);
    assert_eq!(serde_json::from_str::<UsageKey>(&json).unwrap(), key);
    assert!(serde_json::from_str::<UsageKey>(r#""lb:org:lib:problem:""#).is_err());
}

#[test]
fn a_message_names_what_was_asked_for_and_what_was_given() {
    let invalid = "lib:org:slug\n".parse::<LibraryKey>().unwrap_err();
    let wanted = "`lib:org:slug\\n` is not a valid library key: the slug has `\\n` in it; \
                  allowed are letters, digits, `_`, `-` and `.`";
    assert_eq!(invalid.to_string(), wanted);
}
