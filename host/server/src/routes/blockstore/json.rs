//! How things look in JSON (spec 7.1.5).

use blockhouse_content::bundles::{Bundle, Collection, Dependency, Draft, FileInfo, Link, Tree, Version};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::Blockstore;

/// What need not be encoded in a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Blockstore {
    pub(super) fn collection_json(&self, collection: &Collection) -> Value {
        json!({
            "title": collection.title,
            "url": self.url(format_args!("collections/{}", collection.uuid)),
            "uuid": collection.uuid,
        })
    }

    pub(super) fn bundle_json(&self, bundle: &Bundle) -> Value {
        let drafts: Map<String, Value> =
            bundle.drafts.iter().map(|(name, uuid)| (name.clone(), self.draft_url(*uuid).into())).collect();
        let versions: Vec<_> =
            (1..=bundle.latest_version).map(|number| self.version_url(bundle.uuid, number)).collect();
        json!({
            "collection": self.url(format_args!("collections/{}", bundle.collection)),
            "collection_uuid": bundle.collection,
            "description": bundle.description,
            "drafts": drafts,
            "slug": bundle.slug,
            "title": bundle.title,
            "url": self.bundle_url(bundle.uuid),
            "uuid": bundle.uuid,
            "versions": versions,
        })
    }

    /// A version as it stands in lists.
    pub(super) fn version_json(&self, bundle: Uuid, number: u64, description: &str) -> Value {
        json!({
            "bundle": self.bundle_url(bundle),
            "bundle_uuid": bundle,
            "change_description": description,
            "url": self.version_url(bundle, number),
            "version_num": number,
        })
    }

    /// A version with all its files and links.
    pub(super) fn snapshot_json(&self, version: &Version, files: &[FileInfo], links: &[Link]) -> Value {
        let shown = self.version_json(version.bundle, version.number, &version.description);
        let tree = Tree::Version { bundle: version.bundle, number: version.number };
        let snapshot = json!({
            "hash_digest": version.digest,
            "created_at": version.created,
            "files": self.files_json(tree, files),
            "links": links_json(tree, links),
        });
        with(shown, "snapshot", snapshot)
    }

    /// A draft as it stands in lists.
    pub(super) fn draft_json(&self, uuid: Uuid, bundle: Uuid, name: &str) -> Value {
        json!({
            "uuid": uuid,
            "url": self.draft_url(uuid),
            "bundle": self.bundle_url(bundle),
            "bundle_uuid": bundle,
            "name": name,
        })
    }

    /// A draft with all its files and links.
    pub(super) fn staged_json(
        &self,
        draft: &Draft,
        base: Option<&Version>,
        files: &[FileInfo],
        links: &[Link],
    ) -> Value {
        let shown = self.draft_json(draft.uuid, draft.bundle, &draft.name);
        let tree = Tree::Draft(draft.uuid);
        let staged = json!({
            "base_snapshot": base.map(|version| version.digest),
            "created_at": draft.created,
            "updated_at": draft.updated,
            "files": self.files_json(tree, files),
            "links": links_json(tree, links),
        });
        with(shown, "staged_draft", staged)
    }

    fn files_json(&self, tree: Tree, files: &[FileInfo]) -> Map<String, Value> {
        let shown = files.iter().map(|file| {
            let shown = json!({
                "url": self.file_url(tree, file.path.as_str()),
                "size": file.size,
                "hash_digest": file.digest,
            });
            (file.path.as_str().to_owned(), with_modified(shown, tree, file.modified))
        });
        shown.collect()
    }

    /// An address that shows one file, to whoever has it, for two to four days.
    fn file_url(&self, tree: Tree, path: &str) -> String {
        let tree = tree_text(tree);
        let signature = self.signatures.mint("blockstore", &format!("{tree}/{path}"), (self.clock)() / 1000);
        self.url(format_args!("files/{tree}/{signature}/{}", utf8_percent_encode(path, PLAIN)))
    }

    pub(super) fn is_signed(&self, tree: &str, path: &str, signature: &str) -> bool {
        self.signatures.is_valid(signature, "blockstore", &format!("{tree}/{path}"), (self.clock)() / 1000)
    }

    pub(super) fn version_url(&self, bundle: Uuid, number: u64) -> String {
        self.url(format_args!("bundle_versions/{bundle},{number}"))
    }

    pub(super) fn draft_url(&self, uuid: Uuid) -> String {
        self.url(format_args!("drafts/{uuid}"))
    }

    fn bundle_url(&self, uuid: Uuid) -> String {
        self.url(format_args!("bundles/{uuid}"))
    }
}

/// A tree as addresses have it: `UUID,NUMBER` for a version, `UUID` for a draft.
fn tree_text(tree: Tree) -> String {
    match tree {
        Tree::Version { bundle, number } => format!("{bundle},{number}"),
        Tree::Draft(uuid) => uuid.to_string(),
    }
}

fn links_json(tree: Tree, links: &[Link]) -> Map<String, Value> {
    let dependency = |dependency: &Dependency| json!(dependency);
    let shown = links.iter().map(|link| {
        let indirect: Vec<_> = link.indirect.iter().map(dependency).collect();
        let shown = json!({ "direct": dependency(&link.direct), "indirect": indirect });
        (link.name.clone(), with_modified(shown, tree, link.modified))
    });
    shown.collect()
}

/// What only drafts say of their files and links.
fn with_modified(shown: Value, tree: Tree, modified: bool) -> Value {
    match tree {
        Tree::Draft(_) => with(shown, "modified", modified.into()),
        Tree::Version { .. } => shown,
    }
}

/// An object with one member more.
fn with(mut shown: Value, name: &str, member: Value) -> Value {
    if let Some(object) = shown.as_object_mut() {
        object.insert(name.to_owned(), member);
    }
    shown
}
