//! The table of drafts.

use uuid::Uuid;

use super::{EmbeddedBundles, timestamp, uuid as parsed};
use crate::bundles::{BundleError, Draft, checks};
use crate::storage::database::{Fetch, Row, Transaction, Value};

const COLUMNS: &str = "SELECT d.id, d.bundle_id, d.uuid, b.uuid, d.name, d.base_version, d.revision, d.created, \
                       d.updated, d.updated_by FROM content_draft d JOIN content_bundle b ON b.id = d.bundle_id \
                       WHERE b.deleted IS NULL";

/// A draft with the numbers of its rows.
pub(super) struct DraftRow {
    pub(super) id: i64,
    pub(super) bundle_id: i64,
    pub(super) draft: Draft,
}

impl EmbeddedBundles {
    pub(super) async fn get_or_insert_draft(&self, bundle: Uuid, name: &str) -> Result<Draft, BundleError> {
        checks::name("the name of the draft", name)?;
        let select = format!("{COLUMNS} AND b.uuid = ? AND d.name = ?");
        let text = bundle.to_string();
        let wanted: [Value<'_>; 2] = [(&text).into(), name.into()];
        if let Some(row) = self.storage.database.read().await?.fetch_optional(&select, &wanted).await? {
            return Ok(read(&row)?.draft);
        }
        let mut transaction = self.storage.database.write().await?;
        let find = "SELECT id, latest_version FROM content_bundle WHERE uuid = ? AND deleted IS NULL";
        let row = transaction.fetch_optional(find, &[(&text).into()]).await?;
        let row = row.ok_or(BundleError::BundleNotFound(bundle))?;
        let columns = ["uuid", "bundle_id", "name", "base_version", "revision", "created", "updated"];
        // Somebody else may have begun it in the meantime.
        let insert =
            self.storage.database.dialect().upsert("content_draft", &columns, &["bundle_id", "name"], &[], 1);
        let (uuid, now) = (Uuid::new_v4().to_string(), self.now());
        let values: [Value<'_>; 7] = [
            (&uuid).into(),
            row.int(0)?.into(),
            name.into(),
            row.int(1)?.into(),
            1.into(),
            now.into(),
            now.into(),
        ];
        transaction.execute(&insert, &values).await?;
        transaction.commit().await?;
        let row = self.storage.database.read().await?.fetch_optional(&select, &wanted).await?;
        Ok(read(&row.ok_or(BundleError::BundleNotFound(bundle))?)?.draft)
    }

    pub(super) async fn select_draft(&self, uuid: Uuid) -> Result<Draft, BundleError> {
        Ok(find(&mut self.storage.database.read().await?, uuid).await?.draft)
    }

    pub(super) async fn remove_draft(&self, uuid: Uuid) -> Result<(), BundleError> {
        let mut transaction = self.storage.database.write().await?;
        let row = self.lock_draft(&mut transaction, uuid, None).await?;
        for table in ["content_draft_file", "content_draft_link"] {
            transaction.execute(&format!("DELETE FROM {table} WHERE draft_id = ?"), &[row.id.into()]).await?;
        }
        transaction.execute("DELETE FROM content_draft WHERE id = ?", &[row.id.into()]).await?;
        Ok(transaction.commit().await?)
    }

    /// The draft at its next revision. Nobody else can change it until the transaction ends.
    pub(super) async fn lock_draft(
        &self,
        transaction: &mut Transaction,
        uuid: Uuid,
        by: Option<&str>,
    ) -> Result<DraftRow, BundleError> {
        let update =
            "UPDATE content_draft SET revision = revision + 1, updated = ?, updated_by = ? WHERE uuid = ?";
        let text = uuid.to_string();
        transaction.execute(update, &[self.now().into(), by.into(), (&text).into()]).await?;
        find(transaction, uuid).await
    }
}

pub(super) async fn find(from: &mut impl Fetch, uuid: Uuid) -> Result<DraftRow, BundleError> {
    let select = format!("{COLUMNS} AND d.uuid = ?");
    let row = from.fetch_optional(&select, &[(&uuid.to_string()).into()]).await?;
    read(&row.ok_or(BundleError::DraftNotFound(uuid))?)
}

fn read(row: &Row) -> Result<DraftRow, BundleError> {
    Ok(DraftRow {
        id: row.int(0)?,
        bundle_id: row.int(1)?,
        draft: Draft {
            uuid: parsed(&row.text(2)?)?,
            bundle: parsed(&row.text(3)?)?,
            name: row.text(4)?,
            base_version: row.count(5)?,
            revision: row.count(6)?,
            created: timestamp(row.int(7)?)?,
            updated: timestamp(row.int(8)?)?,
            updated_by: row.maybe_text(9)?,
        },
    })
}
