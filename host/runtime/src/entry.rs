//! What is at hand of an installed version while nobody uses it: enough to find it by its tags, to list it, and to say
//! what a block of it can do. All else of it, its code before all, stays on the disk until a call needs it.

use std::collections::BTreeSet;

use blockhouse_fields::{BlockDefinition, CompletionMode};
use blockhouse_sandbox::{Approval, BlockType, Export};

use crate::completion::is_completed_by_viewing;
use crate::costs::BlockVersion;
use crate::source::Source;
use crate::{InstalledVersion, Mediator};

/// One version of a block type. There may be ten thousand of them, so nothing is here that could be looked up later.
#[derive(Debug)]
pub struct Entry {
    /// The name of the type.
    pub name: String,
    /// Further tags that mean it.
    pub aliases: Vec<String>,
    /// The version that the package's author gave.
    pub version: String,
    /// What people call the type.
    pub display_name: String,
    /// `video`, `problem` or `other`.
    pub icon: String,
    /// Whether it publishes grades.
    pub has_score: bool,
    /// Whether its blocks say in their own view what was earned.
    pub shows_score: bool,
    /// Whether its blocks count in somebody's progress.
    pub completable: bool,
    /// Whether a learner completes a block of it by looking at it.
    pub completed_by_viewing: bool,
    /// What it can do.
    pub exports: BTreeSet<Export>,
    /// SHA-256 of the package, in hex.
    pub digest: String,
    /// Where the rest is.
    pub(crate) source: Source,
}

impl Entry {
    /// The entry of a version that was just installed.
    pub(crate) fn of(block_type: &BlockType<Mediator>, source: Source) -> Self {
        let exports = block_type.exports().iter().collect();
        Self::new(block_type.definition(), block_type.digest(), exports, source)
    }

    /// The entry of a version that was installed before.
    pub(crate) fn approved(approval: &Approval, source: Source) -> Self {
        Self::new(approval.definition(), approval.digest(), approval.exports().clone(), source)
    }

    fn new(definition: &BlockDefinition, digest: &str, exports: BTreeSet<Export>, source: Source) -> Self {
        Self {
            name: definition.name.clone(),
            aliases: definition.aliases.clone(),
            version: definition.version.clone(),
            display_name: definition.display_name.clone(),
            icon: definition.icon.clone(),
            has_score: definition.has_score,
            shows_score: definition.shows_score,
            completable: definition.completion == CompletionMode::Completable,
            completed_by_viewing: is_completed_by_viewing(definition),
            exports,
            digest: digest.to_owned(),
            source,
        }
    }

    /// The tags that mean it, in lower case (spec 2.13.1).
    pub(crate) fn tags(&self) -> impl Iterator<Item = String> {
        self.aliases.iter().chain([&self.name]).map(|tag| tag.to_lowercase())
    }

    pub(crate) fn block_version(&self) -> BlockVersion {
        BlockVersion { block_type: self.name.clone(), digest: self.digest.clone() }
    }

    pub(crate) fn installed(&self, current: bool) -> InstalledVersion {
        InstalledVersion {
            block_type: self.name.clone(),
            version: self.version.clone(),
            digest: self.digest.clone(),
            current,
        }
    }
}
