//! MySQL 8.0 and MariaDB 10.6 or later: several hosts on one database, which may be Open edX's own.
//!
//! The tests run on MariaDB. What MySQL has to have besides: `JSON_TABLE` with its path as a literal and its document
//! as a parameter (8.0.4), several named locks for one connection (`get_lock`, 5.7.5) with their own deadlock error
//! (3058), `STRAIGHT_JOIN` in `UPDATE` and `DELETE`, and `VALUES()` behind `ON DUPLICATE KEY UPDATE`, which newer
//! versions call deprecated and still take.

use std::collections::HashMap;
use std::io;
use std::str::FromStr;
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::migrate::Migrator;
use sqlx::mysql::{MySqlConnectOptions, MySqlPoolOptions};
use sqlx::{AssertSqlSafe, Executor, MySqlPool, Row};

use super::{Connection, Database, Type, speak};

/// How long a request waits for a connection; then the database counts as away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// Connections that read.
const READERS: u32 = 16;

/// What every connection is told when it begins.
const SETTINGS: [&str; 2] = [
    // No gap locks: two learners' first answers have nothing to do with each other, and would wait in a circle.
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
    // A host that is frozen in the middle of a transaction stops nobody else for longer than this.
    "SET SESSION innodb_lock_wait_timeout = 10",
];

/// The character set and order of keys in tables of our own: bytes, so that keys stay apart that differ in case.
const BINARY: &str = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

/// A MySQL or MariaDB server.
#[derive(Debug)]
pub struct MySql {
    /// The character set and order of text in each table, as SQL.
    collations: HashMap<String, String>,
}

impl Database for MySql {
    type Driver = sqlx::MySql;

    const LOADERS: usize = 4;
    const WRITERS: u32 = 4;
    const BEGIN: &'static str = "START TRANSACTION";
    const NUMBER: &'static str = "signed";
    const JOIN: &'static str = "STRAIGHT_JOIN";
    const FOR_UPDATE: &'static str = " FOR UPDATE";

    fn parameter(_: usize) -> String {
        "?".to_owned()
    }

    fn rows(&self, _: usize, table: &str, columns: &[(&str, Type)]) -> String {
        let columns = match columns {
            [(name, kind)] => self.column(table, name, *kind, "$"),
            _ => self.columns(table, columns),
        };
        format!("JSON_TABLE(?, '$[*]' COLUMNS ({columns})) AS w")
    }

    fn grouped(&self, _: usize, table: &str, common: &[(&str, Type)], (last, kind): (&str, Type)) -> String {
        format!(
            "JSON_TABLE(?, '$[*]' COLUMNS ({common}, NESTED PATH '$[{position}][*]' COLUMNS ({last}))) AS w",
            common = self.columns(table, common),
            position = common.len(),
            last = self.column(table, last, kind, "$"),
        )
    }

    fn update(&self, table: &str, w: &str, columns: &[(&str, &str)]) -> String {
        let columns: Vec<_> = columns.iter().map(|(column, value)| format!("t.{column} = {value}")).collect();
        format!("UPDATE {w} STRAIGHT_JOIN {table} AS t ON t.id = w.id SET {}", columns.join(", "))
    }

    fn delete(&self, table: &str, w: &str) -> String {
        format!("DELETE t FROM {w} STRAIGHT_JOIN {table} AS t ON t.id = w.id")
    }

    fn or_update(_: &str, columns: &[&str]) -> String {
        let columns: Vec<_> = columns.iter().map(|column| format!("{column} = VALUES({column})")).collect();
        format!("ON DUPLICATE KEY UPDATE {}", columns.join(", "))
    }

    fn time_as_text(column: &str) -> String {
        format!("date_format({column}, '%Y-%m-%d %H:%i:%s.%f')")
    }

    /// Names are short here, and one server may have several databases; hence the digest.
    async fn lock(connection: &mut Connection<Self>, names: String) -> Result<(), sqlx::Error> {
        let taken: bool = sqlx::query_scalar(
            "SELECT coalesce(sum(get_lock(md5(concat(database(), '/', w.name)), 10)), 0) = count(*)
               FROM JSON_TABLE(?, '$[*]' COLUMNS (name TEXT CHARACTER SET utf8mb4 PATH '$')) AS w",
        )
        .bind(names)
        .fetch_one(connection)
        .await?;
        let late = || io::Error::new(io::ErrorKind::TimedOut, "others kept a row locked for too long");
        if taken { Ok(()) } else { Err(late().into()) }
    }

    async fn unlock(connection: &mut Connection<Self>) -> Result<(), sqlx::Error> {
        connection.execute("DO release_all_locks()").await?;
        Ok(())
    }

    fn may_succeed_again(error: &dyn DatabaseError) -> bool {
        // Deadlocks of rows and of named locks.
        error.is_unique_violation()
            || error.code().as_deref() == Some("40001")
            || error
                .try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>()
                .is_some_and(|error| error.number() == 3058)
    }

    fn ends_connection(error: &dyn DatabaseError) -> bool {
        // Server shutdown in progress, connection killed, closed because it was idle.
        let number = error.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>().map(|error| error.number());
        matches!(number, Some(1053 | 1927 | 4031))
    }

    speak!(sqlx::MySql);
}

impl MySql {
    /// The connections that write, and those that read. Brings the tables up to date; hosts that start together wait
    /// for each other there.
    pub(crate) async fn open(
        url: &str,
        migrations: &Migrator,
    ) -> Result<(Self, MySqlPool, MySqlPool), sqlx::Error> {
        let options = MySqlConnectOptions::from_str(url)?;
        let pool = |connections| {
            MySqlPoolOptions::new()
                .max_connections(connections)
                .test_before_acquire(false)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .after_connect(|connection, _| {
                    Box::pin(async move {
                        for setting in SETTINGS {
                            connection.execute(setting).await?;
                        }
                        Ok(())
                    })
                })
        };
        let writers = pool(Self::WRITERS).connect_with(options.clone()).await?;
        migrate(&writers, migrations).await?;
        let collations = collations(&writers).await?;
        Ok((Self { collations }, writers, pool(READERS).connect_lazy_with(options)))
    }
}

impl MySql {
    /// The columns of a row, for `JSON_TABLE`.
    fn columns(&self, table: &str, columns: &[(&str, Type)]) -> String {
        let columns = columns
            .iter()
            .enumerate()
            .map(|(position, (name, kind))| self.column(table, name, *kind, &format!("$[{position}]")));
        columns.collect::<Vec<_>>().join(", ")
    }

    fn column(&self, table: &str, name: &str, kind: Type, path: &str) -> String {
        let kind = match kind {
            Type::Number => "BIGINT".to_owned(),
            Type::Real => "DOUBLE".to_owned(),
            Type::Key => {
                format!("VARCHAR(255) {}", self.collations.get(table).map_or(BINARY, String::as_str))
            }
            Type::Text => "LONGTEXT CHARACTER SET utf8mb4".to_owned(),
            Type::Time => "DATETIME(6)".to_owned(),
        };
        format!("{name} {kind} PATH '{path}'")
    }
}

/// MySQL cannot undo a change of tables, so a host that dies in the middle leaves a migration that counts as half done.
/// All of ours may be run again; the next host does.
async fn migrate(writers: &MySqlPool, migrations: &Migrator) -> Result<(), sqlx::Error> {
    let mut connection = writers.acquire().await?.detach();
    let taken: Option<i64> =
        sqlx::query_scalar("SELECT get_lock(md5(concat(database(), '/migrations')), 600)")
            .fetch_one(&mut connection)
            .await?;
    if taken != Some(1) {
        return Err(
            io::Error::new(io::ErrorKind::TimedOut, "another host keeps migrating the database").into()
        );
    }
    let half_done = format!("DELETE FROM {} WHERE NOT success", migrations.table_name);
    let _ = connection.execute(AssertSqlSafe(half_done)).await;
    // The connection ends here, and the lock with it.
    Ok(migrations.run_direct(None, &mut connection, false).await?)
}

/// Tables that Open edX made keep the character set and order that they have.
async fn collations(writers: &MySqlPool) -> Result<HashMap<String, String>, sqlx::Error> {
    let rows = sqlx::query(
        "SELECT DISTINCT table_name AS name, character_set_name AS characters, collation_name AS collation
           FROM information_schema.columns
          WHERE table_schema = database() AND column_name IN ('module_id', 'usage_id', 'field_name', 'block_key')",
    )
    .fetch_all(writers)
    .await?;
    let text = |row, column| Row::try_get_unchecked::<String, _>(row, column);
    rows.iter()
        .map(|row| {
            let sql =
                format!("CHARACTER SET {} COLLATE {}", text(row, "characters")?, text(row, "collation")?);
            Ok((text(row, "name")?, sql))
        })
        .collect()
}
