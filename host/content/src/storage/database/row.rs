//! Rows that come out of statements. Columns are counted from 0, in the order of the `SELECT`.

use sqlx::mysql::MySqlRow;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row as _, ValueRef as _};

use super::DatabaseError;

/// A row.
pub(crate) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
    MySql(MySqlRow),
}

impl Row {
    /// A number.
    pub(crate) fn int(&self, column: usize) -> Result<i64, DatabaseError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
            Self::MySql(row) => row.try_get(column)?,
        })
    }

    /// A number that is not negative.
    pub(crate) fn count(&self, column: usize) -> Result<u64, DatabaseError> {
        let number = self.int(column)?;
        u64::try_from(number)
            .map_err(|_| DatabaseError::Damaged(format!("{number} where none below 0 can be")))
    }

    /// A number or NULL.
    pub(crate) fn maybe_int(&self, column: usize) -> Result<Option<i64>, DatabaseError> {
        if self.is_null(column)? { Ok(None) } else { self.int(column).map(Some) }
    }

    /// A text.
    pub(crate) fn text(&self, column: usize) -> Result<String, DatabaseError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
            // Texts that are compared byte by byte are in binary columns there.
            Self::MySql(row) => {
                let bytes: Vec<u8> = row.try_get_unchecked(column)?;
                String::from_utf8(bytes).map_err(|error| DatabaseError::Damaged(error.to_string()))?
            }
        })
    }

    /// A text or NULL.
    pub(crate) fn maybe_text(&self, column: usize) -> Result<Option<String>, DatabaseError> {
        if self.is_null(column)? { Ok(None) } else { self.text(column).map(Some) }
    }

    /// Bytes.
    pub(crate) fn bytes(&self, column: usize) -> Result<Vec<u8>, DatabaseError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get(column)?,
            Self::Postgres(row) => row.try_get(column)?,
            Self::MySql(row) => row.try_get_unchecked(column)?,
        })
    }

    /// Bytes or NULL.
    pub(crate) fn maybe_bytes(&self, column: usize) -> Result<Option<Vec<u8>>, DatabaseError> {
        if self.is_null(column)? { Ok(None) } else { self.bytes(column).map(Some) }
    }

    fn is_null(&self, column: usize) -> Result<bool, DatabaseError> {
        Ok(match self {
            Self::Sqlite(row) => row.try_get_raw(column)?.is_null(),
            Self::Postgres(row) => row.try_get_raw(column)?.is_null(),
            Self::MySql(row) => row.try_get_raw(column)?.is_null(),
        })
    }
}
