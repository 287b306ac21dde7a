//! How things look in JSON (spec 7.1.5).

use std::collections::BTreeMap;

use blockhouse_content::bundles::{self, Dependency, FileInfo, Tree};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::Blockstore;

/// What need not be encoded in a path.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// The addresses of the lists.
#[derive(Serialize, ToSchema)]
#[schema(as = Blockstore)]
pub(super) struct Root {
    pub(super) bundles: String,
    pub(super) bundle_versions: String,
    pub(super) collections: String,
    pub(super) drafts: String,
}

/// A collection of bundles.
#[derive(Serialize, ToSchema)]
pub(super) struct Collection {
    title: String,
    url: String,
    uuid: String,
}

/// A bundle.
#[derive(Serialize, ToSchema)]
pub(super) struct Bundle {
    collection: String,
    collection_uuid: String,
    description: String,
    /// The addresses of its drafts by name.
    drafts: BTreeMap<String, String>,
    slug: String,
    title: String,
    url: String,
    uuid: String,
    /// The addresses of its versions.
    versions: Vec<String>,
}

/// A version as it stands in lists.
#[derive(Serialize, ToSchema)]
#[schema(as = BundleVersion)]
pub(super) struct Version {
    bundle: String,
    bundle_uuid: String,
    change_description: String,
    url: String,
    version_num: u64,
}

/// A version with all its files and links.
#[derive(Serialize, ToSchema)]
#[schema(as = WholeBundleVersion)]
pub(super) struct WholeVersion {
    #[serde(flatten)]
    version: Version,
    snapshot: Snapshot,
}

/// What is in a version.
#[derive(Serialize, ToSchema)]
pub(super) struct Snapshot {
    hash_digest: String,
    created_at: String,
    files: BTreeMap<String, File>,
    links: BTreeMap<String, Link>,
}

/// A draft as it stands in lists.
#[derive(Serialize, ToSchema)]
pub(super) struct Draft {
    uuid: String,
    url: String,
    bundle: String,
    bundle_uuid: String,
    name: String,
}

/// A draft with all its files and links.
#[derive(Serialize, ToSchema)]
pub(super) struct WholeDraft {
    #[serde(flatten)]
    draft: Draft,
    staged_draft: Staged,
}

/// What is in a draft.
#[derive(Serialize, ToSchema)]
pub(super) struct Staged {
    /// The digest of the version under its changes.
    base_snapshot: Option<String>,
    created_at: String,
    updated_at: String,
    files: BTreeMap<String, File>,
    links: BTreeMap<String, Link>,
}

/// A file of a bundle.
#[derive(Serialize, ToSchema)]
#[schema(as = BundleFile)]
pub(super) struct File {
    url: String,
    size: u64,
    hash_digest: String,
    /// Only in drafts: whether the draft has changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<bool>,
}

/// A link to other bundles.
#[derive(Serialize, ToSchema)]
pub(super) struct Link {
    direct: LinkedVersion,
    indirect: Vec<LinkedVersion>,
    /// Only in drafts: whether the draft has changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<bool>,
}

/// A version of another bundle.
#[derive(Serialize, ToSchema)]
pub(super) struct LinkedVersion {
    bundle_uuid: String,
    version: u64,
    snapshot_digest: String,
}

impl From<&Dependency> for LinkedVersion {
    fn from(dependency: &Dependency) -> Self {
        Self {
            bundle_uuid: dependency.bundle.to_string(),
            version: dependency.version,
            snapshot_digest: dependency.digest.to_string(),
        }
    }
}

impl Blockstore {
    pub(super) fn collection_json(&self, collection: &bundles::Collection) -> Collection {
        Collection {
            title: collection.title.clone(),
            url: self.url(format_args!("collections/{}", collection.uuid)),
            uuid: collection.uuid.to_string(),
        }
    }

    pub(super) fn bundle_json(&self, bundle: &bundles::Bundle) -> Bundle {
        let drafts = bundle.drafts.iter().map(|(name, uuid)| (name.clone(), self.draft_url(*uuid)));
        let versions = (1..=bundle.latest_version).map(|number| self.version_url(bundle.uuid, number));
        Bundle {
            collection: self.url(format_args!("collections/{}", bundle.collection)),
            collection_uuid: bundle.collection.to_string(),
            description: bundle.description.clone(),
            drafts: drafts.collect(),
            slug: bundle.slug.clone(),
            title: bundle.title.clone(),
            url: self.bundle_url(bundle.uuid),
            uuid: bundle.uuid.to_string(),
            versions: versions.collect(),
        }
    }

    pub(super) fn version_json(&self, bundle: Uuid, number: u64, description: &str) -> Version {
        Version {
            bundle: self.bundle_url(bundle),
            bundle_uuid: bundle.to_string(),
            change_description: description.to_owned(),
            url: self.version_url(bundle, number),
            version_num: number,
        }
    }

    pub(super) fn snapshot_json(
        &self,
        version: &bundles::Version,
        files: &[FileInfo],
        links: &[bundles::Link],
    ) -> WholeVersion {
        let tree = Tree::Version { bundle: version.bundle, number: version.number };
        WholeVersion {
            version: self.version_json(version.bundle, version.number, &version.description),
            snapshot: Snapshot {
                hash_digest: version.digest.to_string(),
                created_at: version.created.to_string(),
                files: self.files_json(tree, files),
                links: links_json(tree, links),
            },
        }
    }

    pub(super) fn draft_json(&self, uuid: Uuid, bundle: Uuid, name: &str) -> Draft {
        Draft {
            uuid: uuid.to_string(),
            url: self.draft_url(uuid),
            bundle: self.bundle_url(bundle),
            bundle_uuid: bundle.to_string(),
            name: name.to_owned(),
        }
    }

    pub(super) fn staged_json(
        &self,
        draft: &bundles::Draft,
        base: Option<&bundles::Version>,
        files: &[FileInfo],
        links: &[bundles::Link],
    ) -> WholeDraft {
        let tree = Tree::Draft(draft.uuid);
        WholeDraft {
            draft: self.draft_json(draft.uuid, draft.bundle, &draft.name),
            staged_draft: Staged {
                base_snapshot: base.map(|version| version.digest.to_string()),
                created_at: draft.created.to_string(),
                updated_at: draft.updated.to_string(),
                files: self.files_json(tree, files),
                links: links_json(tree, links),
            },
        }
    }

    fn files_json(&self, tree: Tree, files: &[FileInfo]) -> BTreeMap<String, File> {
        let shown = files.iter().map(|file| {
            let shown = File {
                url: self.file_url(tree, file.path.as_str()),
                size: file.size,
                hash_digest: file.digest.to_string(),
                modified: in_draft(tree, file.modified),
            };
            (file.path.as_str().to_owned(), shown)
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

fn links_json(tree: Tree, links: &[bundles::Link]) -> BTreeMap<String, Link> {
    let shown = links.iter().map(|link| {
        let shown = Link {
            direct: LinkedVersion::from(&link.direct),
            indirect: link.indirect.iter().map(LinkedVersion::from).collect(),
            modified: in_draft(tree, link.modified),
        };
        (link.name.clone(), shown)
    });
    shown.collect()
}

/// What only drafts say of their files and links.
fn in_draft(tree: Tree, modified: bool) -> Option<bool> {
    matches!(tree, Tree::Draft(_)).then_some(modified)
}
