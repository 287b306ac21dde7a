//! The values that fields hold, before they become JSON and after they stop being text.
//!
//! JSON is too small for them: OLX is YAML 1.1, which has dates, sets, bytes, whole numbers without end and keys
//! that are no text. This type holds them all; which of them a field takes is the business of its type, not of
//! this module.

use std::cmp::Ordering;
use std::fmt;

use jiff::SignedDuration;
use jiff::civil;
use num_bigint::BigInt;
use serde_json::Value;

use crate::json_text;
use crate::moment::Moment;

/// One field value.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number of any size.
    Int(BigInt),
    /// A number; infinities and not-a-number are values like others.
    Float(f64),
    /// Text.
    Text(String),
    /// Bytes, from YAML's `!!binary`.
    Bytes(Vec<u8>),
    /// Values in order.
    List(Vec<FieldValue>),
    /// Keys to values, in the order in which they were written. No two keys are equal.
    Dict(Vec<(FieldValue, FieldValue)>),
    /// Values without order. No two are equal.
    Set(Vec<FieldValue>),
    /// A day.
    Day(civil::Date),
    /// A point in time.
    Moment(Moment),
    /// A length of time, in whole microseconds.
    Duration(SignedDuration),
}

/// What makes two members of a set, or two keys of a dict, the same: 1, 1.0 and true are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Identity(String);

impl FieldValue {
    /// Whether the value counts as true: everything does but null, zero and what is empty.
    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != BigInt::ZERO,
            Self::Float(value) => *value != 0.0,
            Self::Text(value) => !value.is_empty(),
            Self::Bytes(value) => !value.is_empty(),
            Self::List(value) | Self::Set(value) => !value.is_empty(),
            Self::Dict(value) => !value.is_empty(),
            Self::Duration(value) => !value.is_zero(),
            Self::Day(_) | Self::Moment(_) => true,
        }
    }

    /// What kind of value it is, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a boolean",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "a list",
            Self::Dict(_) => "a dict",
            Self::Set(_) => "a set",
            Self::Day(_) => "a date",
            Self::Moment(_) => "a date and time",
            Self::Duration(_) => "a duration",
        }
    }

    /// The identity of a member of a set or of a key; `None` for what can change and so can be neither.
    pub(crate) fn identity(&self) -> Option<Identity> {
        let text = match self {
            Self::Null => "null".to_owned(),
            Self::Bool(value) => format!("n{}", i32::from(*value)),
            Self::Int(value) => format!("n{value}"),
            Self::Float(value) if value.fract() == 0.0 => format!("n{:.0}", value + 0.0),
            Self::Float(value) => format!("n{value:e}"),
            Self::Text(value) => format!("t{value}"),
            Self::Bytes(value) => format!("b{value:?}"),
            Self::Day(value) => format!("d{value}"),
            Self::Moment(value) => format!("m{}", value.identity()),
            Self::Duration(value) => format!("p{}", value.as_nanos()),
            Self::List(_) | Self::Dict(_) | Self::Set(_) => return None,
        };
        Some(Identity(text))
    }

    /// The order of a dict's keys in text: numbers by size, everything else by its text.
    pub(crate) fn key_order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Int(left), Self::Int(right)) => left.cmp(right),
            (Self::Float(left), Self::Float(right)) => left.total_cmp(right),
            _ => json_text::key(self).cmp(&json_text::key(other)),
        }
    }
}

impl From<String> for FieldValue {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&Value> for FieldValue {
    fn from(json: &Value) -> Self {
        match json {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(value), _, _) => Self::Int(value.into()),
                (_, Some(value), _) => Self::Int(value.into()),
                (_, _, value) => Self::Float(value.unwrap_or(f64::NAN)),
            },
            Value::String(value) => Self::Text(value.clone()),
            Value::Array(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Object(members) => Self::Dict(
                members.iter().map(|(key, value)| (Self::Text(key.clone()), Self::from(value))).collect(),
            ),
        }
    }
}

/// The value as JSON text on one line, cut after 80 characters: for messages, never for storing.
impl fmt::Display for FieldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 80;
        let text = json_text::compact(self);
        match text.char_indices().nth(SHOWN) {
            Some((end, _)) => write!(f, "{}…", text.get(..end).unwrap_or_default()),
            None => f.write_str(&text),
        }
    }
}
