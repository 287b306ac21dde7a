//! An empty database of its own for each test, with a look at its rows.

use std::any::Any;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use blockhouse_fields::UserId;
use sqlx::sqlite::SqliteSynchronous;
use sqlx::{AssertSqlSafe, Executor};

use super::super::{SqlStore, schema};
use crate::conformance::{Person, services};
use crate::database::{Database, MySql, Pool, Postgres, Row, Sqlite};
use crate::{Record, Records as _, RecordsOf};

/// A database that tests can make.
pub(crate) trait Testable: Database {
    /// `None` where its server is missing.
    fn bed() -> impl Future<Output = Option<Bed<Self>>> + Send;

    /// Another host on the same database.
    fn open(place: &str) -> impl Future<Output = (SqlStore<Self>, Pool<Self>)> + Send;
}

/// A store with a look behind it.
pub(crate) struct Bed<D: Database> {
    pub(crate) store: Arc<SqlStore<D>>,
    pub(crate) writers: Pool<D>,
    /// The file or URL.
    pub(crate) place: String,
    /// What has to live as long as the store.
    pub(crate) keep: Box<dyn Any + Send + Sync>,
}

impl<D: Testable> Bed<D> {
    async fn new(place: String, keep: Box<dyn Any + Send + Sync>) -> Self {
        let (store, writers) = D::open(&place).await;
        Self { store: Arc::new(store), writers, place, keep }
    }

    pub(crate) fn learner(&self, id: i64) -> Person {
        Person { store: self.store.clone(), user: UserId::Learner(id) }
    }

    /// The connections that write and those that read, for another store in the same database.
    pub(crate) fn pools(&self) -> (Pool<D>, Pool<D>) {
        (self.writers.clone(), self.store.reader.pool())
    }

    pub(crate) async fn rows(&self, select: &str) -> Vec<Row<D>> {
        self.store.reader.fetch(&Arc::from(select), Vec::new()).await.unwrap()
    }

    /// All records at once.
    pub(crate) async fn store_records(&self, of: &RecordsOf) -> Vec<Record> {
        self.store.records(of, 0, 1000).await.unwrap()
    }

    /// How many rows there are in what follows `FROM`.
    pub(crate) async fn count(&self, from: &str) -> i64 {
        let rows = self.rows(&format!("SELECT CAST(count(*) AS {}) AS n FROM {from}", D::NUMBER)).await;
        D::number(&rows[0], "n").unwrap().unwrap()
    }

    /// The texts of one expression over a table, row by row.
    pub(crate) async fn texts(&self, expression: &str, from: &str) -> Vec<Option<String>> {
        let rows = self.rows(&format!("SELECT {expression} AS x FROM {from}")).await;
        rows.iter().map(|row| D::text(row, "x").unwrap().map(str::to_owned)).collect()
    }

    /// Changes the rows behind the store's back, as another program would.
    pub(crate) async fn execute(&self, statement: &str) {
        let mut connection = self.writers.acquire().await.unwrap();
        D::execute(&mut connection, &Arc::from(statement), Vec::new()).await.unwrap();
    }
}

impl Testable for Sqlite {
    async fn bed() -> Option<Bed<Self>> {
        let directory = tempfile::tempdir().unwrap();
        let place = directory.path().join("state.db").to_str().unwrap().to_owned();
        Some(Bed::new(place, Box::new(directory)).await)
    }

    async fn open(place: &str) -> (SqlStore<Self>, Pool<Self>) {
        let (writers, readers) =
            Sqlite::open(place.as_ref(), SqliteSynchronous::Full, schema::sqlite()).await.unwrap();
        (SqlStore::new(Sqlite, writers.clone(), readers), writers)
    }
}

impl Testable for Postgres {
    async fn bed() -> Option<Bed<Self>> {
        let server = services::url("BLOCKHOUSE_TEST_POSTGRES")?;
        let (place, created) = Created::new::<sqlx::PgConnection>(server, " WITH (FORCE)").await;
        Some(Bed::new(place, Box::new(created)).await)
    }

    async fn open(place: &str) -> (SqlStore<Self>, Pool<Self>) {
        let (writers, readers) = Postgres::open(place, schema::postgres()).await.unwrap();
        (SqlStore::new(Postgres, writers.clone(), readers), writers)
    }
}

impl Testable for MySql {
    async fn bed() -> Option<Bed<Self>> {
        let server = services::url("BLOCKHOUSE_TEST_MYSQL")?;
        let (place, created) = Created::new::<sqlx::MySqlConnection>(server, "").await;
        Some(Bed::new(place, Box::new(created)).await)
    }

    async fn open(place: &str) -> (SqlStore<Self>, Pool<Self>) {
        let (database, writers, readers) = MySql::open(place, schema::mysql()).await.unwrap();
        (SqlStore::new(database, writers.clone(), readers), writers)
    }
}

/// A database on a server, which goes away with the test.
struct Created {
    drop: Box<dyn Fn() + Send + Sync>,
}

impl Created {
    async fn new<C>(server: String, forcibly: &'static str) -> (String, Self)
    where
        C: sqlx::Connection + 'static,
        for<'c> &'c mut C: Executor<'c, Database = C::Database>,
    {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("blockhouse_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        execute::<C>(&server, format!("CREATE DATABASE {name}")).await;
        let place = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
        let drop = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(execute::<C>(&server, format!("DROP DATABASE {name}{forcibly}")));
        };
        (place, Self { drop: Box::new(drop) })
    }
}

async fn execute<C>(server: &str, statement: String)
where
    C: sqlx::Connection,
    for<'c> &'c mut C: Executor<'c, Database = C::Database>,
{
    let mut connection = C::connect(server).await.unwrap();
    (&mut connection).execute(AssertSqlSafe(statement)).await.unwrap();
}

impl Drop for Created {
    fn drop(&mut self) {
        // A test's own runtime cannot wait for another one.
        let drop = &self.drop;
        std::thread::scope(|scope| scope.spawn(drop).join()).unwrap();
    }
}
