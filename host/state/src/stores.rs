//! All stores of one database, opened together: they share its connections and its migrations.

use std::sync::Arc;
use std::time::Duration;

use crate::StateError;
use crate::author::{AuthorStore, SqlAuthorStore};
use crate::database::{Database, DatabaseUrl, MySql, Pool, Postgres, Sqlite};
use crate::student_module::{LearnerStore, SqlStore, schema};

/// What a database keeps.
#[derive(Clone)]
pub struct Stores {
    /// The state of registered learners.
    pub learners: Arc<dyn LearnerStore>,
    /// Authors' previews.
    pub authors: Arc<dyn AuthorStore>,
}

impl Stores {
    /// Opens the database and brings its tables up to date, however many hosts do so at once. Tables that are there are
    /// used as they are. Authors' previews are forgotten `author_ttl` after their last change; `clock` gives milliseconds
    /// since 1970. Needs a Tokio runtime, on which commits are written until the stores are dropped.
    ///
    /// # Errors
    /// The database cannot be reached, or its tables cannot be brought up to date.
    pub async fn open(
        url: &DatabaseUrl,
        author_ttl: Duration,
        clock: fn() -> u64,
    ) -> Result<Self, StateError> {
        Ok(match url {
            DatabaseUrl::Sqlite { path, full } => {
                let synchronous = DatabaseUrl::synchronous(*full);
                let (writers, readers) = Sqlite::open(path, synchronous, schema::sqlite()).await?;
                Self::of(Sqlite, writers, readers, author_ttl, clock)
            }
            DatabaseUrl::Postgres(url) => {
                let (writers, readers) = Postgres::open(url, schema::postgres()).await?;
                Self::of(Postgres, writers, readers, author_ttl, clock)
            }
            DatabaseUrl::MySql(url) => {
                let (database, writers, readers) = MySql::open(url, schema::mysql()).await?;
                Self::of(database, writers, readers, author_ttl, clock)
            }
        })
    }

    fn of<D: Database>(
        database: D,
        writers: Pool<D>,
        readers: Pool<D>,
        author_ttl: Duration,
        clock: fn() -> u64,
    ) -> Self {
        let authors = SqlAuthorStore::<D>::new(writers.clone(), readers.clone(), author_ttl, clock);
        Self { learners: Arc::new(SqlStore::new(database, writers, readers)), authors: Arc::new(authors) }
    }
}
