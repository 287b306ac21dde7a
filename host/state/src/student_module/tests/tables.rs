use blockhouse_fields::Scope;
use blockhouse_keys::UsageKey;

use super::{Bed, Testable, on_every_database};
use crate::StateError;
use crate::conformance::person::{FIELDS, NOW};
use crate::conformance::{commit_of, usage};

const TABLES: [&str; 4] = [
    "courseware_studentmodule",
    "courseware_xmoduleuserstatesummaryfield",
    "courseware_xmodulestudentprefsfield",
    "courseware_xmodulestudentinfofield",
];

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

const CREATED: &str = "2023-11-14 22:13:20.123000";
const LATER: &str = "2023-11-14 22:13:21.123000";

async fn row_075_the_row_of_a_library_block_has_the_columns_of_open_edx<D: Testable>(bed: Bed<D>) {
    let block = "lb:Org:lib:problem:p".parse().unwrap();
    bed.learner(7).set(&block, Scope::UserState, "U", Some("1")).await;
    let columns = [
        ("module_type", Some("problem")),
        ("module_id", Some("lb:Org:lib:problem:p")),
        ("course_id", Some("lib:Org:lib")),
        ("state", Some("{\"U\":1}")),
        ("done", Some("na")),
        (&D::time_as_text("created"), Some(CREATED)),
        (&D::time_as_text("modified"), Some(CREATED)),
    ];
    for (column, expected) in columns {
        let found = bed.texts(column, "courseware_studentmodule").await;
        assert_eq!(found, [expected.map(str::to_owned)], "{column}");
    }
    let rest = "courseware_studentmodule WHERE student_id = 7 AND grade IS NULL AND max_grade IS NULL";
    assert_eq!(bed.count(rest).await, 1);
}

async fn a_later_commit_changes_modified_and_not_created<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    alice.set_all(&block, "1").await;
    let writes = FIELDS.map(|(scope, field)| (alice.key(&block, scope, field), Some("2")));
    let mut commit = commit_of(&alice.user, &alice.load(&block).await, &writes, Vec::new());
    commit.now_ms = NOW + 1000;
    alice.store.commit(commit).await.unwrap();
    for table in TABLES {
        let created = bed.texts(&D::time_as_text("created"), table).await;
        let modified = bed.texts(&D::time_as_text("modified"), table).await;
        assert_eq!((created, modified), (vec![some(CREATED)], vec![some(LATER)]), "{table}");
    }
}

async fn row_082_deleting_the_last_field_leaves_a_row_with_an_empty_object<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    alice.set_all(&block, "1").await;
    for (scope, field) in FIELDS {
        alice.set(&block, scope, field, None).await;
    }
    assert_eq!(bed.texts("state", "courseware_studentmodule").await, [some("{}")]);
    for table in &TABLES[1..] {
        assert_eq!(bed.count(table).await, 0, "{table}");
    }
}

async fn row_083_deleting_what_was_never_set_makes_no_row<D: Testable>(bed: Bed<D>) {
    bed.learner(1).set(&usage("C", "problem", "p"), Scope::UserState, "U", None).await;
    assert_eq!(bed.count("courseware_studentmodule").await, 0);
    assert_eq!(bed.count("courseware_studentmodulehistory").await, 0);
}

async fn row_086_all_user_state_of_a_block_is_one_write<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    let writes = ["U", "V", "W"].map(|field| (alice.key(&block, Scope::UserState, field), Some("1")));
    alice.write(&block, &writes).await.unwrap();
    // Every write of a problem's row leaves one row of history.
    assert_eq!(bed.count("courseware_studentmodulehistory").await, 1);
    let state = bed.texts("state", "courseware_studentmodule").await;
    assert_eq!(state, [some("{\"U\":1,\"V\":1,\"W\":1}")]);
}

async fn row_088_only_problems_have_a_history<D: Testable>(bed: Bed<D>) {
    let alice = bed.learner(1);
    for block in [usage("C", "problem", "p"), usage("C", "video", "v")] {
        for value in ["1", "2"] {
            alice.set(&block, Scope::UserState, "U", Some(value)).await;
        }
    }
    let history = "courseware_studentmodulehistory h
                   JOIN courseware_studentmodule m ON m.id = h.student_module_id ORDER BY h.id DESC";
    assert_eq!(bed.texts("h.state", history).await, [some("{\"U\":2}"), some("{\"U\":1}")]);
    assert_eq!(bed.texts("m.module_type", history).await, [some("problem"), some("problem")]);
    assert_eq!(bed.texts(&D::time_as_text("h.created"), history).await, [some(CREATED), some(CREATED)]);
}

async fn a_row_that_open_edx_wrote_keeps_its_order_and_its_numbers<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    alice.set(&block, Scope::UserState, "U", Some("0")).await;
    bed.execute(
        r#"UPDATE courseware_studentmodule
           SET state = '{"seed": 123456789012345678901, "U": 0, "score": {"raw_earned": 1.0}}'"#,
    )
    .await;
    alice.set(&block, Scope::UserState, "U", Some("1")).await;
    let state = bed.texts("state", "courseware_studentmodule").await;
    assert_eq!(state, [some(r#"{"seed":123456789012345678901,"U":1,"score":{"raw_earned": 1.0}}"#)]);
}

async fn a_row_without_state_is_unset_and_can_be_written<D: Testable>(bed: Bed<D>) {
    let (alice, block) = (bed.learner(1), usage("C", "problem", "p"));
    alice.set(&block, Scope::UserState, "U", Some("0")).await;
    bed.execute("UPDATE courseware_studentmodule SET state = NULL").await;
    assert_eq!(alice.get(&block, Scope::UserState, "U").await, None);
    alice.set(&block, Scope::UserState, "U", Some("1")).await;
    assert_eq!(alice.get(&block, Scope::UserState, "U").await.as_deref(), Some("1"));
}

async fn damaged_state_is_shown_as_unset_and_never_overwritten<D: Testable>(bed: Bed<D>) {
    let (alice, block, other) = (bed.learner(1), usage("C", "problem", "p"), usage("C", "problem", "q"));
    alice.set(&block, Scope::UserState, "U", Some("0")).await;
    alice.set(&other, Scope::UserState, "U", Some("0")).await;
    let damaged =
        format!("UPDATE courseware_studentmodule SET state = '{{\"U\": NaN}}' WHERE module_id = '{block}'");
    bed.execute(&damaged).await;
    assert_eq!(alice.get(&block, Scope::UserState, "U").await, None);
    let refused = alice.write(&block, &[(alice.key(&block, Scope::UserState, "V"), Some("1"))]).await;
    assert!(matches!(refused, Err(StateError::Damaged { usage, .. }) if usage == block));
    assert_eq!(alice.get(&other, Scope::UserState, "U").await.as_deref(), Some("0"));
    let state = bed.texts("state", &format!("courseware_studentmodule WHERE module_id = '{block}'")).await;
    assert_eq!(state, [some("{\"U\": NaN}")]);
}

async fn what_does_not_fit_its_column_is_refused_before_anything_is_written<D: Testable>(bed: Bed<D>) {
    let alice = bed.learner(1);
    let fine = usage("C", "problem", "p");
    let long_id = usage("C", "problem", &"i".repeat(255));
    let long_type = usage("C", &"t".repeat(33), "p");
    let long_name = "n".repeat(65);
    let cases: [(&UsageKey, Scope, &str, &str, usize); 5] = [
        (&long_id, Scope::UserState, "U", "usage key", 255),
        (&long_id, Scope::UserStateSummary, "A", "usage key", 255),
        (&long_type, Scope::UserState, "U", "block type", 32),
        (&fine, Scope::Preferences, &long_name, "field name", 64),
        (&fine, Scope::UserInfo, &long_name, "field name", 64),
    ];
    for (block, scope, field, expected, size) in cases {
        let writes = [
            (alice.key(&fine, Scope::UserState, "U"), Some("1")),
            (alice.key(block, scope, field), Some("1")),
        ];
        let refused = alice.write(block, &writes).await;
        assert!(
            matches!(refused, Err(StateError::TooLong { what, limit }) if what == expected && limit == size)
        );
    }
    assert_eq!(bed.count("courseware_studentmodule").await, 0);
}

on_every_database! {
    row_075_the_row_of_a_library_block_has_the_columns_of_open_edx,
    a_later_commit_changes_modified_and_not_created,
    row_082_deleting_the_last_field_leaves_a_row_with_an_empty_object,
    row_083_deleting_what_was_never_set_makes_no_row,
    row_086_all_user_state_of_a_block_is_one_write,
    row_088_only_problems_have_a_history,
    a_row_that_open_edx_wrote_keeps_its_order_and_its_numbers,
    a_row_without_state_is_unset_and_can_be_written,
    damaged_state_is_shown_as_unset_and_never_overwritten,
    what_does_not_fit_its_column_is_refused_before_anything_is_written,
}
