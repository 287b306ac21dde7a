//! Links: what a bundle uses of other bundles.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Digest;

/// A version of another bundle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Dependency {
    /// The other bundle.
    #[serde(rename = "bundle_uuid")]
    pub bundle: Uuid,
    /// The number of its version, from 1.
    pub version: u64,
    /// The digest of that version.
    #[serde(rename = "snapshot_digest")]
    pub digest: Digest,
}

/// A dependency with a name, by which OLX refers to it (`source` of `<xblock-include>`, spec 7.2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The name; at most 180 characters.
    pub name: String,
    /// The version that it names.
    pub direct: Dependency,
    /// All versions on which that one depends in turn, each once, ordered. None is of the linking bundle (spec 7.1.4).
    pub indirect: Vec<Dependency>,
    /// Whether a draft has changed it. Always `false` in a version.
    pub modified: bool,
}
