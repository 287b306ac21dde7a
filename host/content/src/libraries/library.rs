//! Libraries themselves: making, finding, changing and deleting them.

use blockhouse_keys::LibraryKey;
use serde_json::json;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, QueryBuilder, Row, Sqlite};

use super::events::emit;
use super::team::{Level, grant_account};
use super::{Author, Libraries, LibraryError, Writing};

/// The licences that a library can have (spec 7.3.3).
pub const LICENSES: [&str; 7] =
    ["", "CC:4.0:BY", "CC:4.0:BY:NC", "CC:4.0:BY:NC:ND", "CC:4.0:BY:NC:SA", "CC:4.0:BY:ND", "CC:4.0:BY:SA"];

/// Characters (spec 7.5).
const MAX_TITLE: usize = 500;
const MAX_DESCRIPTION: usize = 10_000;

/// A library.
#[derive(Clone, Debug, PartialEq)]
pub struct Library {
    pub(super) id: i64,
    /// Its key.
    pub key: LibraryKey,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// One of [`LICENSES`].
    pub license: String,
    /// Whether anybody may learn from it.
    pub allow_public_learning: bool,
    /// Whether every author may read it.
    pub allow_public_read: bool,
    /// Milliseconds since 1970, as all moments here.
    pub created: i64,
    /// When it was last changed.
    pub updated: i64,
    /// When something of it was last published.
    pub last_published: Option<i64>,
    /// By whom.
    pub published_by: Option<String>,
    /// When something of it was last saved.
    pub last_draft_created: Option<i64>,
    /// By whom.
    pub last_draft_created_by: Option<String>,
}

impl FromRow<'_, SqliteRow> for Library {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let key: &str = row.try_get("key")?;
        Ok(Self {
            id: row.try_get("id")?,
            key: key.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            license: row.try_get("license")?,
            allow_public_learning: row.try_get("allow_public_learning")?,
            allow_public_read: row.try_get("allow_public_read")?,
            created: row.try_get("created")?,
            updated: row.try_get("updated")?,
            last_published: row.try_get("last_published")?,
            published_by: row.try_get("published_by")?,
            last_draft_created: row.try_get("last_draft_created")?,
            last_draft_created_by: row.try_get("last_draft_created_by")?,
        })
    }
}

/// A library to be made.
#[derive(Clone, Debug, Default)]
pub struct NewLibrary {
    /// The organisation.
    pub org: String,
    /// The name in the organisation.
    pub slug: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// One of [`LICENSES`].
    pub license: String,
    /// Whether anybody may learn from it.
    pub allow_public_learning: bool,
    /// Whether every author may read it.
    pub allow_public_read: bool,
}

/// What is to change; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct LibraryPatch {
    /// What people call it.
    pub title: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// One of [`LICENSES`].
    pub license: Option<String>,
    /// Whether anybody may learn from it.
    pub allow_public_learning: Option<bool>,
    /// Whether every author may read it.
    pub allow_public_read: Option<bool>,
}

/// Which libraries are wanted, and in what order.
#[derive(Clone, Debug, Default)]
pub struct LibraryFilter {
    /// Of one organisation.
    pub org: Option<String>,
    /// With this in slug, organisation, title or description, whatever the case.
    pub text: Option<String>,
    /// `title`, `created` or `updated`, with `-` before it for the other direction; anything else is ignored.
    pub order: Option<String>,
}

impl Libraries {
    /// Makes a library. Its maker becomes its first admin.
    ///
    /// # Errors
    /// [`LibraryError::Invalid`] for a value that cannot be, or a key that exists.
    pub async fn create_library(&self, new: NewLibrary, by: &Author) -> Result<Library, LibraryError> {
        let key = self.new_key(&new.org, &new.slug)?;
        check_title(&new.title)?;
        check_description(&new.description)?;
        check_license(&new.license)?;
        let now = self.now();
        let mut tx = self.write().await?;
        let taken: Option<i64> = sqlx::query_scalar("SELECT id FROM library WHERE key = ?")
            .bind(key.as_str())
            .fetch_optional(&mut *tx)
            .await?;
        if taken.is_some() {
            return Err(LibraryError::invalid("slug", "A library with that ID already exists."));
        }
        let id = sqlx::query(
            "INSERT INTO library (key, org, slug, title, description, license, allow_public_learning,
             allow_public_read, created, updated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(key.as_str())
        .bind(&new.org)
        .bind(&new.slug)
        .bind(&new.title)
        .bind(&new.description)
        .bind(&new.license)
        .bind(new.allow_public_learning)
        .bind(new.allow_public_read)
        .bind(now)
        .bind(now)
        .execute(&mut *tx)
        .await?
        .last_insert_rowid();
        grant_account(&mut tx, id, by.account, &by.username, "", Level::Admin).await?;
        emit(&mut tx, "content_library", "created", json!({ "library_key": key.as_str() }), now).await?;
        tx.commit().await?;
        self.library(&key).await
    }

    /// A library.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn library(&self, key: &LibraryKey) -> Result<Library, LibraryError> {
        let found = sqlx::query_as("SELECT * FROM library WHERE key = ?").bind(key.as_str());
        found.fetch_optional(&self.pool).await?.ok_or_else(|| LibraryError::NoSuchLibrary(key.clone()))
    }

    /// The libraries that a filter lets through.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn libraries(&self, filter: &LibraryFilter) -> Result<Vec<Library>, LibraryError> {
        let mut query = QueryBuilder::<Sqlite>::new("SELECT * FROM library WHERE 1 = 1");
        if let Some(org) = &filter.org {
            query.push(" AND org = ").push_bind(org);
        }
        if let Some(text) = filter.text.as_ref().filter(|text| !text.is_empty()) {
            query
                .push(" AND (slug || char(10) || org || char(10) || title || char(10) || description) LIKE ");
            query.push_bind(contains(text)).push(" ESCAPE '\\'");
        }
        query.push(match filter.order.as_deref() {
            Some("title") => " ORDER BY title COLLATE NOCASE, id",
            Some("-title") => " ORDER BY title COLLATE NOCASE DESC, id DESC",
            Some("created") => " ORDER BY created, id",
            Some("-created") => " ORDER BY created DESC, id DESC",
            Some("updated") => " ORDER BY updated, id",
            Some("-updated") => " ORDER BY updated DESC, id DESC",
            _ => " ORDER BY org, slug",
        });
        Ok(query.build_query_as().fetch_all(&self.pool).await?)
    }

    /// Changes what is said about a library.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`]; [`LibraryError::Invalid`].
    pub async fn update_library(
        &self,
        key: &LibraryKey,
        patch: LibraryPatch,
    ) -> Result<Library, LibraryError> {
        if let Some(title) = &patch.title {
            check_title(title)?;
        }
        if let Some(description) = &patch.description {
            check_description(description)?;
        }
        if let Some(license) = &patch.license {
            check_license(license)?;
        }
        let now = self.now();
        let mut tx = self.write().await?;
        let library = in_transaction(&mut tx, key).await?;
        sqlx::query(
            "UPDATE library SET title = ?, description = ?, license = ?, allow_public_learning = ?,
             allow_public_read = ?, updated = ? WHERE id = ?",
        )
        .bind(patch.title.unwrap_or(library.title))
        .bind(patch.description.unwrap_or(library.description))
        .bind(patch.license.unwrap_or(library.license))
        .bind(patch.allow_public_learning.unwrap_or(library.allow_public_learning))
        .bind(patch.allow_public_read.unwrap_or(library.allow_public_read))
        .bind(now)
        .bind(library.id)
        .execute(&mut *tx)
        .await?;
        emit(&mut tx, "content_library", "updated", json!({ "library_key": key.as_str() }), now).await?;
        tx.commit().await?;
        self.library(key).await
    }

    /// Deletes a library with all that is in it.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn delete_library(&self, key: &LibraryKey) -> Result<(), LibraryError> {
        let now = self.now();
        let mut tx = self.write().await?;
        let library = in_transaction(&mut tx, key).await?;
        sqlx::query("DELETE FROM library WHERE id = ?").bind(library.id).execute(&mut *tx).await?;
        emit(&mut tx, "content_library", "deleted", json!({ "library_key": key.as_str() }), now).await?;
        Ok(tx.commit().await?)
    }

    /// The key that a library of this organisation and slug has. New keys are held to more than old ones (spec 1.4.5).
    fn new_key(&self, org: &str, slug: &str) -> Result<LibraryKey, LibraryError> {
        let org_is_plain = !org.is_empty()
            && org.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        let allowed = &self.rules.organizations;
        if !org_is_plain || (!allowed.is_empty() && !allowed.iter().any(|known| known == org)) {
            return Err(LibraryError::invalid("org", format!("No such organization '{org}' found.")));
        }
        let key =
            Some(slug).filter(|slug| !slug.contains('.')).and_then(|slug| LibraryKey::new(org, slug).ok());
        key.ok_or_else(|| {
            LibraryError::invalid(
                "slug",
                "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.",
            )
        })
    }
}

pub(super) async fn in_transaction(tx: &mut Writing<'_>, key: &LibraryKey) -> Result<Library, LibraryError> {
    let found = sqlx::query_as("SELECT * FROM library WHERE key = ?").bind(key.as_str());
    found.fetch_optional(&mut **tx).await?.ok_or_else(|| LibraryError::NoSuchLibrary(key.clone()))
}

/// A `LIKE` pattern for texts that contain this one.
pub(super) fn contains(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

pub(super) fn check_title(title: &str) -> Result<(), LibraryError> {
    if title.trim().is_empty() {
        return Err(LibraryError::invalid("title", "This field may not be blank."));
    }
    check_length("title", title, MAX_TITLE)
}

pub(super) fn check_description(text: &str) -> Result<(), LibraryError> {
    check_length("description", text, MAX_DESCRIPTION)
}

fn check_length(field: &'static str, text: &str, most: usize) -> Result<(), LibraryError> {
    match text.chars().count() {
        length if length > most => Err(LibraryError::invalid(
            field,
            format!("Ensure this field has no more than {most} characters."),
        )),
        _ => Ok(()),
    }
}

fn check_license(license: &str) -> Result<(), LibraryError> {
    if LICENSES.contains(&license) {
        return Ok(());
    }
    Err(LibraryError::invalid("license", format!("\"{license}\" is not a valid choice.")))
}
