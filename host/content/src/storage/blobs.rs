//! Large contents: in a directory, or in any object store that speaks S3.
//!
//! A blob is named by its digest, so it never changes, and writing it twice does no harm. It is complete and durable
//! once it has its name: in a directory it is written aside, synced and renamed.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path as Name;
use object_store::prefix::PrefixStore;
use object_store::{ObjectStore, ObjectStoreExt as _};

use super::Digest;

/// Why large contents cannot be read or written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum BlobError {
    /// The address is none.
    #[error(
        "`{0}` is no place for files; it must be a directory, or an address s3://BUCKET or s3://BUCKET/FOLDER"
    )]
    Address(String),
    /// The directory or object store is away, or refuses.
    #[error("the store of large files is not available")]
    Unavailable(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

impl From<object_store::Error> for BlobError {
    fn from(error: object_store::Error) -> Self {
        Self::Unavailable(Arc::new(error))
    }
}

/// A place for large contents. Cheap to clone; clones are the same place.
#[derive(Clone, Debug)]
pub(crate) struct Blobs {
    store: Arc<dyn ObjectStore>,
    /// Where the files are, if they are in a directory.
    directory: Option<Arc<Path>>,
}

/// A blob that lies there.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// What it is; `None` for a file that has no name of ours, such as one of which the writing was broken off.
    pub(crate) digest: Option<Digest>,
    /// Where it lies.
    pub(crate) name: String,
    /// Its size in bytes.
    pub(crate) size: u64,
    /// When it was written.
    pub(crate) written: Timestamp,
}

impl Blobs {
    /// Opens the place at an address: a directory, which is created if need be, or `s3://BUCKET/FOLDER`. For S3,
    /// endpoint, region and keys come from the usual variables `AWS_…`.
    pub(crate) fn open(address: &str) -> Result<Self, BlobError> {
        match address.split_once("://") {
            Some(("s3", place)) => Self::open_s3(place),
            Some(_) => Err(BlobError::Address(address.to_owned())),
            None => Self::open_directory(Path::new(address)),
        }
    }

    fn open_directory(directory: &Path) -> Result<Self, BlobError> {
        std::fs::create_dir_all(directory).map_err(|error| BlobError::Unavailable(Arc::new(error)))?;
        let store = LocalFileSystem::new_with_prefix(directory)?.with_fsync(true);
        Ok(Self { store: Arc::new(store), directory: Some(directory.into()) })
    }

    fn open_s3(place: &str) -> Result<Self, BlobError> {
        // The client of the object store needs it, and nobody may have asked for it yet. Twice does no harm.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (bucket, folder) = place.split_once('/').unwrap_or((place, ""));
        let store = AmazonS3Builder::from_env().with_bucket_name(bucket).build()?;
        Ok(match folder.trim_matches('/') {
            "" => Self { store: Arc::new(store), directory: None },
            folder => Self { store: Arc::new(PrefixStore::new(store, Name::from(folder))), directory: None },
        })
    }

    /// Writes contents.
    pub(crate) async fn put(&self, digest: Digest, contents: Bytes) -> Result<(), BlobError> {
        self.store.put(&name(digest), contents.into()).await?;
        Ok(())
    }

    /// Contents, or `None` if they are not there.
    pub(crate) async fn get(&self, digest: Digest) -> Result<Option<Bytes>, BlobError> {
        match self.store.get(&name(digest)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Whether contents are there.
    pub(crate) async fn has(&self, digest: Digest) -> Result<bool, BlobError> {
        match self.store.head(&name(digest)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes contents. They need not be there.
    pub(crate) async fn delete(&self, digest: Digest) -> Result<(), BlobError> {
        self.remove(name(digest).as_ref()).await
    }

    /// Everything that lies there.
    pub(crate) async fn list(&self) -> Result<Vec<Stored>, BlobError> {
        if let Some(directory) = &self.directory {
            // Not by the object store: it does not show what it has begun to write.
            return files(directory).map_err(|error| BlobError::Unavailable(Arc::new(error)));
        }
        let mut found = Vec::new();
        let mut listing = self.store.list(None);
        while let Some(object) = listing.try_next().await? {
            let written = object.last_modified.timestamp_millis();
            found.push(Stored {
                digest: digest(object.location.as_ref()),
                name: object.location.to_string(),
                size: object.size,
                written: Timestamp::from_millisecond(written).unwrap_or(Timestamp::UNIX_EPOCH),
            });
        }
        Ok(found)
    }

    /// Removes what lies under a name of [`Blobs::list`].
    pub(crate) async fn remove(&self, name: &str) -> Result<(), BlobError> {
        if let Some(directory) = &self.directory {
            return match std::fs::remove_file(directory.join(name)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(BlobError::Unavailable(Arc::new(error)))
                }
                _ => Ok(()),
            };
        }
        match self.store.delete(&Name::from(name)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// All files of a directory and of the folders in it.
fn files(directory: &Path) -> std::io::Result<Vec<Stored>> {
    let mut found = Vec::new();
    for folder in std::fs::read_dir(directory)? {
        let folder = folder?;
        if !folder.file_type()?.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(folder.path())? {
            let file = file?;
            let Ok(metadata) = file.metadata() else {
                // Renamed or removed since.
                continue;
            };
            let name =
                format!("{}/{}", folder.file_name().to_string_lossy(), file.file_name().to_string_lossy());
            found.push(Stored {
                digest: digest(&name),
                name,
                size: metadata.len(),
                written: Timestamp::try_from(metadata.modified()?).unwrap_or(Timestamp::UNIX_EPOCH),
            });
        }
    }
    Ok(found)
}

/// The first two digits are a folder, so that none grows too large.
fn name(digest: Digest) -> Name {
    let hex = digest.to_hex();
    let (folder, rest) = hex.split_at(2);
    Name::from(format!("{folder}/{rest}"))
}

/// The digest that lies under a name.
fn digest(name: &str) -> Option<Digest> {
    let (folder, rest) = name.split_once('/')?;
    format!("{folder}{rest}").parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_blob_lies_under_its_digest_and_can_be_listed_and_removed() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(directory.path().join("blobs").to_str().unwrap()).unwrap();
        let digest = Digest::of(b"chart");
        assert!(blobs.get(digest).await.unwrap().is_none() && !blobs.has(digest).await.unwrap());
        blobs.put(digest, Bytes::from_static(b"chart")).await.unwrap();
        blobs.put(digest, Bytes::from_static(b"chart")).await.unwrap();
        assert_eq!(blobs.get(digest).await.unwrap().unwrap(), "chart");
        let listed = blobs.list().await.unwrap();
        assert_eq!(listed.len(), 1);
        assert_eq!((listed[0].digest, listed[0].size), (Some(digest), 5));
        blobs.remove(&listed[0].name).await.unwrap();
        assert!(!blobs.has(digest).await.unwrap());
    }

    #[test]
    fn an_address_of_another_kind_is_refused() {
        assert!(matches!(Blobs::open("ftp://a/b"), Err(BlobError::Address(_))));
    }
}
