//! Who is on a library's team: grants to accounts and to groups (spec 7.4).

use std::fmt;
use std::str::FromStr;

use blockhouse_keys::LibraryKey;
use sqlx::Row;

use super::library::in_transaction;
use super::{Libraries, Library, LibraryAccess, LibraryError, Writing};
use crate::Person;

/// How much a grant gives; each level includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// See everything.
    Read,
    /// Change blocks, publish and revert.
    Author,
    /// Also delete the library and manage its team.
    Admin,
}

impl Level {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Author => "author",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Level {
    type Err = LibraryError;

    fn from_str(text: &str) -> Result<Self, LibraryError> {
        let level = [Self::Read, Self::Author, Self::Admin].into_iter().find(|level| level.as_str() == text);
        level.ok_or_else(|| {
            LibraryError::invalid("access_level", format!("\"{text}\" is not a valid choice."))
        })
    }
}

/// One grant: to an account or to a group.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// The account's name.
    pub username: Option<String>,
    /// The account's address.
    pub email: Option<String>,
    /// The group.
    pub group: Option<String>,
    /// How much.
    pub level: Level,
}

impl Libraries {
    /// The grants, by account and then by group.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn team(&self, key: &LibraryKey) -> Result<Vec<Grant>, LibraryError> {
        let library = self.library(key).await?;
        let rows = sqlx::query(
            "SELECT username, email, group_name, level FROM library_grant WHERE library_id = ?
             ORDER BY group_name IS NOT NULL, username, group_name",
        )
        .bind(library.id)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Grant {
                    username: row.try_get("username")?,
                    email: row.try_get("email")?,
                    group: row.try_get("group_name")?,
                    level: row.try_get::<&str, _>("level")?.parse()?,
                })
            })
            .collect()
    }

    /// What a person may do with a library.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn access(&self, library: &Library, person: &Person) -> Result<LibraryAccess, LibraryError> {
        let groups = serde_json::to_string(&person.groups)?;
        let levels: Vec<String> = sqlx::query_scalar(
            "SELECT level FROM library_grant WHERE library_id = ?
             AND (account = ? OR group_name IN (SELECT value FROM json_each(?)))",
        )
        .bind(library.id)
        .bind(person.account)
        .bind(groups)
        .fetch_all(&self.pool)
        .await?;
        let grant = levels.iter().filter_map(|level| level.parse().ok()).max();
        Ok(LibraryAccess::of(library, person, grant))
    }

    /// Grants a level to an account, or takes its grant away.
    ///
    /// # Errors
    /// [`LibraryError::Invalid`] when the library would be left without an admin; [`LibraryError::NoSuchGrant`] when
    /// there is nothing to take away.
    pub async fn grant_user(
        &self,
        key: &LibraryKey,
        person: &Person,
        level: Option<Level>,
    ) -> Result<(), LibraryError> {
        let Some(account) = person.account else {
            return Err(LibraryError::invalid("email", "We could not find a user with that email address."));
        };
        let mut tx = self.write().await?;
        let library = in_transaction(&mut tx, key).await?;
        match level {
            Some(level) => {
                grant_account(&mut tx, library.id, account, &person.username, &person.email, level).await?;
            }
            None => {
                let deleted = sqlx::query("DELETE FROM library_grant WHERE library_id = ? AND account = ?")
                    .bind(library.id)
                    .bind(account)
                    .execute(&mut *tx)
                    .await?;
                if deleted.rows_affected() == 0 {
                    return Err(LibraryError::NoSuchGrant(person.username.clone()));
                }
            }
        }
        keep_an_admin(&mut tx, library.id).await?;
        Ok(tx.commit().await?)
    }

    /// Grants a level to a group, or takes its grant away.
    ///
    /// # Errors
    /// As [`Libraries::grant_user`].
    pub async fn grant_group(
        &self,
        key: &LibraryKey,
        group: &str,
        level: Option<Level>,
    ) -> Result<(), LibraryError> {
        let mut tx = self.write().await?;
        let library = in_transaction(&mut tx, key).await?;
        let deleted = sqlx::query("DELETE FROM library_grant WHERE library_id = ? AND group_name = ?")
            .bind(library.id)
            .bind(group)
            .execute(&mut *tx)
            .await?;
        match level {
            Some(level) => {
                sqlx::query("INSERT INTO library_grant (library_id, group_name, level) VALUES (?, ?, ?)")
                    .bind(library.id)
                    .bind(group)
                    .bind(level.as_str())
                    .execute(&mut *tx)
                    .await?;
            }
            None if deleted.rows_affected() == 0 => return Err(LibraryError::NoSuchGrant(group.to_owned())),
            None => {}
        }
        keep_an_admin(&mut tx, library.id).await?;
        Ok(tx.commit().await?)
    }
}

pub(super) async fn grant_account(
    tx: &mut Writing<'_>,
    library: i64,
    account: i64,
    username: &str,
    email: &str,
    level: Level,
) -> Result<(), LibraryError> {
    sqlx::query(
        "INSERT INTO library_grant (library_id, account, username, email, level) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (library_id, account) DO UPDATE SET username = excluded.username, email = excluded.email,
         level = excluded.level",
    )
    .bind(library)
    .bind(account)
    .bind(username)
    .bind(email)
    .bind(level.as_str())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Nobody may lock everybody out (row 144).
async fn keep_an_admin(tx: &mut Writing<'_>, library: i64) -> Result<(), LibraryError> {
    let admins: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM library_grant WHERE library_id = ? AND account IS NOT NULL AND level = 'admin'",
    )
    .bind(library)
    .fetch_one(&mut **tx)
    .await?;
    if admins == 0 {
        return Err(LibraryError::invalid(
            "detail",
            "Cannot change or remove the access level for the only admin; make somebody else an admin first.",
        ));
    }
    Ok(())
}
