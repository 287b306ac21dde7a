//! The table of bundles.

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use super::{CHUNK, EmbeddedBundles, collection, timestamp, uuid as parsed};
use crate::bundles::{Bundle, BundleError, BundleFilter, BundlePatch, NewBundle, checks};
use crate::storage::database::{Fetch, Row, Value, list};

const COLUMNS: &str = "SELECT b.id, b.uuid, c.uuid, b.slug, b.title, b.description, b.latest_version, b.deleted \
                       FROM content_bundle b JOIN content_collection c ON c.id = b.collection_id";

impl EmbeddedBundles {
    pub(super) async fn insert_bundle(&self, new: &NewBundle) -> Result<Bundle, BundleError> {
        checks::slug(&new.slug)?;
        checks::title(&new.title)?;
        checks::description(&new.description)?;
        let uuid = Uuid::new_v4();
        let mut transaction = self.storage.database.write().await?;
        let collection = collection::lock(&mut transaction, new.collection).await?;
        let insert = "INSERT INTO content_bundle \
                      (uuid, collection_id, slug, title, description, latest_version, created) \
                      VALUES (?, ?, ?, ?, ?, ?, ?)";
        let text = uuid.to_string();
        let values: [Value<'_>; 7] = [
            (&text).into(),
            collection.into(),
            (&new.slug).into(),
            (&new.title).into(),
            (&new.description).into(),
            0.into(),
            self.now().into(),
        ];
        transaction.execute(insert, &values).await?;
        transaction.commit().await?;
        Ok(Bundle {
            uuid,
            collection: new.collection,
            slug: new.slug.clone(),
            title: new.title.clone(),
            description: new.description.clone(),
            drafts: BTreeMap::new(),
            latest_version: 0,
            deleted: None,
        })
    }

    pub(super) async fn select_bundle(&self, uuid: Uuid) -> Result<Bundle, BundleError> {
        let filter = BundleFilter { uuids: Some(vec![uuid]), ..BundleFilter::default() };
        self.select_bundles(&filter).await?.pop().ok_or(BundleError::BundleNotFound(uuid))
    }

    pub(super) async fn select_bundles(&self, filter: &BundleFilter) -> Result<Vec<Bundle>, BundleError> {
        let mut select =
            format!("{COLUMNS} WHERE b.deleted IS {}", if filter.deleted { "NOT NULL" } else { "NULL" });
        let collection = filter.collection.map(|uuid| uuid.to_string());
        let uuids: Vec<_> = filter.uuids.iter().flatten().map(Uuid::to_string).collect();
        let mut reader = self.storage.database.read().await?;
        let mut rows = Vec::new();
        let mut values: Vec<Value<'_>> = Vec::new();
        if let Some(collection) = &collection {
            select += " AND c.uuid = ?";
            values.push(collection.into());
        }
        if filter.uuids.is_none() {
            rows = reader.fetch(&select, &values).await?;
        }
        for chunk in uuids.chunks(CHUNK) {
            let select = format!("{select} AND b.uuid IN ({})", list(chunk.len()));
            let values: Vec<_> = values.iter().copied().chain(chunk.iter().map(Value::from)).collect();
            rows.extend(reader.fetch(&select, &values).await?);
        }
        let mut bundles = rows.iter().map(bundle).collect::<Result<HashMap<_, _>, _>>()?;
        if let Some(text) = filter.text.as_deref().filter(|text| !text.is_empty()) {
            // Not in SQL: SQLite knows upper and lower case of ASCII only.
            let text = text.to_lowercase();
            let has = |found: &str| found.to_lowercase().contains(&text);
            bundles.retain(|_, bundle| has(&bundle.title) || has(&bundle.description) || has(&bundle.slug));
        }
        let ids: Vec<i64> = bundles.keys().copied().collect();
        for chunk in ids.chunks(CHUNK) {
            let select = format!(
                "SELECT bundle_id, name, uuid FROM content_draft WHERE bundle_id IN ({})",
                list(chunk.len())
            );
            let values: Vec<_> = chunk.iter().map(|id| Value::Int(*id)).collect();
            for row in reader.fetch(&select, &values).await? {
                if let Some(bundle) = bundles.get_mut(&row.int(0)?) {
                    bundle.drafts.insert(row.text(1)?, parsed(&row.text(2)?)?);
                }
            }
        }
        let mut bundles: Vec<_> = bundles.into_values().collect();
        bundles.sort_by(|one, other| (&one.title, one.uuid).cmp(&(&other.title, other.uuid)));
        Ok(bundles)
    }

    pub(super) async fn change_bundle(&self, uuid: Uuid, patch: &BundlePatch) -> Result<Bundle, BundleError> {
        patch.slug.as_deref().map_or(Ok(()), checks::slug)?;
        patch.title.as_deref().map_or(Ok(()), checks::title)?;
        patch.description.as_deref().map_or(Ok(()), checks::description)?;
        let mut transaction = self.storage.database.write().await?;
        let collection = match patch.collection {
            Some(uuid) => Some(collection::lock(&mut transaction, uuid).await?),
            None => None,
        };
        let update = "UPDATE content_bundle SET collection_id = COALESCE(?, collection_id), \
                      slug = COALESCE(?, slug), title = COALESCE(?, title), \
                      description = COALESCE(?, description) WHERE uuid = ? AND deleted IS NULL";
        let text = uuid.to_string();
        let values: [Value<'_>; 5] = [
            collection.into(),
            patch.slug.as_deref().into(),
            patch.title.as_deref().into(),
            patch.description.as_deref().into(),
            (&text).into(),
        ];
        if transaction.execute(update, &values).await? == 0 {
            return Err(BundleError::BundleNotFound(uuid));
        }
        transaction.commit().await?;
        self.select_bundle(uuid).await
    }

    pub(super) async fn mark_deleted(&self, uuid: Uuid) -> Result<(), BundleError> {
        let mut transaction = self.storage.database.write().await?;
        let update = "UPDATE content_bundle SET deleted = ? WHERE uuid = ? AND deleted IS NULL";
        let text = uuid.to_string();
        if transaction.execute(update, &[self.now().into(), (&text).into()]).await? == 0 {
            return Err(BundleError::BundleNotFound(uuid));
        }
        Ok(transaction.commit().await?)
    }

    pub(super) async fn unmark_deleted(&self, uuid: Uuid) -> Result<Bundle, BundleError> {
        let mut transaction = self.storage.database.write().await?;
        let update = "UPDATE content_bundle SET deleted = NULL WHERE uuid = ?";
        if transaction.execute(update, &[(&uuid.to_string()).into()]).await? == 0 {
            return Err(BundleError::BundleNotFound(uuid));
        }
        transaction.commit().await?;
        self.select_bundle(uuid).await
    }
}

/// A bundle by its row number, without its drafts.
fn bundle(row: &Row) -> Result<(i64, Bundle), BundleError> {
    let bundle = Bundle {
        uuid: parsed(&row.text(1)?)?,
        collection: parsed(&row.text(2)?)?,
        slug: row.text(3)?,
        title: row.text(4)?,
        description: row.text(5)?,
        drafts: BTreeMap::new(),
        latest_version: row.count(6)?,
        deleted: row.maybe_int(7)?.map(timestamp).transpose()?,
    };
    Ok((row.int(0)?, bundle))
}
