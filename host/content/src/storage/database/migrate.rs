//! Bringing the tables up to date.

use std::sync::Arc;

use sqlx::MySqlConnection;
use sqlx::migrate::{MigrateError, Migrator};

use super::{Database, DatabaseError};

/// What was done already is noted here: the same database may hold the tables of other parts of the host.
const TABLE: &str = "content_migrations";

/// One lock for each database of a server; its name may have 64 characters. Waits for a minute.
const LOCK: &str = "SELECT GET_LOCK(CONCAT('content ', MD5(DATABASE())), 60)";
const UNLOCK: &str = "DO RELEASE_LOCK(CONCAT('content ', MD5(DATABASE())))";

/// Keeps others from bringing the tables up to date. MySQL and MariaDB have no transactions for that.
async fn lock(connection: &mut MySqlConnection) -> Result<(), DatabaseError> {
    let got: Option<i64> = sqlx::query_scalar(LOCK).fetch_one(connection).await?;
    if got == Some(1) { Ok(()) } else { Err(sqlx::Error::PoolTimedOut.into()) }
}

fn migrator(mut migrator: Migrator) -> Migrator {
    migrator.dangerous_set_table_name(TABLE);
    migrator
}

/// Brings the tables up to date. Whoever else opens the database waits, and then finds that nothing is left to do.
pub(super) async fn run(database: &Database) -> Result<(), DatabaseError> {
    // Not `Migrator::run`: its future cannot be proven `Send`, so that nobody could open a store in a task of its own.
    let done = match database {
        Database::Sqlite { writer, .. } => {
            let mut transaction = writer.begin_with("BEGIN IMMEDIATE").await?;
            let done = migrator(sqlx::migrate!("migrations/sqlite"))
                .run_direct(None, &mut *transaction, false)
                .await;
            if done.is_ok() {
                transaction.commit().await?;
            }
            done
        }
        Database::Postgres(pool) => {
            let mut connection = pool.acquire().await?;
            migrator(sqlx::migrate!("migrations/postgres")).run_direct(None, &mut *connection, false).await
        }
        Database::MySql(pool) => {
            let mut connection = pool.acquire().await?;
            lock(&mut connection).await?;
            let mut migrator = migrator(sqlx::migrate!("migrations/mysql"));
            // Its own lock waits for ever in MySQL, and not at all in MariaDB.
            migrator.set_locking(false);
            let done = migrator.run_direct(None, &mut *connection, false).await;
            sqlx::query(UNLOCK).execute(&mut *connection).await?;
            done
        }
    };
    done.map_err(|error: MigrateError| DatabaseError::Migrate(Arc::new(error)))
}
