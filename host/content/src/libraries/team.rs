//! Who is on a library's team: grants to accounts and to groups (spec 7.4).

use std::fmt;
use std::str::FromStr;

use blockhouse_keys::LibraryKey;

use super::change::Change;
use super::{Author, Libraries, Library, LibraryAccess, LibraryError, may_create};
use crate::Person;
use crate::storage::database::{Fetch as _, Row, Value, list};
use crate::storage::retried;

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
    /// Whether there is anything that somebody may write: a library of which they are an author, or one of their own to
    /// be made.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn may_write(&self, person: &Person) -> Result<bool, LibraryError> {
        if !person.active || person.staff || may_create(person) {
            return Ok(person.active);
        }
        let mut whose = "account = ?".to_owned();
        let mut values: Vec<Value<'_>> = vec![person.account.into()];
        if !person.groups.is_empty() {
            whose.push_str(&format!(" OR group_name IN ({})", list(person.groups.len())));
            values.extend(person.groups.iter().map(Value::from));
        }
        let select = format!(
            "SELECT library_id FROM content_library_grant WHERE level IN ('author', 'admin') AND ({whose}) LIMIT 1"
        );
        Ok(self.read().await?.fetch_optional(&select, &values).await?.is_some())
    }

    /// The grants, by account and then by group.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn team(&self, key: &LibraryKey) -> Result<Vec<Grant>, LibraryError> {
        let library = self.library(key).await?;
        let select = "SELECT username, email, group_name, level FROM content_library_grant WHERE library_id = ? \
                      ORDER BY CASE WHEN group_name IS NULL THEN 0 ELSE 1 END, username, group_name";
        let grant = |row: &Row| {
            Ok(Grant {
                username: row.maybe_text(0)?,
                email: row.maybe_text(1)?,
                group: row.maybe_text(2)?,
                level: row.text(3)?.parse()?,
            })
        };
        self.read().await?.fetch(select, &[library.id.into()]).await?.iter().map(grant).collect()
    }

    /// What a person may do with a library.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn access(&self, library: &Library, person: &Person) -> Result<LibraryAccess, LibraryError> {
        let mut select =
            "SELECT level FROM content_library_grant WHERE library_id = ? AND (account = ?".to_owned();
        if !person.groups.is_empty() {
            select.push_str(&format!(" OR group_name IN ({})", list(person.groups.len())));
        }
        select.push(')');
        let of: [Value<'_>; 2] = [library.id.into(), person.account.into()];
        let values: Vec<_> = of.into_iter().chain(person.groups.iter().map(Value::from)).collect();
        let rows = self.read().await?.fetch(&select, &values).await?;
        let levels: Vec<String> = rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
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
        by: &Author,
    ) -> Result<(), LibraryError> {
        let Some(account) = person.account else {
            return Err(LibraryError::invalid("email", "We could not find a user with that email address."));
        };
        retried!(async {
            let mut change = self.change(by).await?;
            let library = change.library(key).await?.id;
            match level {
                Some(level) => {
                    change.grant_account(library, account, &person.username, &person.email, level).await?;
                }
                None => {
                    let delete = "DELETE FROM content_library_grant WHERE library_id = ? AND account = ?";
                    if change.run(delete, &[library.into(), account.into()]).await? == 0 {
                        return Err(LibraryError::NoSuchGrant(person.username.clone()));
                    }
                }
            }
            change.keep_an_admin(library).await?;
            change.commit().await
        })
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
        by: &Author,
    ) -> Result<(), LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let library = change.library(key).await?.id;
            let delete = "DELETE FROM content_library_grant WHERE library_id = ? AND group_name = ?";
            let deleted = change.run(delete, &[library.into(), group.into()]).await?;
            match level {
                Some(level) => {
                    let insert =
                        "INSERT INTO content_library_grant (library_id, group_name, level) VALUES (?, ?, ?)";
                    change.run(insert, &[library.into(), group.into(), level.as_str().into()]).await?;
                }
                None if deleted == 0 => return Err(LibraryError::NoSuchGrant(group.to_owned())),
                None => {}
            }
            change.keep_an_admin(library).await?;
            change.commit().await
        })
    }
}

impl Change<'_> {
    pub(super) async fn grant_account(
        &mut self,
        library: i64,
        account: i64,
        username: &str,
        email: &str,
        level: Level,
    ) -> Result<(), LibraryError> {
        let columns = ["library_id", "account", "username", "email", "level"];
        let upsert = self.storage.database.dialect().upsert(
            "content_library_grant",
            &columns,
            &["library_id", "account"],
            &["username", "email", "level"],
            1,
        );
        let values: [Value<'_>; 5] =
            [library.into(), account.into(), username.into(), email.into(), level.as_str().into()];
        self.run(&upsert, &values).await?;
        Ok(())
    }

    /// Nobody may lock everybody out (row 144).
    async fn keep_an_admin(&mut self, library: i64) -> Result<(), LibraryError> {
        let select = "SELECT account FROM content_library_grant \
                      WHERE library_id = ? AND account IS NOT NULL AND level = 'admin' LIMIT 1";
        if self.tx.fetch_optional(select, &[library.into()]).await?.is_some() {
            return Ok(());
        }
        Err(LibraryError::invalid(
            "detail",
            "Cannot change or remove the access level for the only admin; make somebody else an admin first.",
        ))
    }
}
