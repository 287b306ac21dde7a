//! The table of contents, and where the large ones are.

use bytes::Bytes;

use super::{EmbeddedBundles, INLINE, number};
use crate::bundles::{BundleError, Digest};
use crate::database::{Transaction, Value};

/// How many contents go into one statement. Each may have [`INLINE`] bytes.
const CHUNK: usize = 100;

impl EmbeddedBundles {
    /// Writes those contents that are too large for the database. Nothing names them yet.
    pub(super) async fn put_large(&self, contents: &[(Digest, Bytes)]) -> Result<(), BundleError> {
        for (digest, bytes) in contents.iter().filter(|(_, bytes)| bytes.len() > INLINE) {
            if !self.blobs.has(*digest).await? {
                self.blobs.put(*digest, bytes.clone()).await?;
            }
        }
        Ok(())
    }

    /// Makes contents known, ordered by their digests: the order in which everybody locks them. Until the transaction
    /// ends they cannot be collected, and afterwards they are named by what it has written.
    pub(super) async fn keep(
        &self,
        transaction: &mut Transaction,
        contents: &[(Digest, Bytes)],
    ) -> Result<(), BundleError> {
        let now = self.now();
        let columns = ["digest", "size", "data", "touched"];
        for chunk in contents.chunks(CHUNK) {
            let upsert = self.database.dialect().upsert(
                "content_blob",
                &columns,
                &["digest"],
                &["touched"],
                chunk.len(),
            );
            let mut values: Vec<Value<'_>> = Vec::with_capacity(chunk.len() * columns.len());
            for (digest, bytes) in chunk {
                let data = (bytes.len() <= INLINE).then_some(&**bytes);
                values.extend([
                    digest.as_bytes().into(),
                    number(bytes.len() as u64).into(),
                    data.into(),
                    now.into(),
                ] as [Value<'_>; 4]);
            }
            transaction.execute(&upsert, &values).await?;
        }
        for (digest, bytes) in contents.iter().filter(|(_, bytes)| bytes.len() > INLINE) {
            // It may have been collected between our look at it and our lock on its row.
            if !self.blobs.has(*digest).await? {
                self.blobs.put(*digest, bytes.clone()).await?;
            }
        }
        Ok(())
    }

    /// Contents that are not in the database.
    pub(super) async fn large(&self, digest: Digest) -> Result<Bytes, BundleError> {
        let found = self.blobs.get(digest).await?;
        found.ok_or_else(|| BundleError::Damaged(format!("the contents {digest} are missing")))
    }
}
