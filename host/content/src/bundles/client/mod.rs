//! Bundles in a remote Blockstore, by its REST API v1 (spec 7.1.5, 7.1.6).
//!
//! The API knows drafts and versions as whole lists of files, so a version's list is asked for once and kept: it never
//! changes. Contents are kept by their digest, whoever they are of. What is said about a draft is never kept.
//!
//! The API cannot compare before it writes, so what is expected of a draft is looked at one request earlier; whoever
//! writes in between is not noticed. It has no partial commits, no deleted bundles that come back, no history of a file,
//! and no contents without a file: these answer [`BundleError::Unsupported`].

mod cache;
mod draft;
mod http;
mod snapshot;
#[cfg(test)]
mod tests;
mod wire;

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use serde_json::json;
use url::Url;
use uuid::Uuid;

use self::cache::Cache;
use self::http::{Http, Reply};
use self::snapshot::Snapshot;
use super::{
    Bundle, BundleError, BundleFilter, BundlePatch, BundleStore, Changes, Collection, Commit, Draft,
    DraftEdit, FileInfo, FilePath, Link, NewBundle, Selection, Tree, Version, checks,
};

/// The most uuids that go into an address; more go into the body.
const IN_ADDRESS: usize = 50;

/// The largest version number that any Blockstore can store.
const LARGEST_VERSION: u64 = i32::MAX as u64;

/// A remote Blockstore. Cheap to clone; clones share connections and what is kept.
#[derive(Clone)]
pub struct BlockstoreClient {
    http: Http,
    cache: Arc<Cache>,
}

impl BlockstoreClient {
    /// A client of the Blockstore at `address`, for instance `https://blockstore.example.org/`: what is before
    /// `/api/v1/`. Nothing is sent yet.
    ///
    /// # Errors
    /// [`BundleError::Invalid`] when the address is not one of HTTP.
    pub fn new(address: &str, token: &str) -> Result<Self, BundleError> {
        Ok(Self { http: Http::new(address, token)?, cache: Arc::default() })
    }

    /// A version with everything in it.
    async fn snapshot(&self, bundle: Uuid, number: u64) -> Result<Arc<Snapshot>, BundleError> {
        if let Some(kept) = self.cache.snapshot(bundle, number) {
            return Ok(kept);
        }
        let missing = || BundleError::VersionNotFound { bundle, version: number };
        if number == 0 || number > LARGEST_VERSION {
            return Err(missing());
        }
        let reply = self.http.get(&format!("bundle_versions/{bundle},{number}")).await?;
        let found: wire::Version = reply.read_or(missing)?;
        let snapshot = Arc::new(Snapshot::of_version(found)?);
        self.cache.keep_snapshot(bundle, number, &snapshot);
        Ok(snapshot)
    }

    /// Everything in a tree. Version 0 is empty, if there is such a bundle.
    async fn tree(&self, tree: Tree) -> Result<Arc<Snapshot>, BundleError> {
        match tree {
            Tree::Version { bundle, number: 0 } => {
                self.bundle(bundle).await.map_err(|error| match error {
                    BundleError::BundleNotFound(_) => BundleError::VersionNotFound { bundle, version: 0 },
                    error => error,
                })?;
                Ok(Arc::default())
            }
            Tree::Version { bundle, number } => self.snapshot(bundle, number).await,
            Tree::Draft(uuid) => Ok(Arc::new(self.staged(uuid).await?.snapshot)),
        }
    }

    /// One file of a tree.
    async fn entry(&self, tree: Tree, path: &FilePath) -> Result<(Arc<Snapshot>, FileInfo), BundleError> {
        let missing = || BundleError::FileNotFound { tree, path: path.clone() };
        let snapshot = match self.tree(tree).await {
            Err(BundleError::VersionNotFound { .. } | BundleError::DraftNotFound(_)) => return Err(missing()),
            found => found?,
        };
        let info = snapshot.info(path).ok_or_else(missing)?;
        Ok((snapshot, info))
    }

    /// A file's contents, from its own address.
    async fn download(&self, address: &str, file: &FileInfo) -> Result<Option<Bytes>, BundleError> {
        let Some(contents) = self.http.download(address).await? else {
            return Ok(None);
        };
        if super::Digest::of(&contents) != file.digest {
            return Err(BundleError::Damaged(format!(
                "the Blockstore sent other contents for `{}`",
                file.path
            )));
        }
        self.cache.keep_contents(file.digest, &contents);
        Ok(Some(contents))
    }
}

impl fmt::Debug for BlockstoreClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockstoreClient").field("address", &self.http.address()).finish_non_exhaustive()
    }
}

#[async_trait]
impl BundleStore for BlockstoreClient {
    async fn create_collection(&self, title: &str) -> Result<Collection, BundleError> {
        checks::title(title)?;
        self.http.post("collections", &json!({ "title": title })).await?.read()
    }

    async fn collection(&self, uuid: Uuid) -> Result<Collection, BundleError> {
        let reply = self.http.get(&format!("collections/{uuid}")).await?;
        reply.read_or(|| BundleError::CollectionNotFound(uuid))
    }

    async fn collections(&self) -> Result<Vec<Collection>, BundleError> {
        let mut found: Vec<Collection> = self.http.get("collections").await?.read()?;
        found.sort_by(|one, other| (&one.title, one.uuid).cmp(&(&other.title, other.uuid)));
        Ok(found)
    }

    async fn rename_collection(&self, uuid: Uuid, title: &str) -> Result<Collection, BundleError> {
        checks::title(title)?;
        let reply = self.http.patch(&format!("collections/{uuid}"), &json!({ "title": title })).await?;
        reply.read_or(|| BundleError::CollectionNotFound(uuid))
    }

    async fn delete_collection(&self, uuid: Uuid) -> Result<(), BundleError> {
        // A Blockstore of the first kind would delete all bundles with it.
        let filter = BundleFilter { collection: Some(uuid), ..BundleFilter::default() };
        if !self.bundles(&filter).await?.is_empty() {
            return Err(BundleError::CollectionInUse(uuid));
        }
        match self.http.delete(&format!("collections/{uuid}")).await? {
            Reply::Conflict => Err(BundleError::CollectionInUse(uuid)),
            reply => reply.done_or(|| BundleError::CollectionNotFound(uuid)),
        }
    }

    async fn create_bundle(&self, new: NewBundle) -> Result<Bundle, BundleError> {
        checks::slug(&new.slug)?;
        checks::title(&new.title)?;
        checks::description(&new.description)?;
        let body = json!({
            "collection_uuid": new.collection,
            "slug": new.slug,
            "title": new.title,
            "description": new.description,
        });
        let bundle: wire::Bundle = self.http.post("bundles", &body).await?.read()?;
        bundle.try_into()
    }

    async fn bundle(&self, uuid: Uuid) -> Result<Bundle, BundleError> {
        let reply = self.http.get(&format!("bundles/{uuid}")).await?;
        let bundle: wire::Bundle = reply.read_or(|| BundleError::BundleNotFound(uuid))?;
        bundle.try_into()
    }

    async fn bundles(&self, filter: &BundleFilter) -> Result<Vec<Bundle>, BundleError> {
        if filter.deleted {
            return Err(BundleError::Unsupported("list deleted bundles"));
        }
        let uuids = filter
            .uuids
            .as_ref()
            .map(|uuids| uuids.iter().map(Uuid::to_string).collect::<Vec<_>>().join(","));
        if uuids.as_deref() == Some("") {
            return Ok(Vec::new());
        }
        let mut conditions = Vec::new();
        conditions.extend(uuids.map(|uuids| ("uuid", uuids)));
        conditions.extend(filter.collection.map(|uuid| ("collection__uuid", uuid.to_string())));
        conditions.extend(filter.text.clone().map(|text| ("text_search", text)));
        let many = filter.uuids.as_ref().is_some_and(|uuids| uuids.len() > IN_ADDRESS);
        let reply = self.http.list("bundles", &conditions, many).await?;
        let found: Vec<wire::Bundle> = reply.read()?;
        let mut bundles = found.into_iter().map(Bundle::try_from).collect::<Result<Vec<_>, _>>()?;
        bundles.sort_by(|one, other| (&one.title, one.uuid).cmp(&(&other.title, other.uuid)));
        Ok(bundles)
    }

    async fn update_bundle(&self, uuid: Uuid, patch: BundlePatch) -> Result<Bundle, BundleError> {
        patch.slug.as_deref().map_or(Ok(()), checks::slug)?;
        patch.title.as_deref().map_or(Ok(()), checks::title)?;
        patch.description.as_deref().map_or(Ok(()), checks::description)?;
        let mut body = serde_json::Map::new();
        let collection = patch.collection.map(|uuid| uuid.to_string());
        for (name, value) in [
            ("collection_uuid", collection),
            ("slug", patch.slug),
            ("title", patch.title),
            ("description", patch.description),
        ] {
            body.extend(value.map(|value| (name.to_owned(), value.into())));
        }
        let reply = self.http.patch(&format!("bundles/{uuid}"), &body.into()).await?;
        let bundle: wire::Bundle = reply.read_or(|| BundleError::BundleNotFound(uuid))?;
        bundle.try_into()
    }

    async fn delete_bundle(&self, uuid: Uuid) -> Result<(), BundleError> {
        self.http.delete(&format!("bundles/{uuid}")).await?.done_or(|| BundleError::BundleNotFound(uuid))
    }

    async fn restore_bundle(&self, _: Uuid) -> Result<Bundle, BundleError> {
        Err(BundleError::Unsupported("restore a bundle"))
    }

    async fn version(&self, bundle: Uuid, number: u64) -> Result<Version, BundleError> {
        let snapshot = self.snapshot(bundle, number).await?;
        snapshot.version.clone().ok_or(BundleError::VersionNotFound { bundle, version: number })
    }

    async fn versions(&self, bundle: Uuid) -> Result<Vec<Version>, BundleError> {
        let latest = self.bundle(bundle).await?.latest_version;
        let mut versions = Vec::new();
        for number in (1..=latest).rev() {
            versions.push(self.version(bundle, number).await?);
        }
        Ok(versions)
    }

    async fn file_history(
        &self,
        _: Uuid,
        _: &FilePath,
    ) -> Result<Vec<(Version, Option<FileInfo>)>, BundleError> {
        Err(BundleError::Unsupported("tell the history of a file"))
    }

    async fn compare(&self, bundle: Uuid, from: u64, to: u64) -> Result<Changes, BundleError> {
        let before = self.tree(Tree::Version { bundle, number: from }).await?;
        let after = self.tree(Tree::Version { bundle, number: to }).await?;
        Ok(before.compare(&after))
    }

    async fn open_draft(&self, bundle: Uuid, name: &str) -> Result<Draft, BundleError> {
        checks::name("the name of the draft", name)?;
        self.get_or_create_draft(bundle, name).await
    }

    async fn draft(&self, uuid: Uuid) -> Result<Draft, BundleError> {
        self.describe(self.staged(uuid).await?).await
    }

    async fn edit_draft(&self, uuid: Uuid, edit: DraftEdit) -> Result<Draft, BundleError> {
        self.send_edit(uuid, edit).await
    }

    async fn commit_draft(&self, uuid: Uuid, commit: Commit) -> Result<Version, BundleError> {
        checks::change(&commit.description)?;
        self.send_commit(uuid, commit).await
    }

    async fn discard_changes(&self, uuid: Uuid, selection: &Selection) -> Result<Draft, BundleError> {
        self.send_discard(uuid, selection).await
    }

    async fn rebase_draft(&self, _: Uuid) -> Result<Draft, BundleError> {
        Err(BundleError::Unsupported("put a draft over a newer version"))
    }

    async fn delete_draft(&self, uuid: Uuid) -> Result<(), BundleError> {
        let reply = self.http.delete(&format!("drafts/{uuid}")).await?;
        self.about_draft(uuid, reply).await?.done_or(|| BundleError::DraftNotFound(uuid))
    }

    async fn changes(&self, uuid: Uuid) -> Result<Changes, BundleError> {
        let staged = self.staged(uuid).await?;
        let base = self.base(&staged).await?;
        Ok(base.compare(&staged.snapshot))
    }

    async fn files(&self, tree: Tree, folder: Option<&FilePath>) -> Result<Vec<FileInfo>, BundleError> {
        Ok(self.tree(tree).await?.infos(folder))
    }

    async fn file(&self, tree: Tree, path: &FilePath) -> Result<FileInfo, BundleError> {
        Ok(self.entry(tree, path).await?.1)
    }

    async fn read(&self, tree: Tree, path: &FilePath) -> Result<(FileInfo, Bytes), BundleError> {
        // The address of a file is good for some days only, and of a draft until somebody writes to it: if it is not good
        // any more, there is a newer one.
        for _ in 0..2 {
            let (snapshot, file) = self.entry(tree, path).await?;
            if let Some(kept) = self.cache.contents(file.digest) {
                return Ok((file, kept));
            }
            if let Some(contents) = self.download(snapshot.address(path), &file).await? {
                return Ok((file, contents));
            }
            if let Tree::Version { bundle, number } = tree {
                self.cache.forget_snapshot(bundle, number);
            }
        }
        Err(BundleError::FileNotFound { tree, path: path.clone() })
    }

    async fn links(&self, tree: Tree) -> Result<Vec<Link>, BundleError> {
        Ok(self.tree(tree).await?.links.values().cloned().collect())
    }

    async fn ready(&self) -> Result<(), BundleError> {
        self.http.get("").await?.read::<serde_json::Value>().map(drop)
    }
}

/// The last part of an address's path.
fn last_part(address: &str) -> Result<String, BundleError> {
    let parsed = Url::parse(address).ok();
    let last = parsed.as_ref().and_then(|url| url.path_segments()?.rfind(|part| !part.is_empty()));
    last.map(str::to_owned)
        .ok_or_else(|| BundleError::Damaged(format!("`{address}` is no address of a Blockstore")))
}
