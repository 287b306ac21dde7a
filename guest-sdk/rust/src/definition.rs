//! What a block type says of itself: the JSON that the WIT interface `definition` returns.
//!
//! The macros write these values; a block author meets them only in tests.

use serde::Serialize;
use serde_json::Value;

/// How a block counts towards completion (spec 2.11.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Completion {
    /// Done when its learner has done it.
    Completable,
    /// Done when its children are.
    Aggregator,
    /// Never counted.
    Excluded,
}

/// A block type.
#[derive(Clone, Debug, Serialize)]
pub struct Definition {
    /// The OLX tag, lower case.
    pub name: &'static str,
    /// Further OLX tags that mean this type.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub aliases: &'static [&'static str],
    /// Semver; the crate's version unless the block says otherwise.
    pub version: &'static str,
    /// What people call it.
    pub display_name: &'static str,
    /// `video`, `problem` or `other`.
    pub icon: &'static str,
    /// Whether OLX elements inside it are child blocks.
    pub has_children: bool,
    /// Whether it can be graded: it has a `max_score`.
    pub has_score: bool,
    /// Whether its own view says what its learner has scored, so that the page need not show it once more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub shows_score: bool,
    /// How it counts towards completion.
    pub completion: Completion,
    /// Whether it publishes its completion itself; otherwise a grade completes it, or looking at it.
    pub custom_completion: bool,
    /// The fields in the order of the struct.
    pub fields: Vec<FieldDeclaration>,
    /// The handlers' names.
    pub handlers: &'static [&'static str],
    /// Capabilities beyond those that every block has.
    pub capabilities: &'static [&'static str],
    /// What its front end expects on the page besides the runtime: `jquery`, `underscore`, `gettext`, `mathjax`.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub frame_libraries: &'static [&'static str],
}

/// One declared field.
#[derive(Clone, Debug, Serialize)]
pub struct FieldDeclaration {
    /// The name in stores and OLX.
    pub name: &'static str,
    /// The type of its values (spec 2.3), for instance `integer`.
    #[serde(rename = "type")]
    pub field_type: &'static str,
    /// Where it lives (spec 2.4), for instance `user_state`.
    pub scope: &'static str,
    /// The value of an unset field.
    pub default: Value,
    /// For authors: what the field is for.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub help: &'static str,
    /// For authors: what the field is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<&'static str>,
    /// The values on offer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<Value>,
    /// Written to OLX as an `option:` element instead of an attribute.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub xml_node: bool,
    /// Written to OLX also when unset.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub force_export: bool,
}
