use blockhouse_fields::Scope;
use blockhouse_keys::UsageKey;
use sqlx::Row;

use super::File;
use crate::StateError;
use crate::conformance::person::{FIELDS, NOW};
use crate::conformance::{commit_of, usage};

const CREATED: &str = "2023-11-14 22:13:20.123000";
const LATER: &str = "2023-11-14 22:13:21.123000";

#[tokio::test]
async fn row_075_the_row_of_a_library_block_has_the_columns_of_open_edx() {
    let file = File::new().await;
    let block = "lb:Org:lib:problem:p".parse().unwrap();
    file.learner(7).set(&block, Scope::UserState, "U", Some("1")).await;
    let rows = file.rows("SELECT * FROM courseware_studentmodule").await;
    let row = &rows[0];
    assert_eq!(row.get::<String, _>("module_type"), "problem");
    assert_eq!(row.get::<String, _>("module_id"), "lb:Org:lib:problem:p");
    assert_eq!(row.get::<String, _>("course_id"), "lib:Org:lib");
    assert_eq!(row.get::<i64, _>("student_id"), 7);
    assert_eq!(row.get::<String, _>("state"), "{\"U\":1}");
    assert_eq!(row.get::<Option<f64>, _>("grade"), None);
    assert_eq!(row.get::<Option<f64>, _>("max_grade"), None);
    assert_eq!(row.get::<String, _>("done"), "na");
    assert_eq!(row.get::<String, _>("created"), CREATED);
    assert_eq!(row.get::<String, _>("modified"), CREATED);
}

#[tokio::test]
async fn a_later_commit_changes_modified_and_not_created() {
    let file = File::new().await;
    let (alice, block) = (file.learner(1), usage("C", "problem", "p"));
    alice.set_all(&block, "1").await;
    let writes = FIELDS.map(|(scope, field)| (alice.key(&block, scope, field), Some("2")));
    let mut commit = commit_of(&alice.user, &alice.load(&block).await, &writes, Vec::new());
    commit.now_ms = NOW + 1000;
    alice.store.commit(commit).await.unwrap();
    for select in [
        "SELECT created, modified FROM courseware_studentmodule",
        "SELECT created, modified FROM courseware_xmoduleuserstatesummaryfield",
        "SELECT created, modified FROM courseware_xmodulestudentprefsfield",
        "SELECT created, modified FROM courseware_xmodulestudentinfofield",
    ] {
        let rows = file.rows(select).await;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].get::<String, _>("created"), CREATED);
        assert_eq!(rows[0].get::<String, _>("modified"), LATER);
    }
}

#[tokio::test]
async fn row_082_deleting_the_last_field_leaves_a_row_with_an_empty_object() {
    let file = File::new().await;
    let (alice, block) = (file.learner(1), usage("C", "problem", "p"));
    alice.set_all(&block, "1").await;
    for (scope, field) in FIELDS {
        alice.set(&block, scope, field, None).await;
    }
    assert_eq!(file.count("SELECT state = '{}' FROM courseware_studentmodule").await, 1);
    for select in [
        "SELECT count(*) FROM courseware_xmoduleuserstatesummaryfield",
        "SELECT count(*) FROM courseware_xmodulestudentprefsfield",
        "SELECT count(*) FROM courseware_xmodulestudentinfofield",
    ] {
        assert_eq!(file.count(select).await, 0);
    }
}

#[tokio::test]
async fn row_083_deleting_what_was_never_set_makes_no_row() {
    let file = File::new().await;
    file.learner(1).set(&usage("C", "problem", "p"), Scope::UserState, "U", None).await;
    assert_eq!(file.count("SELECT count(*) FROM courseware_studentmodule").await, 0);
    assert_eq!(file.count("SELECT count(*) FROM courseware_studentmodulehistory").await, 0);
}

#[tokio::test]
async fn row_086_all_user_state_of_a_block_is_one_write() {
    let file = File::new().await;
    let (alice, block) = (file.learner(1), usage("C", "problem", "p"));
    let writes = ["U", "V", "W"].map(|field| (alice.key(&block, Scope::UserState, field), Some("1")));
    alice.write(&block, &writes).await.unwrap();
    // Every write of a problem's row leaves one row of history.
    assert_eq!(file.count("SELECT count(*) FROM courseware_studentmodulehistory").await, 1);
    assert_eq!(
        file.count("SELECT state = '{\"U\":1,\"V\":1,\"W\":1}' FROM courseware_studentmodule").await,
        1
    );
}

#[tokio::test]
async fn row_088_only_problems_have_a_history() {
    let file = File::new().await;
    let alice = file.learner(1);
    for block in [usage("C", "problem", "p"), usage("C", "video", "v")] {
        for value in ["1", "2"] {
            alice.set(&block, Scope::UserState, "U", Some(value)).await;
        }
    }
    let rows = file
        .rows(
            "SELECT h.state, h.created, m.module_type FROM courseware_studentmodulehistory h
             JOIN courseware_studentmodule m ON m.id = h.student_module_id ORDER BY h.id DESC",
        )
        .await;
    let states: Vec<String> = rows.iter().map(|row| row.get("state")).collect();
    assert_eq!(states, ["{\"U\":2}", "{\"U\":1}"]);
    assert!(rows.iter().all(|row| row.get::<String, _>("module_type") == "problem"));
    assert!(rows.iter().all(|row| row.get::<String, _>("created") == CREATED));
}

#[tokio::test]
async fn a_row_that_open_edx_wrote_keeps_its_order_and_its_numbers() {
    let file = File::new().await;
    let (alice, block) = (file.learner(1), usage("C", "problem", "p"));
    alice.set(&block, Scope::UserState, "U", Some("0")).await;
    file.execute(
        r#"UPDATE courseware_studentmodule
           SET state = '{"seed": 123456789012345678901, "U": 0, "score": {"raw_earned": 1.0}}'"#,
    )
    .await;
    alice.set(&block, Scope::UserState, "U", Some("1")).await;
    let rows = file.rows("SELECT state FROM courseware_studentmodule").await;
    assert_eq!(
        rows[0].get::<String, _>("state"),
        r#"{"seed":123456789012345678901,"U":1,"score":{"raw_earned": 1.0}}"#
    );
}

#[tokio::test]
async fn a_row_without_state_is_unset_and_can_be_written() {
    let file = File::new().await;
    let (alice, block) = (file.learner(1), usage("C", "problem", "p"));
    alice.set(&block, Scope::UserState, "U", Some("0")).await;
    file.execute("UPDATE courseware_studentmodule SET state = NULL").await;
    assert_eq!(alice.get(&block, Scope::UserState, "U").await, None);
    alice.set(&block, Scope::UserState, "U", Some("1")).await;
    assert_eq!(alice.get(&block, Scope::UserState, "U").await.as_deref(), Some("1"));
}

#[tokio::test]
async fn damaged_state_is_shown_as_unset_and_never_overwritten() {
    let file = File::new().await;
    let (alice, block, other) = (file.learner(1), usage("C", "problem", "p"), usage("C", "problem", "q"));
    alice.set(&block, Scope::UserState, "U", Some("0")).await;
    alice.set(&other, Scope::UserState, "U", Some("0")).await;
    file.execute("UPDATE courseware_studentmodule SET state = '{\"U\": NaN}' WHERE id = 1").await;
    assert_eq!(alice.get(&block, Scope::UserState, "U").await, None);
    let refused = alice.write(&block, &[(alice.key(&block, Scope::UserState, "V"), Some("1"))]).await;
    assert!(matches!(refused, Err(StateError::Damaged { usage, .. }) if usage == block));
    assert_eq!(alice.get(&other, Scope::UserState, "U").await.as_deref(), Some("0"));
    assert_eq!(file.count("SELECT state = '{\"U\": NaN}' FROM courseware_studentmodule").await, 1);
}

#[tokio::test]
async fn what_does_not_fit_its_column_is_refused_before_anything_is_written() {
    let file = File::new().await;
    let alice = file.learner(1);
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
    assert_eq!(file.count("SELECT count(*) FROM courseware_studentmodule").await, 0);
}

#[tokio::test]
async fn every_table_is_read_by_index() {
    let file = File::new().await;
    let plan = sqlx::query(sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", super::super::rows::SELECT)))
        .bind(1)
        .bind("[]")
        .bind("[]")
        .bind("[]")
        .bind(true)
        .fetch_all(&file.store.readers)
        .await
        .unwrap();
    let steps: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
    for (table, columns) in [
        ("courseware_studentmodule", "(student_id=? AND module_id=? AND course_id=?)"),
        ("courseware_xmoduleuserstatesummaryfield", "(usage_id=? AND field_name=?)"),
        ("courseware_xmodulestudentprefsfield", "(student_id=? AND module_type=?)"),
        ("courseware_xmodulestudentinfofield", "(student_id=?)"),
    ] {
        let search = format!("SEARCH {table} USING INDEX ");
        let by_index = |step: &String| step.starts_with(&search) && step.ends_with(columns);
        assert!(steps.iter().any(by_index), "{steps:#?}");
    }
    assert!(!steps.iter().any(|step| step.starts_with("SCAN courseware")), "{steps:#?}");
}
