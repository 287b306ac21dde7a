use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use blockhouse_fields::{Scope, UserId};

use super::{AuthorReset, AuthorStore, SqlAuthorStore};
use crate::conformance::{Person, Subject, person::NOW, usage};
use crate::database::{MySql, Postgres, Sqlite};
use crate::student_module::tests::bed::{Bed, Testable};
use crate::student_module::tests::on_every_database;
use crate::{Event, EventKind, Grade, Score};

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

fn authors_of<D: Testable>(bed: &Bed<D>, clock: fn() -> u64) -> Arc<SqlAuthorStore<D>> {
    let (writers, readers) = bed.pools();
    Arc::new(SqlAuthorStore::new(writers, readers, WEEK, clock))
}

fn author<D: Testable>(bed: &Bed<D>, id: i64) -> Person {
    Person { store: authors_of(bed, || NOW), user: UserId::Author(id) }
}

async fn subject<D: Testable>(user: fn(u32) -> UserId) -> Option<Subject> {
    let bed = D::bed().await?;
    let store = authors_of(&bed, || NOW);
    let keep: Box<dyn Any + Send + Sync> = bed.keep;
    Some(Subject { store, user, stranger: UserId::Learner(1), keep })
}

async fn several<D: Testable>() -> Option<Subject> {
    subject::<D>(|n| UserId::Author(n.into())).await
}

async fn one<D: Testable>() -> Option<Subject> {
    subject::<D>(|_| UserId::Author(1)).await
}

mod conformance_on_sqlite {
    crate::state_store_conformance!(alone: super::several::<super::Sqlite>);
    crate::state_store_conformance!(together: super::one::<super::Sqlite>);
}

mod conformance_on_postgres {
    crate::state_store_conformance!(alone: super::several::<super::Postgres>);
    crate::state_store_conformance!(together: super::one::<super::Postgres>);
}

mod conformance_on_mysql {
    crate::state_store_conformance!(alone: super::several::<super::MySql>);
    crate::state_store_conformance!(together: super::one::<super::MySql>);
}

fn all(text: &str) -> [Option<String>; 4] {
    [(); 4].map(|()| Some(text.to_owned()))
}

const NOTHING: [Option<String>; 4] = [const { None }; 4];

async fn row_073_an_author_finds_a_preview_again_and_nobody_else_does<D: Testable>(bed: Bed<D>) {
    let block = usage("C", "poll", "1");
    author(&bed, 1).set_all(&block, "1").await;
    // Another value of the store, as after a restart.
    assert_eq!(author(&bed, 1).all(&block).await, all("1"));
    assert_eq!(author(&bed, 2).all(&block).await, NOTHING);
    assert_eq!(bed.learner(1).all(&block).await, NOTHING);
    for table in ["courseware_studentmodule", "courseware_xmoduleuserstatesummaryfield"] {
        assert_eq!(bed.count(table).await, 0, "{table}");
    }
}

async fn a_preview_earns_nothing<D: Testable>(bed: Bed<D>) {
    let block = usage("C", "problem", "1");
    let grade =
        Grade { usage: block.clone(), score: Score { earned: 1.0, possible: 1.0 }, only_if_higher: false };
    author(&bed, 1).publish(Event { usage: block, kind: EventKind::Grade(grade) }).await.unwrap();
    for table in ["blockhouse_outbox", "courseware_studentmodule", "blockhouse_authorstate"] {
        assert_eq!(bed.count(table).await, 0, "{table}");
    }
}

async fn a_reset_takes_what_it_names_and_no_more<D: Testable>(bed: Bed<D>) {
    let [here, beside, elsewhere] =
        [usage("C", "poll", "1"), usage("C", "poll", "2"), usage("D", "poll", "1")];
    let store = authors_of(&bed, || NOW);
    let me = Person { store: store.clone(), user: UserId::Author(1) };
    for block in [&here, &beside, &elsewhere] {
        me.set_all(block, "1").await;
        author(&bed, 2).set_all(block, "1").await;
    }
    let kept = || Some("1".to_owned());

    store.reset(&me.user, &AuthorReset::Block(here.clone())).await.unwrap();
    assert_eq!(me.all(&here).await, [None, None, kept(), kept()]);
    assert_eq!(me.all(&beside).await, all("1"));

    store.reset(&me.user, &AuthorReset::Context(beside.context_key())).await.unwrap();
    assert_eq!(me.all(&beside).await, [None, None, kept(), kept()]);
    assert_eq!(me.all(&elsewhere).await, all("1"));

    store.reset(&me.user, &AuthorReset::Everything).await.unwrap();
    assert_eq!(me.all(&elsewhere).await, NOTHING);
    assert_eq!(author(&bed, 2).all(&here).await, all("1"));
}

async fn a_preview_is_forgotten_after_its_time<D: Testable>(bed: Bed<D>) {
    let block = usage("C", "poll", "1");
    author(&bed, 1).set_all(&block, "1").await;
    let later = || NOW + 7 * 24 * 3600 * 1000;
    let me = Person { store: authors_of(&bed, later), user: UserId::Author(1) };
    assert_eq!(me.all(&block).await, NOTHING);
    me.set(&block, Scope::UserState, "U", Some("2")).await;
    assert_eq!(bed.count("blockhouse_authorstate").await, 1, "the old rows are gone");
}

on_every_database! {
    row_073_an_author_finds_a_preview_again_and_nobody_else_does,
    a_preview_earns_nothing,
    a_reset_takes_what_it_names_and_no_more,
    a_preview_is_forgotten_after_its_time,
}
