//! The setting that chooses a database.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use sqlx::sqlite::SqliteSynchronous;

/// Which database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// `sqlite:PATH`, and whether each commit waits for the disk: `?synchronous=full` (the default) or, when the last
    /// moments before a power cut may be lost, `?synchronous=normal`.
    Sqlite {
        /// The file.
        path: PathBuf,
        /// Whether an answer that a learner has seen survives a power cut.
        full: bool,
    },
    /// `postgres://…`
    Postgres(String),
    /// `mysql://…` or `mariadb://…`
    MySql(String),
}

/// A text that names no database.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no database; write sqlite:FILE, postgres://USER@HOST/NAME or mysql://USER@HOST/NAME")]
pub struct InvalidDatabaseUrl(String);

impl FromStr for DatabaseUrl {
    type Err = InvalidDatabaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidDatabaseUrl(without_password(text));
        let (scheme, rest) = text.split_once(':').ok_or_else(invalid)?;
        match scheme {
            "postgres" | "postgresql" if rest.starts_with("//") => Ok(Self::Postgres(text.to_owned())),
            "mysql" | "mariadb" if rest.starts_with("//") => Ok(Self::MySql(text.to_owned())),
            "sqlite" => {
                let (path, query) = rest.split_once('?').unwrap_or((rest, "synchronous=full"));
                let full = match query {
                    "synchronous=full" => true,
                    "synchronous=normal" => false,
                    _ => return Err(invalid()),
                };
                // `sqlite:///var/x` and `sqlite:/var/x` are the same file.
                let path = path.strip_prefix("//").unwrap_or(path);
                if path.is_empty() { Err(invalid()) } else { Ok(Self::Sqlite { path: path.into(), full }) }
            }
            _ => Err(invalid()),
        }
    }
}

impl DatabaseUrl {
    /// A SQLite file, durable at every commit.
    pub fn file(path: &Path) -> Self {
        Self::Sqlite { path: path.to_owned(), full: true }
    }

    pub(crate) fn synchronous(full: bool) -> SqliteSynchronous {
        if full { SqliteSynchronous::Full } else { SqliteSynchronous::Normal }
    }
}

/// An error message ends up in logs.
fn without_password(text: &str) -> String {
    match (text.split_once("://"), text.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_chooses_the_database() {
        let sqlite = |path: &str, full| DatabaseUrl::Sqlite { path: path.into(), full };
        for (text, expected) in [
            ("sqlite:data/state.sqlite", sqlite("data/state.sqlite", true)),
            ("sqlite:///var/x.db?synchronous=full", sqlite("/var/x.db", true)),
            ("sqlite:/var/x.db?synchronous=normal", sqlite("/var/x.db", false)),
            ("postgresql://u@h/d", DatabaseUrl::Postgres("postgresql://u@h/d".to_owned())),
            ("mariadb://u:p@h/d", DatabaseUrl::MySql("mariadb://u:p@h/d".to_owned())),
        ] {
            assert_eq!(text.parse(), Ok(expected));
        }
    }

    #[test]
    fn anything_else_is_refused_and_its_password_is_not_repeated() {
        for text in ["", "data/state.sqlite", "sqlite:", "sqlite:x?mode=ro", "oracle://u:secret@h/d"] {
            let error = text.parse::<DatabaseUrl>().unwrap_err();
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
