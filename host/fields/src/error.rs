//! Why a value could not be read or written. Every message names the value and what was expected.

use crate::FieldValue;
use crate::yaml::YamlError;

/// Why a value does not fit a field type.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConversionError {
    /// The value is of a kind that the field type does not take.
    #[error("expected {expected}, found {} `{value}`", value.kind())]
    WrongKind {
        /// What the field type takes.
        expected: &'static str,
        /// What came.
        value: FieldValue,
    },
    /// The value is of a right kind, and does not say what it should.
    #[error("`{value}` cannot be read as {expected}")]
    Unreadable {
        /// What the field type takes.
        expected: &'static str,
        /// What came.
        value: FieldValue,
    },
    /// The value is beyond what the field type, or JSON, can hold.
    #[error("`{value}` is out of range: expected {expected}")]
    OutOfRange {
        /// What the field type takes.
        expected: &'static str,
        /// What came.
        value: FieldValue,
    },
    /// The text is not JSON.
    #[error("expected JSON: {problem}")]
    NotJson {
        /// What is wrong, and where.
        problem: String,
    },
    /// The text is not well-formed XML.
    #[error("expected well-formed XML: {problem}")]
    NotXml {
        /// What is wrong, and where.
        problem: String,
    },
    /// The text is not YAML 1.1.
    #[error("expected YAML: {0}")]
    NotYaml(#[from] YamlError),
}

impl ConversionError {
    pub(crate) fn wrong_kind(expected: &'static str, value: FieldValue) -> Self {
        Self::WrongKind { expected, value }
    }

    pub(crate) fn unreadable(expected: &'static str, value: impl Into<FieldValue>) -> Self {
        Self::Unreadable { expected, value: value.into() }
    }

    pub(crate) fn out_of_range(expected: &'static str, value: FieldValue) -> Self {
        Self::OutOfRange { expected, value }
    }
}

/// Why a value does not fit a declared field.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("field `{field}`: {reason}")]
pub struct FieldError {
    /// The field's name.
    pub field: String,
    /// What is wrong with the value.
    pub reason: ConversionError,
}
