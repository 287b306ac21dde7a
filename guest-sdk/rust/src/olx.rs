//! Help for a block that reads its own OLX element.
//!
//! It knows no XML: the block brings the attributes from the parser that it uses.

use serde_json::{Map, Value};

use crate::block::Fields;

/// The values of those attributes that name a field of `B`, read by the field's declared type (spec 2.15.1).
///
/// Text that does not read as its field's type is passed on as it is: the host then says which field is wrong.
pub fn attributes<'a, B: Fields>(
    attributes: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Map<String, Value> {
    let declarations = B::declarations();
    let mut values = Map::new();
    for (name, text) in attributes {
        let declared = declarations.iter().find(|field| field.name == name);
        if let Some(field) = declared {
            values.insert(name.to_owned(), read(field.field_type, text));
        }
    }
    values
}

fn read(field_type: &str, text: &str) -> Value {
    let as_text = || Value::String(text.to_owned());
    match field_type {
        "boolean" => match text.to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => as_text(),
        },
        "integer" | "float" | "list" | "dict" | "set" | "any" => {
            serde_json::from_str(text).unwrap_or_else(|_| as_text())
        }
        _ => as_text(),
    }
}
