//! Drafts of a remote Blockstore.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::http::Reply;
use super::snapshot::Snapshot;
use super::{BlockstoreClient, wire};
use crate::bundles::{
    BundleError, BundleStore as _, Changes, Commit, Conflict, Digest, Draft, DraftEdit, Expected, FileEdit,
    FilePath, LinkEdit, Selection, Tree, Version, checks,
};

/// A draft with everything in it.
pub(super) struct Staged {
    uuid: Uuid,
    bundle: Uuid,
    name: String,
    /// The digest of the version below.
    base: Option<Digest>,
    created: Timestamp,
    updated: Timestamp,
    pub(super) snapshot: Snapshot,
}

impl Staged {
    /// The API has no revisions, but every change has a time.
    fn revision(&self) -> u64 {
        u64::try_from(self.updated.as_microsecond()).unwrap_or(0)
    }
}

impl BlockstoreClient {
    pub(super) async fn staged(&self, uuid: Uuid) -> Result<Staged, BundleError> {
        let reply = self.http.get(&format!("drafts/{uuid}")).await?;
        let draft: wire::Draft = reply.read_or(|| BundleError::DraftNotFound(uuid))?;
        let staged = draft.staged_draft;
        Ok(Staged {
            uuid: draft.uuid,
            bundle: draft.bundle_uuid,
            name: draft.name,
            base: staged.base_snapshot,
            created: staged.created_at,
            updated: staged.updated_at,
            snapshot: Snapshot::new(staged.files, staged.links),
        })
    }

    /// The version below a draft.
    pub(super) async fn base(&self, staged: &Staged) -> Result<Arc<Snapshot>, BundleError> {
        let Some(digest) = staged.base else {
            return Ok(Arc::default());
        };
        // The API says its digest and not its number. It is one of the newest.
        for number in (1..=self.bundle(staged.bundle).await?.latest_version).rev() {
            let snapshot = self.snapshot(staged.bundle, number).await?;
            if snapshot.version.as_ref().is_some_and(|version| version.digest == digest) {
                return Ok(snapshot);
            }
        }
        Err(BundleError::Damaged(format!("the base version of draft {} is missing", staged.uuid)))
    }

    pub(super) async fn describe(&self, staged: Staged) -> Result<Draft, BundleError> {
        let base = self.base(&staged).await?;
        Ok(Draft {
            revision: staged.revision(),
            uuid: staged.uuid,
            bundle: staged.bundle,
            base_version: base.version.as_ref().map_or(0, |version| version.number),
            name: staged.name,
            created: staged.created,
            updated: staged.updated,
            updated_by: None,
        })
    }

    pub(super) async fn get_or_create_draft(&self, bundle: Uuid, name: &str) -> Result<Draft, BundleError> {
        if let Some(uuid) = self.bundle(bundle).await?.drafts.get(name) {
            return self.draft(*uuid).await;
        }
        let body = json!({ "bundle_uuid": bundle, "name": name });
        match self.http.post("drafts", &body).await? {
            // Somebody else was faster.
            Reply::Invalid(message) => match self.bundle(bundle).await?.drafts.get(name) {
                Some(uuid) => self.draft(*uuid).await,
                None => Err(BundleError::Invalid(message)),
            },
            reply => {
                let new: wire::NewDraft = reply.read()?;
                self.draft(new.uuid).await
            }
        }
    }

    pub(super) async fn send_edit(&self, uuid: Uuid, edit: DraftEdit) -> Result<Draft, BundleError> {
        self.expect(uuid, &edit.expected).await?;
        let mut files = Map::new();
        for (path, edit) in edit.files {
            let contents = match edit {
                FileEdit::Write(bytes) => {
                    checks::contents(&path, &bytes)?;
                    Value::from(STANDARD.encode(&bytes))
                }
                FileEdit::Adopt(_) => return Err(BundleError::Unsupported("adopt contents of another file")),
                FileEdit::Delete => Value::Null,
            };
            files.insert(path.as_str().to_owned(), contents);
        }
        let mut links = Map::new();
        for (name, edit) in &edit.links {
            checks::name("the name of the link", name)?;
            let target = match edit {
                LinkEdit::Set { bundle, version } => json!({ "bundle_uuid": bundle, "version": version }),
                LinkEdit::Delete => Value::Null,
            };
            links.insert(name.clone(), target);
        }
        let body = json!({ "files": files, "links": links });
        let reply = self.http.patch(&format!("drafts/{uuid}"), &body).await?;
        match self.about_draft(uuid, reply).await? {
            Reply::Invalid(message) => Err(self.refused(uuid, &edit.links, message).await?),
            reply => {
                reply.done_or(|| BundleError::DraftNotFound(uuid))?;
                self.draft(uuid).await
            }
        }
    }

    pub(super) async fn send_commit(&self, uuid: Uuid, commit: Commit) -> Result<Version, BundleError> {
        if commit.selection != Selection::All {
            return Err(BundleError::Unsupported("commit a part of a draft"));
        }
        if let Some(revision) = commit.revision {
            self.expect(uuid, &Expected::Revision(revision)).await?;
        }
        let staged = self.staged(uuid).await?;
        let changes = self.base(&staged).await?.compare(&staged.snapshot);
        if changes.is_empty() {
            return Err(BundleError::NothingToCommit);
        }
        let body = json!({ "change_description": commit.description });
        let reply = self.http.post(&format!("drafts/{uuid}/commit"), &body).await?;
        let committed: wire::Committed = match self.about_draft(uuid, reply).await? {
            Reply::Conflict => return Err(self.conflict(&staged, &changes).await?),
            Reply::Invalid(message) if message.contains("no changes") => {
                return Err(BundleError::NothingToCommit);
            }
            reply => reply.read_or(|| BundleError::DraftNotFound(uuid))?,
        };
        let number = wire::version_number(&committed.bundle_version)?;
        let version = self.version(staged.bundle, number).await?;
        if version.description == commit.description {
            return Ok(version);
        }
        // A Blockstore of the first kind takes a description afterwards only.
        let path = format!("bundle_versions/{},{number}", staged.bundle);
        let reply = self.http.patch(&path, &body).await?;
        reply.done_or(|| BundleError::VersionNotFound { bundle: staged.bundle, version: number })?;
        self.cache.forget_snapshot(staged.bundle, number);
        self.version(staged.bundle, number).await
    }

    /// The API can only delete a draft as a whole, so changes are taken back by writing what is below them.
    pub(super) async fn send_discard(&self, uuid: Uuid, selection: &Selection) -> Result<Draft, BundleError> {
        let staged = self.staged(uuid).await?;
        let base = self.base(&staged).await?;
        let Changes { files, links } = base.compare(&staged.snapshot);
        let mut edit = DraftEdit::default();
        for change in files.into_iter().filter(|change| selection.has_file(&change.path)) {
            let back = match (&change.before, &base.version) {
                (Some(_), Some(version)) => {
                    let tree = Tree::Version { bundle: version.bundle, number: version.number };
                    FileEdit::Write(self.read(tree, &change.path).await?.1)
                }
                _ => FileEdit::Delete,
            };
            edit.files.insert(change.path, back);
        }
        for change in links.into_iter().filter(|change| selection.has_link(&change.name)) {
            let back = change.before.map_or(LinkEdit::Delete, |link| LinkEdit::Set {
                bundle: link.direct.bundle,
                version: link.direct.version,
            });
            edit.links.insert(change.name, back);
        }
        self.send_edit(uuid, edit).await
    }

    /// A Blockstore of the first kind fails when it is asked to change a draft that does not exist.
    pub(super) async fn about_draft(&self, uuid: Uuid, reply: Reply) -> Result<Reply, BundleError> {
        match reply {
            Reply::Failed(error) => match self.http.get(&format!("drafts/{uuid}")).await? {
                Reply::NotFound => Ok(Reply::NotFound),
                _ => Err(error),
            },
            reply => Ok(reply),
        }
    }

    /// Compares what the caller believes with what is.
    async fn expect(&self, uuid: Uuid, expected: &Expected) -> Result<(), BundleError> {
        if *expected == Expected::Anything {
            return Ok(());
        }
        let staged = self.staged(uuid).await?;
        match expected {
            Expected::Revision(revision) if *revision != staged.revision() => {
                Err(Conflict::Draft { current: staged.revision() }.into())
            }
            Expected::Files(files) => {
                for (path, expected) in files {
                    let current = staged.snapshot.info(path).map(|file| file.digest);
                    if current != *expected {
                        return Err(Conflict::File { path: path.clone(), current }.into());
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What it means that an edit was refused. Messages differ, so the links are looked at instead.
    async fn refused(
        &self,
        uuid: Uuid,
        links: &BTreeMap<String, LinkEdit>,
        message: String,
    ) -> Result<BundleError, BundleError> {
        for (name, edit) in links {
            let LinkEdit::Set { bundle, version } = *edit else {
                continue;
            };
            match self.version(bundle, version).await {
                Err(error @ BundleError::VersionNotFound { .. }) => return Ok(error),
                found => found?,
            };
            if message.contains("cycle") {
                let own = self.staged(uuid).await?.bundle;
                return Ok(BundleError::LinkCycle { name: name.clone(), bundle: own });
            }
        }
        Ok(BundleError::Invalid(message))
    }

    /// What another draft has changed since, of what this one has changed.
    async fn conflict(&self, staged: &Staged, changes: &Changes) -> Result<BundleError, BundleError> {
        let latest = self.bundle(staged.bundle).await?.latest_version;
        let newest = self.tree(Tree::Version { bundle: staged.bundle, number: latest }).await?;
        let since = self.base(staged).await?.compare(&newest);
        let mine: BTreeSet<&FilePath> = changes.files.iter().map(|change| &change.path).collect();
        let names = since.files.iter().filter(|change| mine.contains(&change.path));
        Ok(Conflict::Version {
            latest,
            names: names.take(10).map(|change| change.path.to_string()).collect(),
        }
        .into())
    }
}
