//! What the API says, as it says it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Deserialize;
use uuid::Uuid;

use super::last_part;
use crate::bundles::{BundleError, Dependency, Digest, FilePath};

#[derive(Deserialize)]
pub(super) struct Bundle {
    uuid: Uuid,
    collection_uuid: Uuid,
    slug: String,
    title: String,
    description: String,
    drafts: BTreeMap<String, String>,
    versions: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Version {
    pub(super) bundle_uuid: Uuid,
    pub(super) version_num: u64,
    #[serde(default)]
    pub(super) change_description: String,
    pub(super) snapshot: Snapshot,
}

#[derive(Deserialize)]
pub(super) struct Snapshot {
    pub(super) hash_digest: Digest,
    pub(super) created_at: Timestamp,
    pub(super) files: BTreeMap<FilePath, File>,
    pub(super) links: BTreeMap<String, Link>,
}

#[derive(Deserialize)]
pub(super) struct Draft {
    pub(super) uuid: Uuid,
    pub(super) bundle_uuid: Uuid,
    pub(super) name: String,
    pub(super) staged_draft: StagedDraft,
}

#[derive(Deserialize)]
pub(super) struct StagedDraft {
    pub(super) base_snapshot: Option<Digest>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) files: BTreeMap<FilePath, File>,
    pub(super) links: BTreeMap<String, Link>,
}

/// What a draft looks like that was just begun.
#[derive(Deserialize)]
pub(super) struct NewDraft {
    pub(super) uuid: Uuid,
}

#[derive(Deserialize)]
pub(super) struct File {
    pub(super) url: String,
    pub(super) size: u64,
    pub(super) hash_digest: Digest,
    #[serde(default)]
    pub(super) modified: bool,
}

#[derive(Deserialize)]
pub(super) struct Link {
    pub(super) direct: Dependency,
    pub(super) indirect: Vec<Dependency>,
    #[serde(default)]
    pub(super) modified: bool,
}

#[derive(Deserialize)]
pub(super) struct Committed {
    pub(super) bundle_version: String,
}

/// The number in the address of a version, which ends with `UUID,NUMBER`.
pub(super) fn version_number(address: &str) -> Result<u64, BundleError> {
    let part = last_part(address)?;
    let number = part.rsplit(',').next().and_then(|number| number.parse().ok());
    number.ok_or_else(|| BundleError::Damaged(format!("`{address}` is no address of a version")))
}

impl TryFrom<Bundle> for crate::bundles::Bundle {
    type Error = BundleError;

    fn try_from(bundle: Bundle) -> Result<Self, BundleError> {
        let drafts = bundle.drafts.into_iter().map(|(name, address)| {
            let uuid = last_part(&address)?.parse();
            let uuid =
                uuid.map_err(|_| BundleError::Damaged(format!("`{address}` is no address of a draft")))?;
            Ok((name, uuid))
        });
        let versions = bundle.versions.iter().map(|address| version_number(address));
        Ok(Self {
            uuid: bundle.uuid,
            collection: bundle.collection_uuid,
            slug: bundle.slug,
            title: bundle.title,
            description: bundle.description,
            drafts: drafts.collect::<Result<_, BundleError>>()?,
            latest_version: versions.collect::<Result<Vec<_>, _>>()?.into_iter().max().unwrap_or(0),
            deleted: None,
        })
    }
}
