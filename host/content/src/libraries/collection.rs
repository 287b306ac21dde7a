//! Collections: groups of components and containers, without order and without versions (spec 7.6.8).

use std::collections::HashMap;

use blockhouse_keys::LibraryKey;
use serde_json::json;

use super::change::Change;
use super::container::slug;
use super::entity::{by_key, no_such};
use super::library::{check_description, check_title};
use super::{Author, Libraries, LibraryError};
use crate::storage::database::{Fetch, Row, Value};
use crate::storage::retried;

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

const SELECT: &str =
    "SELECT id, name, title, description, created, modified, enabled FROM content_library_collection";

impl Collection {
    fn read(row: &Row) -> Result<Self, LibraryError> {
        Ok(Self {
            id: row.int(0)?,
            key: row.text(1)?,
            title: row.text(2)?,
            description: row.text(3)?,
            created: row.int(4)?,
            modified: row.int(5)?,
            enabled: row.int(6)? != 0,
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
        by: &Author,
    ) -> Result<Collection, LibraryError> {
        check_title(title)?;
        check_description(description)?;
        let key = retried!(async {
            let mut change = self.change(by).await?;
            let found = change.library(library).await?;
            let (base, mut key, mut attempt) = (slug(title), slug(title), 1);
            while find(&mut change.tx, found.id, &key).await?.is_some() {
                attempt += 1;
                key = format!("{base}-{attempt}");
            }
            let created = change.now;
            change.begin_collection(library, found.id, &key, title, description, created).await?;
            change.commit().await?;
            Ok::<_, LibraryError>(key)
        })?;
        self.collection(library, &key).await
    }

    /// The collections, by title.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn collections(&self, library: &LibraryKey) -> Result<Vec<Collection>, LibraryError> {
        let library = self.library(library).await?;
        let select = format!("{SELECT} WHERE library_id = ? AND enabled = 1 ORDER BY title, name");
        self.read().await?.fetch(&select, &[library.id.into()]).await?.iter().map(Collection::read).collect()
    }

    /// A collection.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchCollection`].
    pub async fn collection(&self, library: &LibraryKey, key: &str) -> Result<Collection, LibraryError> {
        let found = self.library(library).await?;
        let collection = find(&mut self.read().await?, found.id, key).await?;
        collection.filter(|found| found.enabled).ok_or_else(|| no_collection(library, key))
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
        by: &Author,
    ) -> Result<Collection, LibraryError> {
        if let Some(title) = title {
            check_title(title)?;
        }
        if let Some(description) = description {
            check_description(description)?;
        }
        retried!(async {
            let mut change = self.change(by).await?;
            let old = change.collection(library, key).await?;
            let values: [Value<'_>; 4] = [
                title.unwrap_or(&old.title).into(),
                description.unwrap_or(&old.description).into(),
                change.now.into(),
                old.id.into(),
            ];
            let update =
                "UPDATE content_library_collection SET title = ?, description = ?, modified = ? WHERE id = ?";
            change.run(update, &values).await?;
            change.tell_collection(library, key, "updated").await?;
            change.commit().await
        })?;
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
        by: &Author,
    ) -> Result<(), LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let found = change.library(library).await?;
            let update = "UPDATE content_library_collection SET enabled = ?, modified = ? \
                          WHERE library_id = ? AND name = ?";
            let values: [Value<'_>; 4] =
                [i64::from(enabled).into(), change.now.into(), found.id.into(), key.into()];
            if find(&mut change.tx, found.id, key).await?.is_none() {
                return Err(no_collection(library, key));
            }
            change.run(update, &values).await?;
            change.tell_collection(library, key, if enabled { "created" } else { "deleted" }).await?;
            change.commit().await
        })
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
        by: &Author,
    ) -> Result<usize, LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let collection = change.collection(library, key).await?;
            for item in items {
                let entity = by_key(&mut change.tx, item).await?.filter(|entity| &entity.library == library);
                let entity = entity.ok_or_else(|| no_such(item))?;
                change.put_item(collection.id, entity.id, add).await?;
                let data = json!({ "object_id": item, "changes": ["collections"] });
                change.tell(library, item, "content_object_associations", "changed", data).await?;
            }
            let update = "UPDATE content_library_collection SET modified = ? WHERE id = ?";
            let now = change.now;
            change.run(update, &[now.into(), collection.id.into()]).await?;
            change.tell_collection(library, key, "updated").await?;
            change.commit().await
        })?;
        Ok(items.len())
    }

    pub(super) async fn collections_of(&self, entity: i64) -> Result<Vec<(String, String)>, LibraryError> {
        let select = "SELECT c.name, c.title FROM content_library_collection c \
                      JOIN content_library_item i ON i.collection_id = c.id \
                      WHERE i.entity_id = ? AND c.enabled = 1 ORDER BY c.title, c.name";
        let rows = self.read().await?.fetch(select, &[entity.into()]).await?;
        rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect()
    }

    pub(super) async fn collections_of_all(
        &self,
        library: i64,
    ) -> Result<HashMap<i64, Vec<(String, String)>>, LibraryError> {
        let select = "SELECT i.entity_id, c.name, c.title FROM content_library_collection c \
                      JOIN content_library_item i ON i.collection_id = c.id \
                      WHERE c.library_id = ? AND c.enabled = 1 ORDER BY c.title, c.name";
        let mut all: HashMap<i64, Vec<_>> = HashMap::new();
        for row in self.read().await?.fetch(select, &[library.into()]).await? {
            all.entry(row.int(0)?).or_default().push((row.text(1)?, row.text(2)?));
        }
        Ok(all)
    }
}

impl Change<'_> {
    /// The collection that is to be changed.
    async fn collection(&mut self, library: &LibraryKey, key: &str) -> Result<Collection, LibraryError> {
        let found = self.library(library).await?;
        let collection = find(&mut self.tx, found.id, key).await?;
        collection.filter(|found| found.enabled).ok_or_else(|| no_collection(library, key))
    }

    /// Begins a collection and gives its row.
    pub(super) async fn begin_collection(
        &mut self,
        library: &LibraryKey,
        library_id: i64,
        key: &str,
        title: &str,
        description: &str,
        created: i64,
    ) -> Result<i64, LibraryError> {
        let insert = "INSERT INTO content_library_collection \
                      (library_id, name, title, description, created, modified, enabled) \
                      VALUES (?, ?, ?, ?, ?, ?, 1)";
        let values: [Value<'_>; 6] = [
            library_id.into(),
            key.into(),
            title.into(),
            description.into(),
            created.into(),
            self.now.into(),
        ];
        self.run(insert, &values).await?;
        self.tell_collection(library, key, "created").await?;
        let gone = || LibraryError::Damaged("a collection was made and is not there".to_owned());
        Ok(find(&mut self.tx, library_id, key).await?.ok_or_else(gone)?.id)
    }

    /// Puts an entity into a collection, or takes it out.
    pub(super) async fn put_item(
        &mut self,
        collection: i64,
        entity: i64,
        add: bool,
    ) -> Result<(), LibraryError> {
        let columns = ["collection_id", "entity_id"];
        let statement = if add {
            self.storage.database.dialect().upsert("content_library_item", &columns, &columns, &[], 1)
        } else {
            "DELETE FROM content_library_item WHERE collection_id = ? AND entity_id = ?".to_owned()
        };
        self.run(&statement, &[collection.into(), entity.into()]).await?;
        Ok(())
    }

    async fn tell_collection(
        &mut self,
        library: &LibraryKey,
        key: &str,
        verb: &str,
    ) -> Result<(), LibraryError> {
        let collection = library.make_collection_key(key);
        let collection = collection.map_err(|error| LibraryError::invalid("key", error.to_string()))?;
        let data = json!({ "collection_key": collection.as_str() });
        self.tell(library, collection.as_str(), "library_collection", verb, data).await
    }
}

async fn find(from: &mut impl Fetch, library: i64, key: &str) -> Result<Option<Collection>, LibraryError> {
    let select = format!("{SELECT} WHERE library_id = ? AND name = ?");
    let row = from.fetch_optional(&select, &[library.into(), key.into()]).await?;
    row.as_ref().map(Collection::read).transpose()
}

fn no_collection(library: &LibraryKey, key: &str) -> LibraryError {
    match library.make_collection_key(key) {
        Ok(key) => LibraryError::NoSuchCollection(key),
        Err(error) => LibraryError::invalid("key", error.to_string()),
    }
}
