//! The head of a version: what there is to know of it beside its blocks.

use blockhouse_keys::{LearningContextKey, UsageKey};
use serde::{Deserialize, Serialize};

/// The form of a version's files. A reader refuses a form that it does not know.
pub(super) const FORMAT: u32 = 3;

pub(super) const INDEX: &str = "index.json";
/// The texts of a version: each block's definition by its usage key, and assets' own names by [`asset_key`].
pub(super) const TEXTS: &str = "texts";
/// The file that says where each text lies.
pub(super) const PLACES: &str = "places";
/// The folder of files beside the blocks, under the names that they had in OLX.
pub(super) const FILES: &str = "files";

/// The folder of assets within it.
pub(super) const STATIC: &str = "static";

/// The folder within it of the backup that a library came from.
pub(crate) const BACKUP: &str = "backup";

/// The contents of `index.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Index {
    pub(super) format: u32,
    pub(super) context: LearningContextKey,
    pub(super) title: String,
    pub(super) root: UsageKey,
    /// How many blocks there are. Older forms do not say it; they are refused as what they are.
    #[serde(default)]
    pub(super) blocks: usize,
    /// SHA-256 over definitions and assets: equal content has an equal digest.
    pub(super) digest: String,
}

/// What an asset's own name is found by, given the name under which keys know it. No usage key looks like that.
pub(super) fn asset_key(known: &str) -> String {
    format!("{STATIC}/{known}")
}
