//! One change of a library: a transaction, whose it is, and when.
//!
//! A change locks the row of its library before anything else, so changes of one library follow each other, on however
//! many hosts, and none is lost; changes of different libraries go on side by side.

use std::collections::BTreeMap;

use blockhouse_keys::LibraryKey;
use bytes::Bytes;

use super::library::{self, Library};
use super::version::StoredFile;
use super::{Author, Libraries, LibraryError};
use crate::storage::database::{Transaction, Value};
use crate::storage::{Digest, Storage};

/// A change under way. Dropped, it has not taken place.
pub(super) struct Change<'a> {
    pub(super) tx: Transaction,
    pub(super) by: &'a Author,
    pub(super) now: i64,
    pub(super) storage: &'a Storage,
}

impl Libraries {
    pub(super) async fn change<'a>(&'a self, by: &'a Author) -> Result<Change<'a>, LibraryError> {
        let tx = self.storage.database.write().await?;
        Ok(Change { tx, by, now: self.now(), storage: &self.storage })
    }
}

impl Change<'_> {
    /// The library that is to be changed. Nobody else changes it until this change has ended.
    pub(super) async fn library(&mut self, key: &LibraryKey) -> Result<Library, LibraryError> {
        let lock = "UPDATE content_library SET updated = updated WHERE library_key = ?";
        self.tx.execute(lock, &[key.as_str().into()]).await?;
        library::find(&mut self.tx, key).await
    }

    /// Keeps contents, once.
    pub(super) async fn keep(&mut self, data: &[u8]) -> Result<StoredFile, LibraryError> {
        let digest = Digest::of(data);
        self.storage.keep(&mut self.tx, &[(digest, Bytes::copy_from_slice(data))]).await?;
        Ok(StoredFile { digest, size: data.len() as u64 })
    }

    /// Keeps many contents in one go.
    pub(super) async fn keep_all(&mut self, all: BTreeMap<Digest, Bytes>) -> Result<(), LibraryError> {
        let all: Vec<_> = all.into_iter().collect();
        Ok(self.storage.keep(&mut self.tx, &all).await?)
    }

    pub(super) async fn run(&mut self, statement: &str, values: &[Value<'_>]) -> Result<u64, LibraryError> {
        Ok(self.tx.execute(statement, values).await?)
    }

    pub(super) async fn commit(self) -> Result<(), LibraryError> {
        Ok(self.tx.commit().await?)
    }
}
