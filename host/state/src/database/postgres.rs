//! PostgreSQL: several hosts on one database.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor, PgPool};

use super::{AtHand, Connection, Database, Type, speak};

/// How long a request waits for a connection; then the database counts as away.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// Connections that read.
const READERS: u32 = 16;

/// How often connections are used before one of them makes its plans anew. A plan that was made for an empty table, where
/// any index is as good as another, is not kept when there are a thousand rows.
const USES_OF_A_PLAN: u32 = 500;

/// What every connection is told when it begins.
const SETTINGS: [(&str, &str); 7] = [
    // The rows that are wanted come first, however few the table seems to have.
    ("join_collapse_limit", "1"),
    // All our statements find rows by key. While a table is young its statistics suggest to read all of it, and the
    // plan would be kept when it has grown.
    ("enable_seqscan", "off"),
    ("enable_hashjoin", "off"),
    ("enable_mergejoin", "off"),
    // The plan by the unique index is the best one for every parameter.
    ("plan_cache_mode", "force_generic_plan"),
    // A host that is frozen in the middle of a transaction stops nobody else for longer than this.
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "10s"),
];

/// A PostgreSQL server, version 12 or later.
#[derive(Debug)]
pub struct Postgres;

impl Database for Postgres {
    type Driver = sqlx::Postgres;

    const LOADERS: usize = 4;
    const WRITERS: u32 = 4;
    const BEGIN: &'static str = "BEGIN ISOLATION LEVEL READ COMMITTED";
    const NUMBER: &'static str = "bigint";
    const JOIN: &'static str = "JOIN";
    const FOR_UPDATE: &'static str = " FOR UPDATE OF t";

    fn parameter(n: usize) -> String {
        format!("${n}")
    }

    fn rows(&self, n: usize, _: &str, columns: &[(&str, Type)]) -> String {
        if let [(name, kind)] = columns {
            let value = converted("value", *kind);
            return format!(
                "(SELECT {value} AS {name} FROM json_array_elements_text(CAST(${n} AS json))) AS w"
            );
        }
        let columns = selected(columns);
        format!("(SELECT {columns} FROM json_array_elements(CAST(${n} AS json))) AS w")
    }

    /// An index is searched once for a whole array, and for each row of a join anew. `OFFSET 0` keeps what was taken
    /// from the JSON from being taken from it again for every row that it is compared with.
    fn grouped(&self, n: usize, _: &str, common: &[(&str, Type)], (last, kind): (&str, Type)) -> String {
        format!(
            "(SELECT {common}, ARRAY(SELECT {member} FROM json_array_elements_text(value -> {position})) AS {last}
                FROM json_array_elements(CAST(${n} AS json)) OFFSET 0) AS w",
            common = selected(common),
            member = converted("value", kind),
            position = common.len(),
        )
    }

    fn is_member(last: &str) -> String {
        format!("t.{last} = ANY(w.{last})")
    }

    fn update(&self, table: &str, w: &str, columns: &[(&str, &str)]) -> String {
        super::update_from(table, w, columns)
    }

    fn delete(&self, table: &str, w: &str) -> String {
        format!("DELETE FROM {table} AS t USING {w} WHERE t.id = w.id")
    }

    fn or_update(key: &str, columns: &[&str]) -> String {
        super::on_conflict(key, columns)
    }

    /// Each row of an answer is a message of its own, which costs more than making and reading its JSON. What makes JSON
    /// looks up how a value is written for each row anew, and for an array once.
    fn packed(selects: &[(String, Vec<(&str, Type)>)]) -> Option<String> {
        let column = |(name, kind): &(&str, Type)| match kind {
            Type::Real => format!("'{name}', coalesce(array_agg(CAST({name} AS text)), '{{}}')"),
            Type::Number | Type::Key | Type::Text | Type::Time => {
                format!("'{name}', coalesce(array_agg({name}), '{{}}')")
            }
        };
        let rows = selects.iter().enumerate().map(|(position, (select, columns))| {
            let columns = columns.iter().map(column).collect::<Vec<_>>().join(", ");
            format!(
                "(SELECT CAST(json_build_object({columns}) AS text) FROM ({select}) AS found) AS rows{position}"
            )
        });
        Some(format!("SELECT {}", rows.collect::<Vec<_>>().join(", ")))
    }

    fn time_as_text(column: &str) -> String {
        format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')")
    }

    /// The transaction holds them, and gives them back when it ends.
    async fn lock(connection: &mut Connection<Self>, names: String) -> Result<(), sqlx::Error> {
        sqlx::query(
            "SELECT count(*) FROM (SELECT pg_advisory_xact_lock(hashtextextended(name, 0))
               FROM json_array_elements_text(CAST($1 AS json)) AS name) AS taken",
        )
        .bind(names)
        .execute(connection)
        .await?;
        Ok(())
    }

    async fn unlock(_: &mut Connection<Self>) -> Result<(), sqlx::Error> {
        Ok(())
    }

    fn may_succeed_again(error: &dyn DatabaseError) -> bool {
        // Serialization failure, deadlock.
        error.is_unique_violation() || matches!(error.code().as_deref(), Some("40001" | "40P01"))
    }

    fn ends_connection(error: &dyn DatabaseError) -> bool {
        // Shut down by the administrator, by a crash, because it was idle.
        matches!(error.code().as_deref(), Some("57P01" | "57P02" | "57P05" | "25P03"))
    }

    speak!(sqlx::Postgres);
}

impl Postgres {
    /// The connections that write, and those that read. Brings the tables up to date; hosts that start together wait
    /// for each other there.
    pub(crate) async fn open(url: &str, migrations: &Migrator) -> Result<(PgPool, PgPool), sqlx::Error> {
        let options = PgConnectOptions::from_str(url)?.application_name("blockhouse").options(SETTINGS);
        let uses = Arc::new(AtomicU32::new(0));
        let pool = |connections, releases: u32| {
            let uses = uses.clone();
            PgPoolOptions::new()
                .max_connections(connections)
                .test_before_acquire(false)
                .acquire_timeout(ACQUIRE_TIMEOUT)
                .after_release(move |connection, _| {
                    let again = uses.fetch_add(1, Ordering::Relaxed).is_multiple_of(releases);
                    Box::pin(async move {
                        if again {
                            connection.execute("DISCARD PLANS").await?;
                        }
                        Ok(true)
                    })
                })
        };
        let writers = pool(Self::WRITERS, USES_OF_A_PLAN).connect_with(options.clone()).await?;
        // Waits for its turn longer than a commit may.
        let mut connection = writers.acquire().await?.detach();
        sqlx::query("SET lock_timeout = 0").execute(&mut connection).await?;
        migrations.run_direct(None, &mut connection, false).await?;
        // Those that are at hand come back after many uses.
        let readers = pool(READERS, (USES_OF_A_PLAN / AtHand::<Self>::USES).max(1));
        Ok((writers, readers.connect_lazy_with(options)))
    }
}

/// The columns of the rows of a JSON array.
fn selected(columns: &[(&str, Type)]) -> String {
    let columns = columns.iter().enumerate().map(|(position, (name, kind))| {
        format!("{} AS {name}", converted(&format!("value ->> {position}"), *kind))
    });
    columns.collect::<Vec<_>>().join(", ")
}

fn converted(value: &str, kind: Type) -> String {
    let kind = match kind {
        Type::Number => "bigint",
        Type::Real => "double precision",
        Type::Key | Type::Text => "text",
        Type::Time => "timestamp with time zone",
    };
    format!("CAST({value} AS {kind})")
}
