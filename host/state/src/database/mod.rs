//! The databases, as far as they differ: how a list of rows travels in one parameter, how a statement spells what
//! standard SQL leaves open, and how commits keep out of each other's way.
//!
//! Everything else, such as which tables there are and what a commit does, is written once, above this seam. To keep
//! further tables in the same database, build statements with [`Database::rows`] and run them with
//! [`Database::fetch`] and [`Database::execute`].

mod at_hand;
mod mysql;
mod postgres;
mod sqlite;
mod url;

use std::fmt::Debug;
use std::future::Future;
use std::sync::Arc;

pub(crate) use self::at_hand::AtHand;
pub use self::mysql::MySql;
pub use self::postgres::Postgres;
pub use self::sqlite::Sqlite;
pub use self::url::{DatabaseUrl, InvalidDatabaseUrl};

/// A connection to a database of kind `D`.
pub type Connection<D> = <<D as Database>::Driver as sqlx::Database>::Connection;
/// A row of an answer.
pub type Row<D> = <<D as Database>::Driver as sqlx::Database>::Row;
/// Connections to one database.
pub type Pool<D> = sqlx::Pool<<D as Database>::Driver>;

/// The text of a statement, made once and then known to every connection that has prepared it.
pub type Statement = Arc<str>;

/// What fills a statement's `$1`, `$2`, …
#[derive(Clone, Debug)]
pub enum Parameter {
    /// A whole number.
    Number(i64),
    /// Text, such as the JSON of [`Database::rows`].
    Text(String),
}

/// What a column of [`Database::rows`] holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// A whole number of 64 bits.
    Number,
    /// A floating point number.
    Real,
    /// Text that is compared with a column of the table: it takes the column's character set and order, or the
    /// database would read the whole table.
    Key,
    /// Text of any length.
    Text,
    /// A point in time, in UTC and as Django writes it: `2023-11-14 22:13:20.123000`.
    Time,
}

/// A kind of database.
///
/// Statements of several databases differ in few words, so they are built from the pieces below when a store is
/// opened, and never afterwards.
pub trait Database: Debug + Send + Sync + Sized + 'static {
    /// What speaks to it.
    type Driver: sqlx::Database;

    /// How many statements of one process load learners' state at the same time.
    const LOADERS: usize;

    /// How many transactions of one process may write at the same time.
    const WRITERS: u32;

    /// Begins a transaction that sees what others have committed before each of its statements, or keeps them out.
    const BEGIN: &'static str;

    /// The type to which a whole number is cast.
    const NUMBER: &'static str;

    /// Joins in the order in which the tables are written: first the rows that are wanted, then the table, by index.
    const JOIN: &'static str;

    /// Behind a `SELECT` from a table `t`: nobody changes these rows before the transaction ends.
    const FOR_UPDATE: &'static str;

    /// The n-th parameter, from 1.
    fn parameter(n: usize) -> String;

    /// A table expression named `w` whose rows are those of the JSON array in the n-th parameter: each an array, or the
    /// value itself where there is one column. Its columns are compared with those of `table`, or stored in them.
    fn rows(&self, n: usize, table: &str, columns: &[(&str, Type)]) -> String;

    /// Like [`Self::rows`], for many rows that differ in their last column only: the parameter is a JSON array of groups,
    /// each an array of what its rows have in common, with the array of the last column's values at its end. What `w` has
    /// in its last column, only [`Self::is_member`] knows.
    fn grouped(&self, n: usize, table: &str, common: &[(&str, Type)], last: (&str, Type)) -> String;

    /// The condition that the last column of [`Self::grouped`] is that of a row of `t`.
    fn is_member(last: &str) -> String {
        format!("t.{last} = w.{last}")
    }

    /// A statement that sets `columns` of the rows of `table` that have the `id` of a row of `w`. A column is given with
    /// its new value.
    fn update(&self, table: &str, w: &str, columns: &[(&str, &str)]) -> String;

    /// A statement that deletes the rows of `table` that have the `id` of a row of `w`.
    fn delete(&self, table: &str, w: &str) -> String;

    /// What turns an `INSERT … SELECT … WHERE true` into one that gives `columns` new values where `key` is taken.
    fn or_update(key: &str, columns: &[&str]) -> String;

    /// A statement that gives the answers of `selects` as one row: in the columns `rows0`, `rows1` and so on those of
    /// each, as a JSON array of the columns that are named beside it, which are arrays of their values. Floating point
    /// numbers are texts with every digit. `None` where rows come more cheaply one by one.
    fn packed(_selects: &[(String, Vec<(&str, Type)>)]) -> Option<String> {
        None
    }

    /// An expression for a point in time as text, as Django writes it.
    fn time_as_text(column: &str) -> String;

    /// Waits until nobody else holds a lock on one of `names`, and takes them all, until [`Self::unlock`] or until the
    /// connection is lost. `names` are in order, so that nobody waits in a circle.
    fn lock(
        connection: &mut Connection<Self>,
        names: String,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Gives the locks back after the transaction has ended.
    fn unlock(connection: &mut Connection<Self>) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Whether the same transaction may succeed when it is run again: others came between.
    fn may_succeed_again(error: &dyn sqlx::error::DatabaseError) -> bool;

    /// Whether the server says that it ends the connection.
    fn ends_connection(error: &dyn sqlx::error::DatabaseError) -> bool;

    /// Runs a statement and gives the rows of its answer.
    fn fetch(
        connection: &mut Connection<Self>,
        statement: &Statement,
        parameters: Vec<Parameter>,
    ) -> impl Future<Output = Result<Vec<Row<Self>>, sqlx::Error>> + Send;

    /// Runs statements one after the other, each with the JSON of [`Self::rows`] or [`Self::grouped`], and gives the
    /// rows of all answers. After the first that fails none is run.
    fn fetch_each(
        connection: &mut Connection<Self>,
        statements: Vec<(&Statement, String)>,
    ) -> impl Future<Output = Result<Vec<Row<Self>>, sqlx::Error>> + Send {
        async move {
            let mut rows = Vec::new();
            for (statement, list) in statements {
                rows.extend(Self::fetch(connection, statement, vec![Parameter::Text(list)]).await?);
            }
            Ok(rows)
        }
    }

    /// Begins a transaction, takes the locks `names` and runs `selects` as [`Self::fetch_each`] does. Whoever fails
    /// from here to the end of [`Self::commit`] closes the connection, which undoes what was done.
    fn begin(
        connection: &mut Connection<Self>,
        names: String,
        selects: Vec<(&Statement, String)>,
    ) -> impl Future<Output = Result<Vec<Row<Self>>, sqlx::Error>> + Send {
        async move {
            Self::command(connection, Self::BEGIN).await?;
            Self::lock(connection, names).await?;
            Self::fetch_each(connection, selects).await
        }
    }

    /// Runs `writes`, commits, and gives the locks back.
    fn commit(
        connection: &mut Connection<Self>,
        writes: Vec<(&Statement, String)>,
    ) -> impl Future<Output = Result<(), Uncommitted>> + Send {
        async move {
            Self::fetch_each(connection, writes).await?;
            Self::command(connection, "COMMIT").await.map_err(Uncommitted::perhaps)?;
            // It is stored. A connection that breaks now gives its locks back by itself.
            let _ = Self::unlock(connection).await;
            Ok(())
        }
    }

    /// Runs a statement that takes no parameters and that not every database can prepare.
    fn command(
        connection: &mut Connection<Self>,
        command: &'static str,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;

    /// Runs a statement and gives the number of rows that it changed.
    fn execute(
        connection: &mut Connection<Self>,
        statement: &Statement,
        parameters: Vec<Parameter>,
    ) -> impl Future<Output = Result<u64, sqlx::Error>> + Send;

    /// A whole number of a row.
    fn number(row: &Row<Self>, column: &str) -> Result<Option<i64>, sqlx::Error>;

    /// A floating point number of a row.
    fn real(row: &Row<Self>, column: &str) -> Result<Option<f64>, sqlx::Error>;

    /// A text of a row.
    fn text<'r>(row: &'r Row<Self>, column: &str) -> Result<Option<&'r str>, sqlx::Error>;
}

/// A transaction that failed. Nothing of it is stored.
#[derive(Debug)]
pub struct Uncommitted {
    pub(crate) error: sqlx::Error,
    /// Unless the connection broke while the database committed, which leaves it unknown. Such a transaction is never
    /// run again: its callers would find their own commits in the way.
    pub(crate) ambiguous: bool,
}

impl Uncommitted {
    /// The database was committing.
    fn perhaps(error: sqlx::Error) -> Self {
        Self { error, ambiguous: true }
    }
}

impl From<sqlx::Error> for Uncommitted {
    fn from(error: sqlx::Error) -> Self {
        Self { error, ambiguous: false }
    }
}

/// The methods of [`Database`] that are the same words in each database, and another type to the compiler.
macro_rules! speak {
    ($driver:ty) => {
        async fn fetch(
            connection: &mut crate::database::Connection<Self>,
            statement: &crate::database::Statement,
            parameters: Vec<crate::database::Parameter>,
        ) -> Result<Vec<crate::database::Row<Self>>, sqlx::Error> {
            let mut query = sqlx::query::<$driver>(sqlx::AssertSqlSafe(statement.clone()));
            for parameter in parameters {
                query = match parameter {
                    crate::database::Parameter::Number(number) => query.bind(number),
                    crate::database::Parameter::Text(text) => query.bind(text),
                };
            }
            query.fetch_all(connection).await
        }

        async fn command(
            connection: &mut crate::database::Connection<Self>,
            command: &'static str,
        ) -> Result<(), sqlx::Error> {
            sqlx::Executor::execute(connection, command).await?;
            Ok(())
        }

        async fn execute(
            connection: &mut crate::database::Connection<Self>,
            statement: &crate::database::Statement,
            parameters: Vec<crate::database::Parameter>,
        ) -> Result<u64, sqlx::Error> {
            let mut query = sqlx::query::<$driver>(sqlx::AssertSqlSafe(statement.clone()));
            for parameter in parameters {
                query = match parameter {
                    crate::database::Parameter::Number(number) => query.bind(number),
                    crate::database::Parameter::Text(text) => query.bind(text),
                };
            }
            Ok(query.execute(connection).await?.rows_affected())
        }

        fn number(row: &crate::database::Row<Self>, column: &str) -> Result<Option<i64>, sqlx::Error> {
            sqlx::Row::try_get(row, column)
        }

        fn real(row: &crate::database::Row<Self>, column: &str) -> Result<Option<f64>, sqlx::Error> {
            sqlx::Row::try_get_unchecked(row, column)
        }

        fn text<'r>(
            row: &'r crate::database::Row<Self>,
            column: &str,
        ) -> Result<Option<&'r str>, sqlx::Error> {
            sqlx::Row::try_get_unchecked(row, column)
        }
    };
}
use speak;

/// Whether an error says that the connection is gone, and nothing about the database or the statement.
pub(crate) fn is_lost<D: Database>(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        sqlx::Error::Database(error) => D::ends_connection(&**error),
        _ => false,
    }
}

/// [`Database::update`] where `UPDATE … FROM` is spoken.
fn update_from(table: &str, w: &str, columns: &[(&str, &str)]) -> String {
    let columns: Vec<_> = columns.iter().map(|(column, value)| format!("{column} = {value}")).collect();
    format!("UPDATE {table} AS t SET {} FROM {w} WHERE t.id = w.id", columns.join(", "))
}

/// [`Database::or_update`] where `ON CONFLICT` is spoken.
fn on_conflict(key: &str, columns: &[&str]) -> String {
    let columns: Vec<_> = columns.iter().map(|column| format!("{column} = excluded.{column}")).collect();
    format!("ON CONFLICT ({key}) DO UPDATE SET {}", columns.join(", "))
}
