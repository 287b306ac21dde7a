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

/// An element with these fields as attributes and `text`, as a CDATA section, inside. [`attributes`] reads them back.
pub fn element(tag: &str, fields: &Map<String, Value>, text: &str) -> String {
    let mut element = format!("<{tag}");
    for (name, value) in fields {
        let value = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        // A line break in an attribute would be read as a space.
        let value = crate::escape(&value).replace('\n', "&#10;").replace('\r', "&#13;").replace('\t', "&#9;");
        element.push_str(&format!(" {name}=\"{value}\""));
    }
    if text.is_empty() {
        element.push_str("/>");
    } else {
        let text = text.replace("]]>", "]]]]><![CDATA[>");
        element.push_str(&format!("><![CDATA[{text}]]></{tag}>"));
    }
    element
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
