//! SQLite: one file, one writer at a time, readers that never wait.

use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, SqlitePool};

use super::{Connection, Database, Parameter, Row, Statement, Type, Uncommitted, speak};

/// How long to wait for another process that writes to the same file. A transaction takes milliseconds, or a second
/// where the disk is busy; whoever waits longer than this waits for something that is stuck.
const BUSY_TIMEOUT: Duration = Duration::from_secs(30);

/// Rows that may wait to be taken.
const ROW_BUFFER: usize = 1024;

/// Reading is short and bound to the processor: more connections than this only compete.
const MAX_READERS: u32 = 8;

/// The database of a host that is one machine.
#[derive(Debug)]
pub struct Sqlite;

impl Database for Sqlite {
    type Driver = sqlx::Sqlite;

    const LOADERS: usize = 2;
    const WRITERS: u32 = 1;
    /// Takes the file's write lock at once, so that what the transaction reads stays true until it ends.
    const BEGIN: &'static str = "BEGIN IMMEDIATE";
    const NUMBER: &'static str = "bigint";
    const JOIN: &'static str = "CROSS JOIN";
    const FOR_UPDATE: &'static str = "";

    fn parameter(_: usize) -> String {
        "?".to_owned()
    }

    fn rows(&self, _: usize, _: &str, columns: &[(&str, Type)]) -> String {
        format!("(SELECT {} FROM json_each(?)) AS w", selected(columns))
    }

    /// Taking a row apart costs more than finding what it says, so each group is taken apart once.
    fn grouped(&self, _: usize, _: &str, common: &[(&str, Type)], (last, kind): (&str, Type)) -> String {
        let names = common.iter().map(|(name, _)| format!("groups.{name}")).collect::<Vec<_>>().join(", ");
        let common = common.iter().copied().chain([("members", Type::Text)]).collect::<Vec<_>>();
        format!(
            "(WITH groups AS MATERIALIZED (SELECT {common} FROM json_each(?))
              SELECT {names}, {member} AS {last} FROM groups CROSS JOIN json_each(groups.members) AS member) AS w",
            common = selected(&common),
            member = converted("member.value", kind),
        )
    }

    fn update(&self, table: &str, w: &str, columns: &[(&str, &str)]) -> String {
        super::update_from(table, w, columns)
    }

    fn delete(&self, table: &str, w: &str) -> String {
        format!("DELETE FROM {table} WHERE id IN (SELECT w.id FROM {w})")
    }

    fn or_update(key: &str, columns: &[&str]) -> String {
        super::on_conflict(key, columns)
    }

    /// Each row of an answer is handed from one thread to another, which costs more than making and reading its JSON.
    fn packed(selects: &[(String, Vec<(&str, Type)>)]) -> Option<String> {
        let column = |(name, kind): &(&str, Type)| match kind {
            // JSON numbers have only 15 digits here.
            Type::Real => {
                format!("'{name}', json_group_array(iif({name} IS NULL, NULL, format('%!.17g', {name})))")
            }
            Type::Number | Type::Key | Type::Text | Type::Time => {
                format!("'{name}', json_group_array({name})")
            }
        };
        let rows = selects.iter().enumerate().map(|(position, (select, columns))| {
            let columns = columns.iter().map(column).collect::<Vec<_>>().join(", ");
            format!("(SELECT json_object({columns}) FROM ({select})) AS rows{position}")
        });
        Some(format!("SELECT {}", rows.collect::<Vec<_>>().join(", ")))
    }

    async fn begin(
        connection: &mut Connection<Self>,
        _: String,
        selects: Vec<(&Statement, String)>,
    ) -> Result<Vec<Row<Self>>, sqlx::Error> {
        at_once(connection, Some(Self::BEGIN), selects, None).await
    }

    async fn commit(
        connection: &mut Connection<Self>,
        writes: Vec<(&Statement, String)>,
    ) -> Result<(), Uncommitted> {
        at_once(connection, None, writes, Some("COMMIT")).await.map_err(Uncommitted::perhaps)?;
        Ok(())
    }

    fn time_as_text(column: &str) -> String {
        column.to_owned()
    }

    async fn lock(_: &mut Connection<Self>, _: String) -> Result<(), sqlx::Error> {
        Ok(())
    }

    async fn unlock(_: &mut Connection<Self>) -> Result<(), sqlx::Error> {
        Ok(())
    }

    fn may_succeed_again(_: &dyn sqlx::error::DatabaseError) -> bool {
        false
    }

    fn ends_connection(_: &dyn sqlx::error::DatabaseError) -> bool {
        false
    }

    speak!(sqlx::Sqlite);
}

impl Sqlite {
    /// The connection that writes, and those that read and cannot do anything else. Makes the file when there is none,
    /// and brings its tables up to date: the write lock makes everybody else who opens the file wait, and they then
    /// find nothing left to do.
    pub(crate) async fn open(
        path: &Path,
        synchronous: SqliteSynchronous,
        migrations: &'static Migrator,
    ) -> Result<(SqlitePool, SqlitePool), sqlx::Error> {
        let options = options(path, synchronous);
        let writers = pool(Self::WRITERS).connect_with(options.clone().create_if_missing(true)).await?;
        let mut transaction = writers.begin_with(AssertSqlSafe(Self::BEGIN)).await?;
        // Not `run`: its future cannot be proven `Send`, so that nobody could open a store in a task of its own.
        migrations.run_direct(None, &mut *transaction, false).await?;
        transaction.commit().await?;
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        // And those that are at hand.
        let readers = u32::try_from(cores + Self::LOADERS).unwrap_or(MAX_READERS).min(MAX_READERS);
        Ok((writers, pool(readers).connect_with(options.pragma("query_only", "true")).await?))
    }
}

/// Runs several statements as one: the way to the thread that runs them and back costs more than they do.
async fn at_once(
    connection: &mut Connection<Sqlite>,
    first: Option<&str>,
    statements: Vec<(&Statement, String)>,
    last: Option<&str>,
) -> Result<Vec<Row<Sqlite>>, sqlx::Error> {
    let texts = statements.iter().map(|(statement, _)| &***statement);
    let text = first.into_iter().chain(texts).chain(last).collect::<Vec<_>>().join(";\n");
    let lists = statements.into_iter().map(|(_, list)| Parameter::Text(list)).collect();
    Sqlite::fetch(connection, &Statement::from(text), lists).await
}

fn options(path: &Path, synchronous: SqliteSynchronous) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        // Open edX declares these tables without database constraints (spec 4.1): accounts live elsewhere.
        .foreign_keys(false)
        .busy_timeout(BUSY_TIMEOUT)
        // The rows of a whole page, so that the thread that reads never waits for the one that takes them.
        .row_buffer_size(ROW_BUFFER)
}

/// Connections last for ever: what SQLite has prepared and cached stays warm, and there is no server that
/// could have hung up.
fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// The columns of the elements of a JSON array.
fn selected(columns: &[(&str, Type)]) -> String {
    let alone = columns.len() == 1;
    let columns = columns.iter().enumerate().map(|(position, (name, kind))| {
        let value = if alone { "value".to_owned() } else { format!("value ->> {position}") };
        format!("{} AS {name}", converted(&value, *kind))
    });
    columns.collect::<Vec<_>>().join(", ")
}

fn converted(value: &str, kind: Type) -> String {
    match kind {
        Type::Number => format!("CAST({value} AS bigint)"),
        Type::Real => format!("CAST({value} AS double)"),
        Type::Key | Type::Text | Type::Time => value.to_owned(),
    }
}
