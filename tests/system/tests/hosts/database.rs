//! A PostgreSQL database of its own for a test.

use std::sync::atomic::{AtomicU32, Ordering};

use blockhouse_state::DatabaseUrl;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// A database on the server that `scripts/with-services` starts. It goes away with that server.
pub(crate) struct Postgres {
    server: String,
    name: String,
}

impl Postgres {
    /// `None` where there is no server; where `scripts/test` runs, that is an error.
    pub(crate) async fn new() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let Ok(server) = std::env::var("BLOCKHOUSE_TEST_POSTGRES") else {
            let required = std::env::var_os("BLOCKHOUSE_TEST_SERVICES").is_some();
            assert!(!required, "BLOCKHOUSE_TEST_POSTGRES is not set");
            eprintln!("skipped: BLOCKHOUSE_TEST_POSTGRES is not set; run the tests by scripts/with-services");
            return None;
        };
        let name = format!("system_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let database = Self { server, name };
        database.administer(format!("CREATE DATABASE {}", database.name)).await;
        Some(database)
    }

    pub(crate) fn url(&self) -> String {
        format!("{}/{}", self.server.rsplit_once('/').unwrap().0, self.name)
    }

    /// Runs a statement in the server's own database.
    async fn administer(&self, statement: String) {
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        sqlx::query(AssertSqlSafe(statement)).execute(&mut connection).await.unwrap();
    }

    /// Ends all connections and takes no new ones.
    pub(crate) async fn go_away(&self) {
        self.administer(format!("ALTER DATABASE {} WITH ALLOW_CONNECTIONS false", self.name)).await;
        let end =
            format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}'", self.name);
        self.administer(end).await;
    }

    pub(crate) async fn come_back(&self) {
        self.administer(format!("ALTER DATABASE {} WITH ALLOW_CONNECTIONS true", self.name)).await;
    }

    /// Waits until the server has noticed that its clients are dead: what they had sent before may still be stored.
    pub(crate) async fn settle(&self) {
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        loop {
            let left: i64 = sqlx::query_scalar("SELECT count(*) FROM pg_stat_activity WHERE datname = $1")
                .bind(&self.name)
                .fetch_one(&mut connection)
                .await
                .unwrap();
            if left == 0 {
                return;
            }
            tokio::task::yield_now().await;
        }
    }
}

/// The setting that names a database, read.
pub(crate) fn parsed(url: &str) -> DatabaseUrl {
    url.parse().unwrap()
}
