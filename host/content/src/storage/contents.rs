//! The table of contents, and where the large ones are.

use bytes::Bytes;

use super::database::{Fetch, Transaction, Value};
use super::{Digest, INLINE, Storage, StorageError, number};

/// How many contents go into one statement. Each may have [`INLINE`] bytes.
const CHUNK: usize = 100;

impl Storage {
    /// Writes those contents that are too large for the database. Nothing names them yet.
    pub(crate) async fn put_large(&self, contents: &[(Digest, Bytes)]) -> Result<(), StorageError> {
        for (digest, bytes) in contents.iter().filter(|(_, bytes)| bytes.len() > INLINE) {
            if !self.blobs.has(*digest).await? {
                self.blobs.put(*digest, bytes.clone()).await?;
            }
        }
        Ok(())
    }

    /// Makes contents known, each once and ordered by their digests: the order in which everybody locks them. Until the
    /// transaction ends they cannot be collected, and afterwards they are named by what it has written.
    pub(crate) async fn keep(
        &self,
        transaction: &mut Transaction,
        contents: &[(Digest, Bytes)],
    ) -> Result<(), StorageError> {
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
        // Any of them may have been collected between our look at it and our lock on its row.
        self.put_large(contents).await
    }

    /// Contents by their digest.
    pub(crate) async fn contents(
        &self,
        from: &mut impl Fetch,
        digest: Digest,
    ) -> Result<Bytes, StorageError> {
        let select = "SELECT data FROM content_blob WHERE digest = ?";
        let row = from.fetch_optional(select, &[digest.as_bytes().into()]).await?;
        match row.map(|row| row.maybe_bytes(0)).transpose()?.flatten() {
            Some(data) => Ok(data.into()),
            None => self.large(digest).await,
        }
    }

    /// How many bytes contents have.
    pub(crate) async fn size(&self, from: &mut impl Fetch, digest: Digest) -> Result<u64, StorageError> {
        let select = "SELECT size FROM content_blob WHERE digest = ?";
        let row = from.fetch_optional(select, &[digest.as_bytes().into()]).await?;
        let missing = || StorageError::Damaged(format!("the contents {digest} are missing"));
        Ok(row.ok_or_else(missing)?.count(0)?)
    }

    /// Contents that are not in the database.
    pub(crate) async fn large(&self, digest: Digest) -> Result<Bytes, StorageError> {
        let found = self.blobs.get(digest).await?;
        found.ok_or_else(|| StorageError::Damaged(format!("the contents {digest} are missing")))
    }
}
