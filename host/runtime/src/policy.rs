//! What a platform allows or does not, beyond who may see what.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::PathBuf;

use blockhouse_keys::LearningContextKey;

use crate::Granted;

/// More than most hosts have installed.
const LOADED: NonZeroUsize = NonZeroUsize::new(500).unwrap();

/// The rules of a platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether it is kept how much of each block a learner has done. Where it is not, what blocks say of it is heard and
    /// dropped, and calls that only say it are refused (spec 3.9.7).
    pub completion: bool,
    /// The learning contexts in which a visitor who signs in may keep the answers from before. Default: none (row 71).
    pub claimable: BTreeSet<LearningContextKey>,
    /// What stands behind the capabilities of block types, by the name of the type.
    pub grants: BTreeMap<String, Granted>,
    /// How many bytes of views are kept that are the same for everybody; with 0 every view is rendered anew.
    pub kept_view_bytes: usize,
    /// How many block types stay loaded; those that were not used for the longest leave first.
    pub loaded_block_types: NonZeroUsize,
    /// Where calls are written down that the operator wants recorded. Default: nowhere.
    pub recordings: Option<PathBuf>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            completion: true,
            claimable: BTreeSet::new(),
            grants: BTreeMap::new(),
            kept_view_bytes: 32 << 20,
            loaded_block_types: LOADED,
            recordings: None,
        }
    }
}
