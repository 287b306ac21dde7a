//! The head of a version: what there is to know of it beside its blocks.

use std::collections::BTreeMap;

use blockhouse_keys::{LearningContextKey, UsageKey};
use serde::{Deserialize, Serialize};

/// The form of a version's files. A reader refuses a form that it does not know.
pub(super) const FORMAT: u32 = 2;

pub(super) const INDEX: &str = "index.json";
/// The file that says where each definition lies.
pub(super) const BLOCKS: &str = "blocks";
pub(super) const DEFINITIONS: &str = "definitions";
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
    /// SHA-256 over definitions and assets: equal content has an equal digest.
    pub(super) digest: String,
    /// Assets by the name under which keys know them, where it is not the file's own.
    #[serde(default)]
    pub(super) assets: BTreeMap<String, String>,
}
