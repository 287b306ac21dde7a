//! A learning context: what holds blocks together, says who may see them, and finds their definitions (spec 6).

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use blockhouse_fields::UserId;
use blockhouse_keys::{LearningContextKey, UsageKey};
use serde::{Deserialize, Serialize};

use crate::Fault;

/// What an author wrote for one block.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// The block's key.
    pub usage: UsageKey,
    /// The block type: the OLX tag, in the case in which the author wrote it (spec 2.15.3).
    pub block_type: String,
    /// The block's own element. Child blocks and pointers to files are taken out; settings of `policy.json` are put in.
    pub olx: Arc<str>,
    /// SHA-256 in hex of `olx` and `inherited`: definitions of one type and digest have equal fields.
    pub digest: String,
    /// The child blocks in the author's order.
    pub children: Vec<UsageKey>,
    /// The block of which this is a child. Of a block used in several places, the first.
    pub parent: Option<UsageKey>,
    /// The name that the author gave it.
    pub display_name: Option<String>,
    /// Settings that hold because an ancestor has them, the nearest first, as the text of the attribute (spec 9.1).
    pub inherited: BTreeMap<String, String>,
    /// Why the author's files do not define this block. Its `olx` is then an empty element.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
}

/// One course or library, at its current version. A value keeps showing the version that it was made from.
pub trait LearningContext: Send + Sync {
    /// The context's key.
    fn key(&self) -> &LearningContextKey;

    /// What people call it.
    fn title(&self) -> &str;

    /// Whether `user` may see its blocks and act on them.
    fn may_view(&self, user: &UserId) -> bool;

    /// The block below which all others are.
    fn root(&self) -> &UsageKey;

    /// A block's definition.
    ///
    /// # Errors
    /// [`ContentError::NoSuchBlock`] when the context has no such block, [`ContentError::Read`] or
    /// [`ContentError::Damaged`] when its stored version cannot be read.
    fn definition(&self, usage: &UsageKey) -> Result<Arc<Definition>, ContentError>;

    /// All blocks, each before its children.
    fn usages(&self) -> Vec<UsageKey>;

    /// The file behind `/static/<name>`. `None` for a name that has no file, or that points outside of the assets.
    fn asset(&self, name: &str) -> Option<PathBuf>;
}

/// Why content cannot be served or stored.
#[derive(Debug, thiserror::Error)]
pub enum ContentError {
    /// The context has no such block.
    #[error("there is no block `{0}` in its learning context")]
    NoSuchBlock(UsageKey),
    /// A file of the store cannot be read or written.
    #[error("cannot read or write {}: {source}; check the disk and the permissions of the content directory", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file of the store does not hold what this program wrote there.
    #[error("{} is damaged: {reason}; import the content again", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl ContentError {
    /// Says which file an I/O error was about.
    pub(crate) fn reading(path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |source| Self::Read { path, source }
    }

    /// Says which file does not hold what it should.
    pub(crate) fn damaged(path: impl Into<PathBuf>, reason: impl ToString) -> Self {
        Self::Damaged { path: path.into(), reason: reason.to_string() }
    }
}
