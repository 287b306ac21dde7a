//! A block type as it describes itself: the JSON that the WIT interface `definition` returns.

use serde::{Deserialize, Serialize};

use crate::{FieldDeclaration, FrameLibrary, Scope};

/// How a block counts towards completion (spec 2.11.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompletionMode {
    /// Done when its learner has done it.
    #[default]
    Completable,
    /// Done when its children are.
    Aggregator,
    /// Never counted.
    Excluded,
}

/// What a block type says of itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BlockDefinition {
    /// The block type: the OLX tag, lower case.
    pub name: String,
    /// Further OLX tags that mean this type, for instance `vertical` for `unit`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The package's version, semver.
    pub version: String,
    /// What people call it.
    pub display_name: String,
    /// `video`, `problem` or `other`.
    #[serde(default = "other")]
    pub icon: String,
    /// Whether OLX elements inside it are child blocks.
    #[serde(default)]
    pub has_children: bool,
    /// Whether it publishes grades.
    #[serde(default)]
    pub has_score: bool,
    /// Whether its own view says what its learner has scored, so that the page need not show it once more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shows_score: bool,
    /// How it counts towards completion.
    #[serde(default)]
    pub completion: CompletionMode,
    /// Whether it publishes its completion itself; otherwise a grade completes it, or looking at it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub custom_completion: bool,
    /// The fields.
    #[serde(default)]
    pub fields: Vec<FieldDeclaration>,
    /// The handlers' names.
    #[serde(default)]
    pub handlers: Vec<String>,
    /// Capabilities beyond those that every block has.
    #[serde(default)]
    pub capabilities: Vec<String>,
    /// What its front end expects on the page besides the runtime.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frame_libraries: Vec<FrameLibrary>,
}

fn other() -> String {
    "other".to_owned()
}

impl BlockDefinition {
    /// The declaration of a field.
    pub fn field(&self, name: &str) -> Option<&FieldDeclaration> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The fields of one scope.
    pub fn fields_in(&self, scope: Scope) -> impl Iterator<Item = &FieldDeclaration> {
        self.fields.iter().filter(move |field| field.scope == scope)
    }
}
