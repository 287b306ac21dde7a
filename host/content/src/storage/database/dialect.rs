//! What SQLite, PostgreSQL and MySQL say differently.

use std::borrow::Cow;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
    MySql,
}

impl Dialect {
    /// A statement with `?` for values, as this database wants to have it. No statement has a `?` in a text.
    pub(super) fn placeholders(self, statement: &str) -> Cow<'_, str> {
        if self != Self::Postgres {
            return Cow::Borrowed(statement);
        }
        let mut numbered = String::with_capacity(statement.len() + 16);
        for (number, part) in statement.split('?').enumerate() {
            if number > 0 {
                numbered.push('$');
                numbered.push_str(&number.to_string());
            }
            numbered.push_str(part);
        }
        Cow::Owned(numbered)
    }

    /// An `INSERT` of `rows` rows. A row whose `key` is there already gets the values of `update` instead; without any,
    /// it stays as it is.
    pub(crate) fn upsert(
        self,
        table: &str,
        columns: &[&str],
        key: &[&str],
        update: &[&str],
        rows: usize,
    ) -> String {
        let insert = insert(table, columns, rows);
        let assignments = |excluded: &dyn Fn(&str) -> String| {
            update
                .iter()
                .map(|column| format!("{column} = {}", excluded(column)))
                .collect::<Vec<_>>()
                .join(", ")
        };
        match (self, update, key) {
            (Self::MySql, [], [first, ..]) => format!("{insert} ON DUPLICATE KEY UPDATE {first} = {first}"),
            (Self::MySql, ..) => {
                format!(
                    "{insert} ON DUPLICATE KEY UPDATE {}",
                    assignments(&|column| format!("VALUES({column})"))
                )
            }
            (_, [], _) => format!("{insert} ON CONFLICT ({}) DO NOTHING", key.join(", ")),
            _ => format!(
                "{insert} ON CONFLICT ({}) DO UPDATE SET {}",
                key.join(", "),
                assignments(&|column| format!("excluded.{column}"))
            ),
        }
    }
}

/// An `INSERT` of `rows` rows.
pub(crate) fn insert(table: &str, columns: &[&str], rows: usize) -> String {
    let row = format!("({})", list(columns.len()));
    let rows = std::iter::repeat_n(row.as_str(), rows).collect::<Vec<_>>().join(", ");
    format!("INSERT INTO {table} ({}) VALUES {rows}", columns.join(", "))
}

/// `?, ?, …`: places for `count` values.
pub(crate) fn list(count: usize) -> String {
    std::iter::repeat_n("?", count).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn postgres_counts_its_values() {
        let statement = "SELECT a FROM t WHERE b = ? AND c IN (?, ?)";
        assert_eq!(
            Dialect::Postgres.placeholders(statement),
            "SELECT a FROM t WHERE b = $1 AND c IN ($2, $3)"
        );
        assert_eq!(Dialect::MySql.placeholders(statement), statement);
    }

    #[test]
    fn a_row_that_is_there_is_updated_or_left() {
        let upsert = |dialect: Dialect, update: &[&str]| dialect.upsert("t", &["k", "v"], &["k"], update, 2);
        assert_eq!(
            upsert(Dialect::Sqlite, &["v"]),
            "INSERT INTO t (k, v) VALUES (?, ?), (?, ?) ON CONFLICT (k) DO UPDATE SET v = excluded.v"
        );
        assert_eq!(
            upsert(Dialect::MySql, &[]),
            "INSERT INTO t (k, v) VALUES (?, ?), (?, ?) ON DUPLICATE KEY UPDATE k = k"
        );
    }
}
