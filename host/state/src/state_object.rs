//! The JSON object in StudentModule's `state` column: all `user_state` fields of one learner in one block.
//!
//! It takes the object apart and puts it together again without reading into the values, so that the order of
//! keys, big integers and the digits of floats stay as they were written.

use std::borrow::Cow;
use std::fmt;

use indexmap::IndexMap;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

/// Field name to JSON text, in stored order.
#[derive(Clone, Debug, Default)]
pub(crate) struct StateObject(IndexMap<String, Box<RawValue>>);

impl StateObject {
    /// Reads the column. `null` is a row that nobody has looked at.
    pub(crate) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str::<Option<_>>(text).map(|fields| Self(fields.unwrap_or_default()))
    }

    /// The fields of a column that is only looked at.
    pub(crate) fn fields(text: &str) -> Result<Vec<(Cow<'_, str>, &RawValue)>, serde_json::Error> {
        serde_json::from_str::<Option<Fields<'_>>>(text)
            .map(|fields| fields.map_or_else(Vec::new, |Fields(fields)| fields))
    }

    pub(crate) fn get(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(|value| value.get())
    }

    /// A field that is there already keeps its position.
    pub(crate) fn set(&mut self, field: &str, value: Box<RawValue>) {
        self.0.insert(field.to_owned(), value);
    }

    /// Whether the field was there.
    pub(crate) fn remove(&mut self, field: &str) -> bool {
        self.0.shift_remove(field).is_some()
    }
}

/// The members of an object, in order.
struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut fields = Vec::with_capacity(map.size_hint().unwrap_or_default());
                while let Some(field) = map.next_entry::<Name<'de>, &RawValue>()? {
                    fields.push((field.0.0, field.1));
                }
                Ok(Fields(fields))
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// A member's name, borrowed where nothing in it had to be escaped.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

impl std::fmt::Display for StateObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("{")?;
        for (position, (field, value)) in self.0.iter().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            write!(f, "{comma}{}:{}", Value::from(field.as_str()), value.get())?;
        }
        f.write_str("}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_comes_back_as_it_was() {
        let text = r#"{"z":1,"a":{"y":[1.50,1e400],"b":123456789012345678901234567890},"\"q\"":"ü\u0000"}"#;
        assert_eq!(StateObject::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn a_field_that_is_set_again_keeps_its_position() {
        let mut state = StateObject::parse(r#"{"a":1,"b":2}"#).unwrap();
        state.set("a", RawValue::from_string("3".to_owned()).unwrap());
        assert_eq!(state.to_string(), r#"{"a":3,"b":2}"#);
    }

    #[test]
    fn a_removed_field_leaves_the_order_of_the_others() {
        let mut state = StateObject::parse(r#"{"a":1,"b":2,"c":3}"#).unwrap();
        assert!(state.remove("a"));
        assert!(!state.remove("a"));
        assert_eq!(state.to_string(), r#"{"b":2,"c":3}"#);
    }

    #[test]
    fn null_is_an_object_without_fields() {
        assert_eq!(StateObject::parse("null").unwrap().to_string(), "{}");
    }

    #[test]
    fn anything_else_is_an_error() {
        for text in ["", "[]", "1", "{", r#"{"a":NaN}"#] {
            assert!(StateObject::parse(text).is_err(), "{text}");
        }
    }
}
