//! What each field type makes of values: from and to JSON, from and to the text of OLX (spec 2.3).

use jiff::civil::Date;
use serde_json::{Map, Number, Value};

use crate::yaml::{self, LoadError};
use crate::{ConversionError, FieldType, FieldValue};
use crate::{collections, dates, durations, json_text, numbers, text};

const STORABLE: &str = "a value that JSON can hold exactly";

impl FieldType {
    /// Whether a value can be changed in place, so that one that was read may have to be written.
    pub fn is_mutable(self) -> bool {
        match self {
            Self::Dict | Self::List | Self::Set | Self::DateTime | Self::Any | Self::ListScore => true,
            Self::Reference | Self::ReferenceList | Self::ReferenceValueDict => true,
            Self::Integer | Self::Float | Self::Boolean | Self::String | Self::XmlString => false,
            Self::Date | Self::Timedelta | Self::RelativeTime | Self::Score => false,
        }
    }

    /// Whether OLX says null by an element `<option:NAME none="true"/>`: text has no other way.
    pub fn none_to_xml(self) -> bool {
        matches!(self, Self::String | Self::XmlString)
    }

    /// The value of an unset field that declares no default.
    pub fn default_value(self) -> FieldValue {
        match self {
            Self::Dict | Self::ReferenceValueDict => FieldValue::Dict(Vec::new()),
            Self::List | Self::ListScore | Self::ReferenceList => FieldValue::List(Vec::new()),
            Self::Set => FieldValue::Set(Vec::new()),
            _ => FieldValue::Null,
        }
    }

    /// A stored value as a value of this type. Reading is lenient: it takes all that was ever stored.
    ///
    /// `today` completes a date that leaves out its year.
    pub fn from_json(self, stored: FieldValue, today: Date) -> Result<FieldValue, ConversionError> {
        match self {
            Self::Integer => numbers::integer(stored),
            Self::Float => numbers::float(stored),
            Self::Boolean => Ok(numbers::boolean(&stored)),
            Self::String | Self::XmlString => text::string(stored),
            Self::List | Self::ReferenceList => collections::list(stored),
            Self::Dict | Self::ReferenceValueDict => collections::dict(stored),
            Self::Set => collections::set(stored),
            Self::Date => dates::date(stored, today),
            Self::DateTime => dates::date_time(stored, today),
            Self::Timedelta => durations::timedelta(stored),
            Self::RelativeTime => durations::relative_time(stored),
            Self::Score => collections::score(stored),
            Self::ListScore => collections::list_score(stored),
            Self::Any | Self::Reference => Ok(stored),
        }
    }

    /// A value that somebody sets as a value of this type. As [`from_json`](Self::from_json), except that XML has
    /// to be well-formed and that an unset position stays null.
    pub fn enforce(self, value: FieldValue, today: Date) -> Result<FieldValue, ConversionError> {
        match (self, value) {
            (Self::XmlString, value) => text::xml_string(value),
            (Self::RelativeTime, FieldValue::Null) => Ok(FieldValue::Null),
            (_, value) => self.from_json(value, today),
        }
    }

    /// The form in which a value is stored.
    ///
    /// Infinities and not-a-number become the texts `Infinity`, `-Infinity` and `NaN`, which a number field reads
    /// back; a set becomes a sorted array.
    pub fn to_json(self, value: &FieldValue) -> Result<Value, ConversionError> {
        json(&self.storable(value)?)
    }

    /// The value that the text of an OLX attribute or element says: YAML 1.1, except for text, which stands as it
    /// is.
    pub fn from_string(self, text: &str, today: Date) -> Result<FieldValue, ConversionError> {
        if self.none_to_xml() {
            return text::string(FieldValue::Text(text.to_owned()));
        }
        let value = yaml::load(text).map_err(|error| match error {
            LoadError::Yaml(error) => ConversionError::NotYaml(error),
            LoadError::Scalar { expected, text } => ConversionError::unreadable(expected, text),
        })?;
        self.enforce(value, today)
    }

    /// The text that OLX has for a value. The null of text and of points in time is the empty text.
    pub fn to_string(self, value: &FieldValue) -> Result<String, ConversionError> {
        let value = match self {
            Self::Dict | Self::ReferenceValueDict => &collections::dict(value.clone())?,
            _ => value,
        };
        Ok(match (self, self.storable(value)?) {
            (Self::String | Self::XmlString | Self::DateTime, FieldValue::Null) => String::new(),
            (Self::String | Self::XmlString | Self::DateTime, FieldValue::Text(text)) => text,
            (Self::Float, FieldValue::Float(value)) => json_text::float(value),
            (_, value) => json_text::indented(&value),
        })
    }

    /// The value in the kinds that its type stores: points in time and lengths of time as text or numbers.
    fn storable(self, value: &FieldValue) -> Result<FieldValue, ConversionError> {
        let expected = match (self, value) {
            (Self::Date, FieldValue::Moment(moment)) => {
                return Ok(FieldValue::Text(dates::date_text(*moment)));
            }
            (Self::DateTime, FieldValue::Moment(moment)) => {
                return Ok(FieldValue::Text(dates::date_time_text(*moment)));
            }
            (Self::DateTime, FieldValue::Duration(duration)) => {
                return Ok(FieldValue::Float(durations::to_seconds(*duration)));
            }
            (Self::Timedelta, FieldValue::Duration(duration)) => {
                return Ok(FieldValue::Text(durations::timedelta_text(*duration)));
            }
            (Self::RelativeTime, FieldValue::Duration(duration)) => {
                return durations::relative_time_text(*duration).map(FieldValue::Text);
            }
            (Self::RelativeTime, FieldValue::Float(seconds)) => {
                let duration = durations::from_seconds(seconds.min(durations::LONGEST_POSITION))?;
                return durations::relative_time_text(duration).map(FieldValue::Text);
            }
            (Self::RelativeTime, value) if !value.is_truthy() => {
                return Ok(FieldValue::Text("00:00:00".to_owned()));
            }
            (Self::Date, FieldValue::Null) | (Self::DateTime, FieldValue::Null) => {
                return Ok(FieldValue::Null);
            }
            (Self::Timedelta, FieldValue::Null) => return Ok(FieldValue::Null),
            (Self::Date, _) => "a date and time",
            (Self::DateTime, _) => "a date and time, or a duration",
            (Self::Timedelta | Self::RelativeTime, _) => "a duration",
            (Self::String | Self::XmlString, FieldValue::Bytes(_)) => {
                return text::string(value.clone());
            }
            _ => return Ok(value.clone()),
        };
        Err(ConversionError::wrong_kind(expected, value.clone()))
    }
}

/// The value as JSON. What JSON has no kind for becomes the text or the number by which OLX says it.
fn json(value: &FieldValue) -> Result<Value, ConversionError> {
    Ok(match value {
        FieldValue::Null => Value::Null,
        FieldValue::Bool(value) => Value::Bool(*value),
        FieldValue::Int(number) => match (i64::try_from(number), u64::try_from(number)) {
            (Ok(number), _) => number.into(),
            (_, Ok(number)) => number.into(),
            _ => numbers::nearest(number)
                .filter(|float| numbers::truncate(*float).as_ref() == Some(number))
                .and_then(Number::from_f64)
                .map(Value::Number)
                .ok_or_else(|| ConversionError::out_of_range(STORABLE, value.clone()))?,
        },
        FieldValue::Float(number) => match Number::from_f64(*number) {
            Some(number) => Value::Number(number),
            None => Value::String(json_text::float(*number)),
        },
        FieldValue::Text(text) => Value::String(text.clone()),
        FieldValue::Duration(duration) => json(&FieldValue::Float(durations::to_seconds(*duration)))?,
        FieldValue::Bytes(_) | FieldValue::Day(_) | FieldValue::Moment(_) => {
            Value::String(json_text::key(value))
        }
        FieldValue::List(items) => Value::Array(items.iter().map(json).collect::<Result<_, _>>()?),
        FieldValue::Set(items) => {
            let mut sorted: Vec<_> = items.iter().collect();
            sorted.sort_by(|left, right| left.key_order(right));
            Value::Array(sorted.into_iter().map(json).collect::<Result<_, _>>()?)
        }
        FieldValue::Dict(members) => {
            let mut object = Map::new();
            for (key, value) in members {
                object.insert(json_text::key(key), json(value)?);
            }
            Value::Object(object)
        }
    })
}
