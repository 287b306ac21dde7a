//! Why a request could not be served. The server maps these to HTTP in one place.

use std::sync::Arc;

use blockhouse_content::ContentError;
use blockhouse_keys::{LearningContextKey, UsageKey};
use blockhouse_sandbox::{CallError, InstallError};
use blockhouse_state::StateError;

use crate::LoadError;
use crate::catalog::TagTaken;
use crate::registry::RegistryError;

/// Whose fault it was is visible in the variant: the caller's, the author's, the block's, or the host's.
#[derive(Debug, thiserror::Error)]
pub enum RuntimeError {
    /// The caller named a learning context that is not here.
    #[error("there is no course or library `{0}` here")]
    NoSuchContext(LearningContextKey),
    /// The caller named a block that is not in its context (spec 3.10.3).
    #[error("the component `{0}` does not exist")]
    NoSuchBlock(UsageKey),
    /// The context says no, or a visitor without an account asked for more than `public_view` (spec 3.5.1).
    #[error("you don't have permission to access the component `{0}`")]
    Forbidden(UsageKey),
    /// The block has no such view.
    #[error("the block type `{block_type}` has no {view}")]
    NoSuchView {
        /// Its type.
        block_type: String,
        /// What was asked for.
        view: &'static str,
    },
    /// The author used a block type that this host does not have.
    #[error("the block type `{block_type}` is not installed here; ask the operator to install it")]
    NotInstalled {
        /// The type.
        block_type: String,
    },
    /// The author's OLX cannot be read as this block type.
    #[error("the content of `{usage}` cannot be read: {reason}")]
    BrokenContent {
        /// Which block.
        usage: UsageKey,
        /// What is wrong, and where.
        reason: String,
    },
    /// The operator wants calls recorded, and the host has no place for recordings.
    #[error("this host has no directory for recordings")]
    NoRecordings,
    /// The block's code failed or exceeded a limit. Nothing that it wrote was stored.
    #[error("the block `{usage}` of type `{block_type}` failed: {source}")]
    BlockFailed {
        /// Which block.
        usage: UsageKey,
        /// Its type.
        block_type: String,
        /// How it failed.
        source: CallError,
    },
    /// A plug-in that answers for learning contexts failed or exceeded a limit.
    #[error("the learning contexts of `{block_type}` cannot answer: {source}")]
    ContextFailed {
        /// The plug-in's block type.
        block_type: String,
        /// How it failed.
        source: CallError,
    },
    /// The version is installed, and its code cannot be brought from the disk.
    #[error("the block type `{block_type}` cannot be loaded: {source}; install its package again")]
    NotLoaded {
        /// The type.
        block_type: String,
        /// Why. Whoever waited for it at the same time was told the same.
        source: Arc<LoadError>,
    },
    /// The version kept failing and is set aside for a while.
    #[error(
        "the block type `{block_type}` kept failing and is set aside; try again in {seconds} s, or release it"
    )]
    SetAside {
        /// The type.
        block_type: String,
        /// Until it is tried again.
        seconds: u64,
    },
    /// A package's block type would take another one's tag.
    #[error(transparent)]
    Tag(#[from] TagTaken),
    /// The operator's registry of packages.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// Too many calls at once; the same request may succeed a moment later.
    #[error("the host is busy; try again in a moment")]
    Busy,
    /// Other calls on the same state kept coming first.
    #[error("the same state is being changed by others; try again in a moment")]
    Conflict,
    /// The operator has switched it off (spec 3.9.7, row 161).
    #[error("Completion tracking is not enabled and API calls are unexpected")]
    CompletionOff,
    /// One key for two submissions.
    #[error("this submission key was used for another submission; take a new one for each")]
    SubmissionKeyReused,
    /// The submission was carried out before, and what was answered is not kept.
    #[error("this submission has arrived before and is stored; reload to see what came of it")]
    AlreadySubmitted,
    /// The state store failed, or refused a value.
    #[error(transparent)]
    State(StateError),
    /// The content cannot be read or changed.
    #[error(transparent)]
    Content(ContentError),
    /// A package cannot be installed.
    #[error("the package `{package}` cannot be installed: {source}")]
    Install {
        /// The block type.
        package: String,
        /// Why.
        source: InstallError,
    },
}

impl RuntimeError {
    /// A version is set aside until then.
    pub(crate) fn set_aside(block_type: &str, until_ms: u64, now_ms: u64) -> Self {
        let seconds = until_ms.saturating_sub(now_ms).div_ceil(1000);
        Self::SetAside { block_type: block_type.to_owned(), seconds }
    }
}

impl From<ContentError> for RuntimeError {
    fn from(error: ContentError) -> Self {
        match error {
            ContentError::NoSuchBlock(usage) => Self::NoSuchBlock(usage),
            ContentError::NoSuchContext(key) => Self::NoSuchContext(key),
            other => Self::Content(other),
        }
    }
}

impl From<StateError> for RuntimeError {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Conflict => Self::Conflict,
            other => Self::State(other),
        }
    }
}
