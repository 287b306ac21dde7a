//! A field as its block declares it (spec 2.2). The serde form is the one in a package's manifest.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::Scope;

/// The type of a field's value (spec 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// True or false.
    Boolean,
    /// Text.
    String,
    /// Text that is well-formed XML.
    XmlString,
    /// A JSON array.
    List,
    /// A JSON object.
    Dict,
    /// An array without repetitions.
    Set,
    /// A point in time, lenient in what it reads.
    Date,
    /// A point in time.
    DateTime,
    /// A length of time.
    Timedelta,
    /// A position in a medium, `HH:MM:SS`.
    RelativeTime,
    /// Earned and possible points.
    Score,
    /// Scores in order.
    ListScore,
    /// Any JSON value.
    Any,
    /// Another block's key.
    Reference,
    /// Other blocks' keys.
    ReferenceList,
    /// Names to other blocks' keys.
    ReferenceValueDict,
}

/// One declared field.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FieldDeclaration {
    /// The name by which the block and OLX know it.
    pub name: String,
    /// The type of its values.
    #[serde(rename = "type")]
    pub field_type: FieldType,
    /// Where it lives.
    pub scope: Scope,
    /// The value of an unset field, as JSON. `null` where none is given.
    #[serde(default)]
    pub default: Value,
    /// For authors: what the field is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub help: String,
    /// For authors: what the field is called.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// The values on offer: a list of values, a list of `{display_name, value}`, or `{min, max, step}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<Value>,
    /// Written to OLX as an `option:` element instead of an attribute.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub xml_node: bool,
    /// Written to OLX also when unset.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub force_export: bool,
}
