//! What the SQLite store promises beyond `conformance`: tables that Open edX can read, and files that survive.

mod crash;
mod events;
mod files;
mod tables;

use std::sync::Arc;

use blockhouse_fields::UserId;
use sqlx::sqlite::SqliteRow;
use tempfile::TempDir;

use super::SqliteStore;
use crate::conformance::{Person, Subject};

async fn subject() -> Subject {
    let file = File::new().await;
    Subject {
        store: file.store,
        user: |n| UserId::Learner(n.into()),
        stranger: UserId::Anonymous(Arc::from("anon0123456789abcdef0123")),
        keep: Box::new(file.directory),
    }
}

crate::state_store_conformance!(subject);

/// A store with a look at its rows.
struct File {
    store: Arc<SqliteStore>,
    directory: TempDir,
}

impl File {
    async fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&directory.path().join("state.db")).await.unwrap();
        Self { store: Arc::new(store), directory }
    }

    fn learner(&self, id: i64) -> Person {
        Person { store: self.store.clone(), user: UserId::Learner(id) }
    }

    async fn rows(&self, select: &'static str) -> Vec<SqliteRow> {
        sqlx::query(select).fetch_all(&self.store.readers).await.unwrap()
    }

    async fn count(&self, select: &'static str) -> i64 {
        sqlx::query_scalar(select).fetch_one(&self.store.readers).await.unwrap()
    }

    /// Changes the rows behind the store's back, as another program would.
    async fn execute(&self, statement: &'static str) {
        let path = self.directory.path().join("state.db");
        let other = super::schema::open_writer(&path).await.unwrap();
        sqlx::query(statement).execute(&other).await.unwrap();
    }
}
