//! The table of collections.

use uuid::Uuid;

use super::{EmbeddedBundles, uuid as parsed};
use crate::bundles::{BundleError, Collection, checks};
use crate::storage::database::{Fetch, Row, Transaction};

const COLUMNS: &str = "SELECT uuid, title FROM content_collection";

impl EmbeddedBundles {
    pub(super) async fn insert_collection(&self, title: &str) -> Result<Collection, BundleError> {
        checks::title(title)?;
        let collection = Collection { uuid: Uuid::new_v4(), title: title.to_owned() };
        let mut transaction = self.storage.database.write().await?;
        let insert = "INSERT INTO content_collection (uuid, title) VALUES (?, ?)";
        transaction.execute(insert, &[(&collection.uuid.to_string()).into(), title.into()]).await?;
        transaction.commit().await?;
        Ok(collection)
    }

    pub(super) async fn select_collection(&self, uuid: Uuid) -> Result<Collection, BundleError> {
        let select = format!("{COLUMNS} WHERE uuid = ?");
        let row = self
            .storage
            .database
            .read()
            .await?
            .fetch_optional(&select, &[(&uuid.to_string()).into()])
            .await?;
        collection(&row.ok_or(BundleError::CollectionNotFound(uuid))?)
    }

    pub(super) async fn select_collections(&self) -> Result<Vec<Collection>, BundleError> {
        let select = format!("{COLUMNS} ORDER BY title, uuid");
        self.storage.database.read().await?.fetch(&select, &[]).await?.iter().map(collection).collect()
    }

    pub(super) async fn update_collection(&self, uuid: Uuid, title: &str) -> Result<Collection, BundleError> {
        checks::title(title)?;
        let mut transaction = self.storage.database.write().await?;
        let update = "UPDATE content_collection SET title = ? WHERE uuid = ?";
        let found = transaction.execute(update, &[title.into(), (&uuid.to_string()).into()]).await?;
        if found == 0 {
            return Err(BundleError::CollectionNotFound(uuid));
        }
        transaction.commit().await?;
        Ok(Collection { uuid, title: title.to_owned() })
    }

    pub(super) async fn remove_collection(&self, uuid: Uuid) -> Result<(), BundleError> {
        let mut transaction = self.storage.database.write().await?;
        let id = lock(&mut transaction, uuid).await?;
        let bundle = "SELECT id FROM content_bundle WHERE collection_id = ? LIMIT 1";
        if transaction.fetch_optional(bundle, &[id.into()]).await?.is_some() {
            return Err(BundleError::CollectionInUse(uuid));
        }
        transaction.execute("DELETE FROM content_collection WHERE id = ?", &[id.into()]).await?;
        Ok(transaction.commit().await?)
    }
}

/// The row number of a collection that nobody can delete until the transaction ends.
pub(super) async fn lock(transaction: &mut Transaction, uuid: Uuid) -> Result<i64, BundleError> {
    let text = uuid.to_string();
    transaction
        .execute("UPDATE content_collection SET title = title WHERE uuid = ?", &[(&text).into()])
        .await?;
    let row = transaction
        .fetch_optional("SELECT id FROM content_collection WHERE uuid = ?", &[(&text).into()])
        .await?;
    Ok(row.ok_or(BundleError::CollectionNotFound(uuid))?.int(0)?)
}

fn collection(row: &Row) -> Result<Collection, BundleError> {
    Ok(Collection { uuid: parsed(&row.text(0)?)?, title: row.text(1)? })
}
