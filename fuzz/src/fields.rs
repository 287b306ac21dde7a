//! Declarations of fields of every type.

use blockhouse_fields::{BlockDefinition, FieldDeclaration};
use jiff::civil::{Date, date};
use serde_json::json;

/// The day that completes dates. Fixed, so that a finding stays one.
pub const TODAY: Date = date(2031, 5, 1);

const TYPES: [&str; 18] = [
    "integer",
    "float",
    "boolean",
    "string",
    "xml_string",
    "list",
    "dict",
    "set",
    "date",
    "date_time",
    "timedelta",
    "relative_time",
    "score",
    "list_score",
    "any",
    "reference",
    "reference_list",
    "reference_value_dict",
];

/// One field of each type, called like its type.
pub fn every_type() -> Vec<FieldDeclaration> {
    definition("every", false).fields.into_iter().take(TYPES.len()).collect()
}

/// A block type with an attribute of each type, an `option:` element of each type, and a field for its content.
pub fn definition(name: &str, has_children: bool) -> BlockDefinition {
    let attributes = TYPES.iter().map(|kind| json!({ "name": kind, "type": kind, "scope": "settings" }));
    let elements = TYPES.iter().map(
        |kind| json!({ "name": format!("e_{kind}"), "type": kind, "scope": "settings", "xml_node": true }),
    );
    let content = json!({ "name": "content", "type": "string", "scope": "content" });
    let fields: Vec<_> = attributes.chain(elements).chain([content]).collect();
    let definition = json!({
        "name": name, "version": "1.0.0", "display_name": name, "has_children": has_children, "fields": fields,
    });
    serde_json::from_value(definition).expect("the declarations are those of the crate under test")
}
