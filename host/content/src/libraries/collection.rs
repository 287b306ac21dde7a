//! Collections: groups of components and containers, without order and without versions (spec 7.6.8).

use std::collections::HashMap;

use blockhouse_keys::LibraryKey;
use serde_json::json;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row};

use super::container::slug;
use super::events::emit;
use super::library::{check_description, check_title, in_transaction};
use super::publication::{by_key, no_such};
use super::{Libraries, LibraryError, Writing};

/// A collection.
#[derive(Clone, Debug, PartialEq)]
pub struct Collection {
    pub(super) id: i64,
    /// Its name in the library.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Milliseconds since 1970.
    pub created: i64,
    /// When it was last changed.
    pub modified: i64,
    /// Whether it is there; a deleted one can be restored.
    pub enabled: bool,
}

impl FromRow<'_, SqliteRow> for Collection {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            key: row.try_get("key")?,
            title: row.try_get("title")?,
            description: row.try_get("description")?,
            created: row.try_get("created")?,
            modified: row.try_get("modified")?,
            enabled: row.try_get("enabled")?,
        })
    }
}

impl Libraries {
    /// Makes a collection; its key comes from its title.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`]; [`LibraryError::Invalid`] for a text.
    pub async fn create_collection(
        &self,
        library: &LibraryKey,
        title: &str,
        description: &str,
    ) -> Result<Collection, LibraryError> {
        check_title(title)?;
        check_description(description)?;
        let now = self.now();
        let mut tx = self.write().await?;
        let found = in_transaction(&mut tx, library).await?;
        let (base, mut key, mut attempt) = (slug(title), slug(title), 1);
        while collection_in(&mut tx, found.id, &key).await?.is_some() {
            attempt += 1;
            key = format!("{base}-{attempt}");
        }
        sqlx::query(
            "INSERT INTO collection (library_id, key, title, description, created, modified, enabled)
             VALUES (?, ?, ?, ?, ?, ?, 1)",
        )
        .bind(found.id)
        .bind(&key)
        .bind(title)
        .bind(description)
        .bind(now)
        .bind(now)
        .execute(&mut *tx)
        .await?;
        tell(&mut tx, library, &key, "created", now).await?;
        let made = collection_in(&mut tx, found.id, &key).await?;
        tx.commit().await?;
        made.ok_or_else(|| LibraryError::Damaged("a collection was made and is not there".to_owned()))
    }

    /// The collections, by title.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn collections(&self, library: &LibraryKey) -> Result<Vec<Collection>, LibraryError> {
        let library = self.library(library).await?;
        let query =
            sqlx::query_as("SELECT * FROM collection WHERE library_id = ? AND enabled ORDER BY title, key");
        Ok(query.bind(library.id).fetch_all(&self.pool).await?)
    }

    /// A collection.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchCollection`].
    pub async fn collection(&self, library: &LibraryKey, key: &str) -> Result<Collection, LibraryError> {
        let found = self.library(library).await?;
        let query = sqlx::query_as("SELECT * FROM collection WHERE library_id = ? AND key = ? AND enabled");
        let collection = query.bind(found.id).bind(key).fetch_optional(&self.pool).await?;
        collection.ok_or_else(|| no_collection(library, key))
    }

    /// Changes texts of a collection; `None` stays.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchCollection`]; [`LibraryError::Invalid`].
    pub async fn update_collection(
        &self,
        library: &LibraryKey,
        key: &str,
        title: Option<&str>,
        description: Option<&str>,
    ) -> Result<Collection, LibraryError> {
        let old = self.collection(library, key).await?;
        let (title, description) = (title.unwrap_or(&old.title), description.unwrap_or(&old.description));
        check_title(title)?;
        check_description(description)?;
        let now = self.now();
        let mut tx = self.write().await?;
        sqlx::query("UPDATE collection SET title = ?, description = ?, modified = ? WHERE id = ?")
            .bind(title)
            .bind(description)
            .bind(now)
            .bind(old.id)
            .execute(&mut *tx)
            .await?;
        tell(&mut tx, library, key, "updated", now).await?;
        tx.commit().await?;
        self.collection(library, key).await
    }

    /// Deletes a collection so that it can be restored, or restores it. What is in it stays in the library.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchCollection`].
    pub async fn enable_collection(
        &self,
        library: &LibraryKey,
        key: &str,
        enabled: bool,
    ) -> Result<(), LibraryError> {
        let now = self.now();
        let mut tx = self.write().await?;
        let found = in_transaction(&mut tx, library).await?;
        let done =
            sqlx::query("UPDATE collection SET enabled = ?, modified = ? WHERE library_id = ? AND key = ?")
                .bind(enabled)
                .bind(now)
                .bind(found.id)
                .bind(key)
                .execute(&mut *tx)
                .await?;
        if done.rows_affected() == 0 {
            return Err(no_collection(library, key));
        }
        tell(&mut tx, library, key, if enabled { "created" } else { "deleted" }, now).await?;
        Ok(tx.commit().await?)
    }

    /// Puts entities into a collection, or takes them out, and gives how many were named.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchCollection`], [`LibraryError::NoSuchComponent`], [`LibraryError::NoSuchContainer`].
    pub async fn change_items(
        &self,
        library: &LibraryKey,
        key: &str,
        items: &[String],
        add: bool,
    ) -> Result<usize, LibraryError> {
        let collection = self.collection(library, key).await?;
        let now = self.now();
        let mut tx = self.write().await?;
        for item in items {
            let entity = by_key(&mut tx, item).await?.filter(|entity| &entity.library == library);
            let entity = entity.ok_or_else(|| no_such(item))?;
            let sql = if add {
                "INSERT OR IGNORE INTO collection_item (collection_id, entity_id) VALUES (?, ?)"
            } else {
                "DELETE FROM collection_item WHERE collection_id = ? AND entity_id = ?"
            };
            sqlx::query(sql).bind(collection.id).bind(entity.id).execute(&mut *tx).await?;
            let data = json!({ "object_id": item, "changes": ["collections"] });
            emit(&mut tx, "content_object_associations", "changed", data, now).await?;
        }
        sqlx::query("UPDATE collection SET modified = ? WHERE id = ?")
            .bind(now)
            .bind(collection.id)
            .execute(&mut *tx)
            .await?;
        tell(&mut tx, library, key, "updated", now).await?;
        tx.commit().await?;
        Ok(items.len())
    }

    pub(super) async fn collections_of(&self, entity: i64) -> Result<Vec<(String, String)>, LibraryError> {
        let query = sqlx::query_as(
            "SELECT c.key, c.title FROM collection c JOIN collection_item i ON i.collection_id = c.id
             WHERE i.entity_id = ? AND c.enabled ORDER BY c.title, c.key",
        );
        Ok(query.bind(entity).fetch_all(&self.pool).await?)
    }

    pub(super) async fn collections_of_all(
        &self,
        library: i64,
    ) -> Result<HashMap<i64, Vec<(String, String)>>, LibraryError> {
        let rows: Vec<(i64, String, String)> = sqlx::query_as(
            "SELECT i.entity_id, c.key, c.title FROM collection c JOIN collection_item i ON i.collection_id = c.id
             WHERE c.library_id = ? AND c.enabled ORDER BY c.title, c.key",
        )
        .bind(library)
        .fetch_all(&self.pool)
        .await?;
        let mut all: HashMap<i64, Vec<_>> = HashMap::new();
        for (entity, key, title) in rows {
            all.entry(entity).or_default().push((key, title));
        }
        Ok(all)
    }
}

async fn collection_in(
    tx: &mut Writing<'_>,
    library: i64,
    key: &str,
) -> Result<Option<Collection>, LibraryError> {
    let query = sqlx::query_as("SELECT * FROM collection WHERE library_id = ? AND key = ?");
    Ok(query.bind(library).bind(key).fetch_optional(&mut **tx).await?)
}

fn no_collection(library: &LibraryKey, key: &str) -> LibraryError {
    match library.make_collection_key(key) {
        Ok(key) => LibraryError::NoSuchCollection(key),
        Err(error) => LibraryError::invalid("key", error.to_string()),
    }
}

async fn tell(
    tx: &mut Writing<'_>,
    library: &LibraryKey,
    key: &str,
    verb: &str,
    now: i64,
) -> Result<(), LibraryError> {
    let data = match library.make_collection_key(key) {
        Ok(key) => json!({ "collection_key": key.as_str() }),
        Err(_) => json!({ "library_key": library.as_str() }),
    };
    emit(tx, "library_collection", verb, data, now).await
}
