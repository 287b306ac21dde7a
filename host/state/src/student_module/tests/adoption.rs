//! A copy of a database that Open edX has made and filled: older types, another character set, indices of its own.

use std::sync::Arc;

use blockhouse_fields::{Scope, UserId};

use super::bed::{Bed, Testable};
use crate::conformance::{Person, usage};
use crate::database::{MySql, Postgres, Sqlite};
use crate::{RecordsOf, Score, SqlStore, StateError, StateStore};

const BLOCK: &str = "block-v1:Org+C+Run+type@problem+block@p";
const CONTEXT: &str = "course-v1:Org+C+Run";

/// Replaces two tables by those that Open edX would have made, with one row in each, and starts a host there.
async fn adopted<D: Testable>(bed: &Bed<D>, tables: [&str; 2]) -> SqlStore<D> {
    for table in
        ["blockhouse_state_migrations", "courseware_studentmodule", "courseware_xmoduleuserstatesummaryfield"]
    {
        bed.execute(&format!("DROP TABLE {table}")).await;
    }
    for table in tables {
        bed.execute(table).await;
    }
    bed.execute(&format!(
        "INSERT INTO courseware_studentmodule
             (module_type, module_id, student_id, course_id, state, grade, max_grade, done, created, modified)
         VALUES ('problem', '{BLOCK}', 7, '{CONTEXT}', '{{\"U\": 1, \"seed\": 5}}', 0.5, 1, 'f',
                 '2015-01-02 03:04:05', '2016-01-02 03:04:05')"
    ))
    .await;
    bed.execute(&format!(
        "INSERT INTO courseware_xmoduleuserstatesummaryfield (field_name, value, created, modified, usage_id)
         VALUES ('A', '[1]', '2015-01-02 03:04:05', '2015-01-02 03:04:05', '{BLOCK}')"
    ))
    .await;
    D::open(&bed.place).await.0
}

/// What was there is found, changed where it stands, and can be exported.
async fn is_read_and_written<D: Testable>(bed: Bed<D>, tables: [&str; 2]) {
    let store: Arc<dyn StateStore> = Arc::new(adopted(&bed, tables).await);
    let alice = Person { store, user: UserId::Learner(7) };
    let block = usage("C", "problem", "p");
    assert_eq!(alice.get(&block, Scope::UserState, "seed").await.as_deref(), Some("5"));
    assert_eq!(alice.get(&block, Scope::UserStateSummary, "A").await.as_deref(), Some("[1]"));
    alice.set_all(&block, "2").await;
    alice.set_all(&usage("C", "problem", "new"), "3").await;
    assert_eq!(alice.all(&block).await[..2], [(); 2].map(|()| Some("2".to_owned())));

    let records = bed.store_records(&RecordsOf::Learner(alice.user.clone())).await;
    assert_eq!(records.len(), 2);
    assert_eq!(records[0].state.as_deref(), Some("{\"U\":2,\"seed\":5}"));
    assert_eq!(records[0].score, Some(Score { earned: 0.5, possible: 1.0 }));
    assert_eq!(records[0].created.to_string(), "2015-01-02T03:04:05Z");
    // What Open edX keeps in a column that we do not use stays.
    let done = bed.texts("done", "courseware_studentmodule ORDER BY id").await;
    assert_eq!(done, [Some("f".to_owned()), Some("na".to_owned())]);
}

#[tokio::test]
async fn a_mysql_database_of_open_edx_is_read_and_written() {
    let Some(bed) = MySql::bed().await else { return };
    let modules = "CREATE TABLE courseware_studentmodule (
        id int NOT NULL AUTO_INCREMENT, module_type varchar(32) NOT NULL, module_id varchar(255) NOT NULL,
        course_id varchar(255) NOT NULL, state longtext, grade double DEFAULT NULL, max_grade double DEFAULT NULL,
        done varchar(8) NOT NULL, created datetime(6) NOT NULL, modified datetime(6) NOT NULL, student_id int NOT NULL,
        PRIMARY KEY (id), UNIQUE KEY a (student_id, module_id, course_id), KEY b (course_id), KEY c (module_type))
        ENGINE=InnoDB DEFAULT CHARSET=utf8mb3";
    let summaries = "CREATE TABLE courseware_xmoduleuserstatesummaryfield (
        id int NOT NULL AUTO_INCREMENT, field_name varchar(64) NOT NULL, value longtext NOT NULL,
        created datetime(6) NOT NULL, modified datetime(6) NOT NULL, usage_id varchar(255) NOT NULL,
        PRIMARY KEY (id), UNIQUE KEY a (usage_id, field_name), KEY b (field_name))
        ENGINE=InnoDB DEFAULT CHARSET=utf8mb3";
    is_read_and_written(bed, [modules, summaries]).await;
}

#[tokio::test]
async fn a_postgres_database_of_open_edx_is_read_and_written() {
    let Some(bed) = Postgres::bed().await else { return };
    let modules = "CREATE TABLE courseware_studentmodule (
        id serial PRIMARY KEY, module_type varchar(32) NOT NULL, module_id varchar(255) NOT NULL,
        course_id varchar(255) NOT NULL, state text NULL, grade double precision NULL, max_grade double precision NULL,
        done varchar(8) NOT NULL, created timestamp with time zone NOT NULL, modified timestamp with time zone NOT NULL,
        student_id integer NOT NULL, UNIQUE (student_id, module_id, course_id))";
    let summaries = "CREATE TABLE courseware_xmoduleuserstatesummaryfield (
        id serial PRIMARY KEY, field_name varchar(64) NOT NULL, value text NOT NULL,
        created timestamp with time zone NOT NULL, modified timestamp with time zone NOT NULL,
        usage_id varchar(255) NOT NULL, UNIQUE (usage_id, field_name))";
    is_read_and_written(bed, [modules, summaries]).await;
}

#[tokio::test]
async fn a_sqlite_database_of_open_edx_is_read_and_written() {
    let bed = Sqlite::bed().await.unwrap();
    let modules = "CREATE TABLE courseware_studentmodule (
        id integer NOT NULL PRIMARY KEY AUTOINCREMENT, module_type varchar(32) NOT NULL, module_id varchar(255) NOT NULL,
        course_id varchar(255) NOT NULL, state text NULL, grade real NULL, max_grade real NULL,
        done varchar(8) NOT NULL, created datetime NOT NULL, modified datetime NOT NULL, student_id integer NOT NULL)";
    let summaries = "CREATE TABLE courseware_xmoduleuserstatesummaryfield (
        id integer NOT NULL PRIMARY KEY AUTOINCREMENT, field_name varchar(64) NOT NULL, value text NOT NULL,
        created datetime NOT NULL, modified datetime NOT NULL, usage_id varchar(255) NOT NULL)";
    is_read_and_written(bed, [modules, summaries]).await;
}

/// Open edX's tables may take two keys for one that differ in case. Neither learner sees, or loses, the other's state.
#[tokio::test]
async fn keys_that_a_database_confuses_are_kept_apart() {
    let Some(bed) = MySql::bed().await else { return };
    let modules = "CREATE TABLE courseware_studentmodule (
        id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, module_type varchar(32) NOT NULL,
        module_id varchar(255) NOT NULL, course_id varchar(255) NOT NULL, state longtext, grade double, max_grade double,
        done varchar(8) NOT NULL, created datetime(6) NOT NULL, modified datetime(6) NOT NULL, student_id int NOT NULL,
        UNIQUE KEY a (student_id, module_id, course_id)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci";
    let summaries = "CREATE TABLE courseware_xmoduleuserstatesummaryfield (
        id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY, field_name varchar(64) NOT NULL, value longtext NOT NULL,
        created datetime(6) NOT NULL, modified datetime(6) NOT NULL, usage_id varchar(255) NOT NULL,
        UNIQUE KEY a (usage_id, field_name)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci";
    let store = Arc::new(adopted(&bed, [modules, summaries]).await);
    let alice = Person { store, user: UserId::Learner(7) };
    let (stored, similar) = (usage("C", "problem", "p"), usage("C", "problem", "P"));
    assert_eq!(alice.all(&similar).await, [None, None, None, None]);
    let refused = alice.write(&similar, &[(alice.key(&similar, Scope::UserState, "U"), Some("2"))]).await;
    assert!(matches!(refused, Err(StateError::Unavailable(_))));
    assert_eq!(alice.get(&stored, Scope::UserState, "U").await.as_deref(), Some("1"));
}
