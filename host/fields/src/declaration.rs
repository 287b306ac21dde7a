//! A field as its block declares it (spec 2.2). The serde form is the one in a package's manifest.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{ConversionError, FieldError, Scope};

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
    /// The value of an unset field is unique to its key instead (spec 2.2.4).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unique_id: bool,
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

impl FieldDeclaration {
    /// What a block or an author sets, in the form in which it is stored. Everything that is written passes here.
    ///
    /// `today` completes a date that leaves out its year, here and in the other conversions.
    ///
    /// # Errors
    /// The value is not one of the field's type.
    pub fn coerce(&self, value: &Value, today: Date) -> Result<Value, FieldError> {
        self.field_type
            .enforce(value.into(), today)
            .and_then(|value| self.field_type.to_json(&value))
            .map_err(|reason| self.error(reason))
    }

    /// A stored value in its normal form.
    ///
    /// # Errors
    /// The stored value is not one of the field's type. It is said to be poisoned: setting or deleting the field
    /// heals it.
    pub fn read_json(&self, stored: &Value, today: Date) -> Result<Value, FieldError> {
        self.field_type
            .from_json(stored.into(), today)
            .and_then(|value| self.field_type.to_json(&value))
            .map_err(|reason| self.error(reason))
    }

    /// The text of an OLX attribute or element, in the form in which its value is stored.
    ///
    /// # Errors
    /// The text is not YAML, or does not say a value of the field's type.
    pub fn read_text(&self, text: &str, today: Date) -> Result<Value, FieldError> {
        self.field_type
            .from_string(text, today)
            .and_then(|value| self.field_type.to_json(&value))
            .map_err(|reason| self.error(reason))
    }

    /// The text that OLX has for a stored value. Null is the empty text for text and points in time, `null` for
    /// the rest; see [`FieldType::none_to_xml`].
    ///
    /// # Errors
    /// The stored value is not one of the field's type.
    pub fn write_text(&self, stored: &Value, today: Date) -> Result<String, FieldError> {
        self.field_type
            .from_json(stored.into(), today)
            .and_then(|value| self.field_type.to_string(&value))
            .map_err(|reason| self.error(reason))
    }

    /// The value of the unset field: its own default, or else its type's. That of a field with a unique one is known
    /// only to whoever knows its key.
    pub fn default_value(&self) -> Value {
        match &self.default {
            Value::Null => self.field_type.to_json(&self.field_type.default_value()).unwrap_or_default(),
            default => default.clone(),
        }
    }

    /// See [`FieldType::none_to_xml`].
    pub fn none_to_xml(&self) -> bool {
        self.field_type.none_to_xml()
    }

    /// The values on offer. A boolean always offers its two.
    pub fn offered_values(&self) -> Option<Value> {
        match self.field_type {
            FieldType::Boolean => Some(json!([
                { "display_name": "True", "value": true },
                { "display_name": "False", "value": false },
            ])),
            _ => self.values.clone(),
        }
    }

    fn error(&self, reason: ConversionError) -> FieldError {
        FieldError { field: self.name.clone(), reason }
    }
}
