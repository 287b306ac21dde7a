//! Running statements: in a transaction, or on a connection that only reads.

use sqlx::mysql::MySqlArguments;
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{AssertSqlSafe, MySql, Postgres, Sqlite};

use super::{DatabaseError, Dialect, Row, Value};

/// A connection that only reads.
pub(crate) enum Reader {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
    MySql(PoolConnection<MySql>),
}

/// A transaction that writes.
pub(crate) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
    MySql(sqlx::Transaction<'static, MySql>),
}

/// A statement with its values, for one kind of database. Statements are made of literals of this crate and of counts
/// of `?`, never of what somebody sent: that is in the values.
macro_rules! bound {
    ($dialect:expr, $statement:expr, $values:expr, $database:ty, $arguments:ty) => {{
        let statement = $dialect.placeholders($statement).into_owned();
        let mut query: Query<'_, $database, $arguments> = sqlx::query(AssertSqlSafe(statement));
        for value in $values {
            query = match *value {
                Value::Int(value) => query.bind(value),
                Value::MaybeInt(value) => query.bind(value),
                Value::Text(value) => query.bind(value),
                Value::MaybeText(value) => query.bind(value),
                Value::Bytes(value) => query.bind(value),
                Value::MaybeBytes(value) => query.bind(value),
            };
        }
        query
    }};
}

/// Reads rows: what a reader and a transaction have in common.
pub(crate) trait Fetch: Send {
    /// The rows that a statement finds.
    fn fetch(
        &mut self,
        statement: &str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Vec<Row>, DatabaseError>> + Send;

    /// The first row that a statement finds.
    fn fetch_optional(
        &mut self,
        statement: &str,
        values: &[Value<'_>],
    ) -> impl Future<Output = Result<Option<Row>, DatabaseError>> + Send {
        async { Ok(self.fetch(statement, values).await?.into_iter().next()) }
    }
}

macro_rules! fetch {
    ($type:ty) => {
        impl Fetch for $type {
            async fn fetch(
                &mut self,
                statement: &str,
                values: &[Value<'_>],
            ) -> Result<Vec<Row>, DatabaseError> {
                Ok(match self {
                    Self::Sqlite(connection) => {
                        let query = bound!(Dialect::Sqlite, statement, values, Sqlite, SqliteArguments);
                        query.fetch_all(&mut **connection).await?.into_iter().map(Row::Sqlite).collect()
                    }
                    Self::Postgres(connection) => {
                        let query = bound!(Dialect::Postgres, statement, values, Postgres, PgArguments);
                        query.fetch_all(&mut **connection).await?.into_iter().map(Row::Postgres).collect()
                    }
                    Self::MySql(connection) => {
                        let query = bound!(Dialect::MySql, statement, values, MySql, MySqlArguments);
                        query.fetch_all(&mut **connection).await?.into_iter().map(Row::MySql).collect()
                    }
                })
            }
        }
    };
}

fetch!(Reader);
fetch!(Transaction);

impl Transaction {
    /// Runs a statement, and returns how many rows it has changed.
    pub(crate) async fn execute(
        &mut self,
        statement: &str,
        values: &[Value<'_>],
    ) -> Result<u64, DatabaseError> {
        Ok(match self {
            Self::Sqlite(connection) => {
                let query = bound!(Dialect::Sqlite, statement, values, Sqlite, SqliteArguments);
                query.execute(&mut **connection).await?.rows_affected()
            }
            Self::Postgres(connection) => {
                let query = bound!(Dialect::Postgres, statement, values, Postgres, PgArguments);
                query.execute(&mut **connection).await?.rows_affected()
            }
            Self::MySql(connection) => {
                let query = bound!(Dialect::MySql, statement, values, MySql, MySqlArguments);
                query.execute(&mut **connection).await?.rows_affected()
            }
        })
    }

    /// Makes everything durable.
    pub(crate) async fn commit(self) -> Result<(), DatabaseError> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await?,
            Self::Postgres(transaction) => transaction.commit().await?,
            Self::MySql(transaction) => transaction.commit().await?,
        }
        Ok(())
    }
}
