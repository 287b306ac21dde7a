//! Taking changes back, and putting them over a newer version.

use uuid::Uuid;

use super::commit::rebase;
use super::{EmbeddedBundles, change};
use crate::bundles::{BundleError, Draft, Selection};
use crate::storage::database::{Fetch as _, Value};

impl EmbeddedBundles {
    pub(super) async fn apply_discard(
        &self,
        uuid: Uuid,
        selection: &Selection,
    ) -> Result<Draft, BundleError> {
        let mut transaction = self.storage.database.write().await?;
        let draft = self.lock_draft(&mut transaction, uuid, None).await?;
        change::forget(&mut transaction, draft.id, selection).await?;
        transaction.commit().await?;
        Ok(draft.draft)
    }

    pub(super) async fn apply_rebase(&self, uuid: Uuid) -> Result<Draft, BundleError> {
        let mut transaction = self.storage.database.write().await?;
        let mut draft = self.lock_draft(&mut transaction, uuid, None).await?;
        let select = "SELECT latest_version FROM content_bundle WHERE id = ?";
        let row = transaction.fetch_optional(select, &[draft.bundle_id.into()]).await?;
        let latest = row.ok_or(BundleError::BundleNotFound(draft.draft.bundle))?.count(0)?;
        rebase(&mut transaction, draft.id, latest).await?;
        // What has become equal to the version below is no change any more.
        for (changed, table, name, value) in [
            ("content_draft_file", "content_file", "path", "digest"),
            ("content_draft_link", "content_link", "name", "target_digest"),
        ] {
            let below = format!(
                "SELECT t.bundle_id FROM {table} t WHERE t.bundle_id = ? AND t.{name} = {changed}.{name} \
                 AND t.to_version IS NULL"
            );
            let values: [Value<'_>; 3] = [draft.id.into(), draft.bundle_id.into(), draft.bundle_id.into()];
            let delete = format!(
                "DELETE FROM {changed} WHERE draft_id = ? AND (EXISTS ({below} AND t.{value} = {changed}.{value}) \
                 OR ({changed}.{value} IS NULL AND NOT EXISTS ({below})))"
            );
            transaction.execute(&delete, &values).await?;
        }
        transaction.commit().await?;
        draft.draft.base_version = latest;
        Ok(draft.draft)
    }
}
