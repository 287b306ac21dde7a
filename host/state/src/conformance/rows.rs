//! Rows of spec section 10.4 and 10.5, at the level of the store, and what follows from `StateStore`.

use std::sync::Arc;

use blockhouse_fields::{Scope, StoreKey};
use blockhouse_keys::UsageKey;

use super::Subject;
use super::person::{FIELDS, Person, commit_of, usage};
use crate::{BlockRef, Commit, Revision, Snapshot, StateError};

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

pub async fn row_060_a_fresh_block_has_no_state(subject: Subject) {
    let alice = subject.person(1);
    assert_eq!(alice.all(&usage("C", "problem", "1")).await, [None, None, None, None]);
}

pub async fn row_061_one_person_finds_all_four_scopes_again(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    alice.set_all(&block, "\"hers\"").await;
    assert_eq!(alice.all(&block).await, [(); 4].map(|()| some("\"hers\"")));
}

pub async fn row_062_another_block_of_the_type_shares_preferences_and_user_info(subject: Subject) {
    let alice = subject.person(1);
    alice.set_all(&usage("C", "problem", "1"), "1").await;
    let found = alice.all(&usage("C", "problem", "2")).await;
    assert_eq!(found, [None, None, some("1"), some("1")]);
}

pub async fn row_063_another_person_shares_the_summary_only(subject: Subject) {
    let block = usage("C", "problem", "1");
    subject.person(1).set_all(&block, "1").await;
    assert_eq!(subject.person(2).all(&block).await, [None, some("1"), None, None]);
}

pub async fn row_064_preferences_are_per_type_and_user_info_is_not(subject: Subject) {
    let (alice, bob) = (subject.person(1), subject.person(2));
    alice.set_all(&usage("C", "problem", "1"), "1").await;
    let other_type = usage("C", "video", "1");
    assert_eq!(alice.all(&other_type).await, [None, None, None, some("1")]);
    assert_eq!(bob.all(&other_type).await, [None, None, None, None]);
}

pub async fn row_065_the_same_block_in_two_contexts_is_two_blocks(subject: Subject) {
    let alice = subject.person(1);
    let (here, there) = (usage("C1", "problem", "1"), usage("C2", "problem", "1"));
    alice.set(&here, Scope::UserState, "U", Some("1")).await;
    alice.set(&here, Scope::UserStateSummary, "A", Some("1")).await;
    alice.set(&there, Scope::UserState, "U", Some("2")).await;
    assert_eq!(alice.all(&here).await, [some("1"), some("1"), None, None]);
    assert_eq!(alice.all(&there).await, [some("2"), None, None, None]);
}

pub async fn row_078_two_fields_written_at_the_same_time_are_both_kept(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    let before = alice.load(&block).await;
    for field in ["U", "V"] {
        let key = alice.key(&block, Scope::UserState, field);
        alice.write_on(&before, &[(key, Some("1"))]).await.expect("fields do not conflict");
    }
    assert_eq!(alice.get(&block, Scope::UserState, "U").await, some("1"));
    assert_eq!(alice.get(&block, Scope::UserState, "V").await, some("1"));
}

pub async fn row_079_of_two_writes_on_one_reading_the_second_is_a_conflict(subject: Subject) {
    let (alice, bob, block) = (subject.person(1), subject.person(2), usage("C", "poll", "1"));
    let key = alice.key(&block, Scope::UserStateSummary, "A");
    let before = bob.load(&block).await;
    alice.write_on(&before, &[(key.clone(), Some("1"))]).await.expect("the first");
    let second = bob.write_on(&before, &[(key, Some("2"))]).await;
    assert!(matches!(second, Err(StateError::Conflict)));
    assert_eq!(bob.get(&block, Scope::UserStateSummary, "A").await, some("1"));
}

pub async fn row_080_a_missing_field_is_absent_with_and_without_other_fields(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    for (scope, field) in FIELDS {
        assert_eq!(alice.get(&block, scope, "missing").await, None);
        alice.set(&block, scope, field, Some("0")).await;
        assert_eq!(alice.get(&block, scope, field).await, some("0"));
        assert_eq!(alice.get(&block, scope, "missing").await, None);
    }
}

pub async fn row_081_setting_a_field_keeps_the_other_fields_of_the_block(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    alice.set(&block, Scope::UserState, "U", Some("{\"a\":[1,2]}")).await;
    alice.set(&block, Scope::UserState, "V", Some("2")).await;
    alice.set(&block, Scope::UserState, "V", Some("3")).await;
    assert_eq!(alice.get(&block, Scope::UserState, "U").await, some("{\"a\":[1,2]}"));
    assert_eq!(alice.get(&block, Scope::UserState, "V").await, some("3"));
}

pub async fn row_082_a_block_whose_last_field_is_deleted_has_no_state(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    alice.set_all(&block, "1").await;
    for (scope, field) in FIELDS {
        alice.set(&block, scope, field, None).await;
    }
    assert_eq!(alice.all(&block).await, [None, None, None, None]);
}

pub async fn row_083_deleting_a_missing_field_changes_nothing(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    for (scope, field) in FIELDS {
        alice.set(&block, scope, "missing", None).await;
        alice.set(&block, scope, field, Some("1")).await;
        alice.set(&block, scope, "missing", None).await;
    }
    assert_eq!(alice.all(&block).await, [(); 4].map(|()| some("1")));
}

pub async fn row_084_authored_scopes_have_no_key_in_a_store(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    for scope in [Scope::Content, Scope::Settings, Scope::Children, Scope::Parent] {
        assert_eq!(StoreKey::compose(scope, &alice.user, &block, "f"), None);
    }
}

pub async fn row_085_four_scopes_are_stored_together_or_not_at_all(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    for wrong in 0..FIELDS.len() {
        let mut writes = FIELDS.map(|(scope, field)| (alice.key(&block, scope, field), Some("1")));
        writes[wrong].1 = Some("not JSON");
        let refused = alice.write(&block, &writes).await;
        assert!(matches!(refused, Err(StateError::NotJson { .. })));
        assert_eq!(alice.all(&block).await, [None, None, None, None]);
    }
}

pub async fn row_087_nobody_elses_state_is_taken(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    let stranger = &subject.stranger;
    let key = StoreKey::UserStateSummary(block.clone(), Arc::from("A"));
    let commit = commit_of(stranger, &alice.load(&block).await, &[(key, Some("1"))], Vec::new());
    let refused = subject.store.commit(commit).await;
    assert!(matches!(refused, Err(StateError::WrongUser(user)) if user == *stranger));
    let refused = subject.store.load(stranger, &[]).await;
    assert!(matches!(refused, Err(StateError::WrongUser(user)) if user == *stranger));
    assert_eq!(alice.all(&block).await, [None, None, None, None]);
}

pub async fn a_commit_that_takes_back_a_deleted_field_is_a_conflict(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    alice.set_all(&block, "1").await;
    let before = alice.load(&block).await;
    for (scope, field) in FIELDS {
        alice.set(&block, scope, field, None).await;
        let again = alice.write_on(&before, &[(alice.key(&block, scope, field), Some("2"))]).await;
        assert!(matches!(again, Err(StateError::Conflict)));
    }
    assert_eq!(alice.all(&block).await, [None, None, None, None]);
}

pub async fn a_conflict_in_any_scope_stores_nothing(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    for (scope, field) in FIELDS {
        let before = alice.load(&block).await;
        alice.set(&block, scope, field, Some("\"first\"")).await;
        let expected = alice.all(&block).await;
        let writes = FIELDS.map(|(scope, field)| (alice.key(&block, scope, field), Some("2")));
        let second = alice.write_on(&before, &writes).await;
        assert!(matches!(second, Err(StateError::Conflict)));
        assert_eq!(alice.all(&block).await, expected);
    }
}

pub async fn a_read_that_was_not_written_counts_too(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    let before = alice.load(&block).await;
    let key = alice.key(&block, Scope::UserInfo, "J");
    let mut commit = commit_of(&alice.user, &before, &[(key, Some("1"))], Vec::new());
    commit.reads.push((alice.key(&block, Scope::UserState, "U"), Revision(None)));
    alice.set(&block, Scope::UserState, "U", Some("1")).await;
    assert!(matches!(subject.store.commit(commit).await, Err(StateError::Conflict)));
    assert_eq!(alice.get(&block, Scope::UserInfo, "J").await, None);
}

pub async fn a_commit_cannot_touch_another_persons_keys(subject: Subject) {
    let (alice, bob, block) = (subject.person(1), subject.person(2), usage("C", "problem", "1"));
    for scope in [Scope::UserState, Scope::Preferences, Scope::UserInfo] {
        let bobs = bob.key(&block, scope, "U");
        let refused = alice.write(&block, &[(bobs, Some("1"))]).await;
        assert!(matches!(refused, Err(StateError::WrongUser(user)) if user == bob.user));
        assert_eq!(bob.get(&block, scope, "U").await, None);
    }
}

pub async fn json_text_comes_back_digit_by_digit(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    let texts = [
        "null",
        "123456789012345678901234567890",
        "0.10000000000000000555",
        "1.50",
        "-0.0",
        "1E400",
        "{\"z\": 1, \"a\": {\"y\": [], \"b\": null}, \"z\": 2}",
        "\"\\u0000\\ud834\\udd1e ü 𝄞 '); DROP TABLE x; --\"",
    ];
    for text in texts {
        alice.set_all(&block, text).await;
        assert_eq!(alice.all(&block).await, [(); 4].map(|()| some(text)));
    }
}

pub async fn white_space_around_a_value_is_not_part_of_it(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    alice.set_all(&block, " [1, 2]\n").await;
    assert_eq!(alice.all(&block).await, [(); 4].map(|()| some("[1, 2]")));
}

pub async fn a_load_gives_what_was_asked_for_and_no_more(subject: Subject) {
    let alice = subject.person(1);
    let blocks: Vec<_> = (0..20).map(|n| usage("C", &format!("t{}", n % 3), &n.to_string())).collect();
    for block in &blocks {
        alice.set_all(block, "1").await;
        alice.set(block, Scope::UserStateSummary, "not asked for", Some("1")).await;
    }
    let wanted: Vec<_> =
        blocks[..10].iter().map(|block| BlockRef::whole(block.clone(), vec![Arc::from("A")])).collect();
    let snapshot = subject.store.load(&alice.user, &wanted).await.expect("a snapshot");
    let count = |kind: fn(&StoreKey) -> bool| snapshot.values.keys().filter(|key| kind(key)).count();
    assert_eq!(count(|key| matches!(key, StoreKey::UserState(..))), 10);
    assert_eq!(count(|key| matches!(key, StoreKey::UserStateSummary(..))), 10);
    assert_eq!(count(|key| matches!(key, StoreKey::Preferences(..))), 3);
    assert_eq!(count(|key| matches!(key, StoreKey::UserInfo(..))), 1);
    let scopes = |user_state, preferences, user_info| {
        let usage = blocks.first().expect("twenty blocks").clone();
        BlockRef { user_state, preferences, user_info, ..BlockRef::nothing(usage) }
    };
    for wanted in [scopes(true, false, false), scopes(false, true, false), scopes(false, true, true)] {
        let snapshot =
            subject.store.load(&alice.user, std::slice::from_ref(&wanted)).await.expect("a snapshot");
        let has = |kind: fn(&StoreKey) -> bool| snapshot.values.keys().any(kind);
        assert_eq!(has(|key| matches!(key, StoreKey::UserState(..))), wanted.user_state);
        assert_eq!(has(|key| matches!(key, StoreKey::Preferences(..))), wanted.preferences);
        assert_eq!(has(|key| matches!(key, StoreKey::UserInfo(..))), wanted.user_info);
        assert!(!has(|key| matches!(key, StoreKey::UserStateSummary(..))));
    }
}

pub async fn a_load_of_nothing_is_empty(subject: Subject) {
    let alice = subject.person(1);
    alice.set_all(&usage("C", "problem", "1"), "1").await;
    let snapshot = subject.store.load(&alice.user, &[]).await.expect("a snapshot");
    assert!(snapshot.values.is_empty() && snapshot.scores.is_empty());
}

pub async fn a_commit_of_nothing_is_no_conflict(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    let mut commit = commit_of(&alice.user, &alice.load(&block).await, &[], Vec::new());
    commit.reads.push((alice.key(&block, Scope::UserState, "U"), Revision(Some(Arc::from("1")))));
    subject.store.commit(commit).await.expect("a view that wrote nothing has nothing to lose");
}

pub async fn an_empty_store_is_ready(subject: Subject) {
    subject.store.ready().await.expect("ready");
}

pub async fn a_file_is_its_owners_and_comes_only_where_it_is_asked_for(subject: Subject) {
    let (alice, block) = (subject.person(1), usage("C", "problem", "1"));
    let [own, other, shared] =
        [(Some(alice.user.clone()), "a.txt"), (Some(alice.user.clone()), "A.txt"), (None, "a.txt")]
            .map(|(owner, name)| StoreKey::File(owner, block.clone(), Arc::from(name)));
    let writes =
        [(own.clone(), Some("\"b3du\"")), (other.clone(), Some("\"\"")), (shared.clone(), Some("\"YWxs\""))];
    alice.write_on(&Snapshot::default(), &writes).await.expect("a commit");
    assert!(alice.load(&block).await.values.is_empty());
    let found = files(&alice, &block).await;
    assert_eq!(found, [(own.clone(), "\"b3du\"".to_owned()), (shared.clone(), "\"YWxs\"".to_owned())]);
    let refused = alice.write_on(&Snapshot::default(), &[(own.clone(), Some("1"))]).await;
    assert!(matches!(refused, Err(StateError::Conflict)), "{refused:?}");
    let delete = Commit {
        reads: Vec::new(),
        ..commit_of(&alice.user, &Snapshot::default(), &[(own, None)], Vec::new())
    };
    alice.store.commit(delete).await.expect("a commit");
    assert_eq!(files(&alice, &block).await, [(shared, "\"YWxs\"".to_owned())]);
}

pub async fn another_person_shares_the_shared_files_only(subject: Subject) {
    let (alice, bob, block) = (subject.person(1), subject.person(2), usage("C", "problem", "1"));
    let [own, shared] = [Some(alice.user.clone()), None]
        .map(|owner| StoreKey::File(owner, block.clone(), Arc::from("a.txt")));
    let writes = [(own, Some("1")), (shared.clone(), Some("2"))];
    alice.write_on(&Snapshot::default(), &writes).await.expect("a commit");
    assert_eq!(files(&bob, &block).await, [(shared, "2".to_owned())]);
}

/// The person's own file `a.txt` and the one that all share.
async fn files(person: &Person, block: &UsageKey) -> Vec<(StoreKey, String)> {
    let names = vec![Arc::from("a.txt")];
    let wanted =
        BlockRef { own_files: names.clone(), shared_files: names, ..BlockRef::nothing(block.clone()) };
    let found = person.store.load(&person.user, &[wanted]).await.expect("a snapshot").values;
    let mut found: Vec<_> = found.into_iter().map(|(key, value)| (key, value.json.to_string())).collect();
    found.sort_by_key(|(key, _)| matches!(key, StoreKey::File(None, ..)));
    found
}
