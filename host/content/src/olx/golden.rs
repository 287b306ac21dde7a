//! The recorded documents of `tests/vectors`, read and written by us.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::collections::BTreeMap;
use std::path::PathBuf;

use blockhouse_fields::{BlockDefinition, FieldType, FieldValue};
use jiff::civil::{Date, date};
use serde_json::{Map, Value, json};

use super::{OlxBlock, read, write};

const TODAY: Date = date(2026, 1, 1);

/// What the reader of a recorded file needs to know of it.
struct Recorded {
    types: BTreeMap<String, BlockDefinition>,
}

fn file(name: &str) -> Value {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors");
    let folder = std::env::var_os("BLOCKHOUSE_VECTORS").map_or_else(|| PathBuf::from(own), PathBuf::from);
    serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap()
}

/// A block type of a recorded file. Its field types and scopes are Python's names.
fn definition(name: &str, recorded: &Value) -> BlockDefinition {
    let fields: Vec<Value> = recorded
        .as_object()
        .unwrap()
        .iter()
        .filter(|(_, field)| field.is_object())
        .map(|(name, field)| {
            let field_type = snake_case(field.get("type").or(field.get("field")).unwrap().as_str().unwrap());
            let scope = field["scope"].as_str().unwrap().trim_start_matches("Scope.");
            json!({"name": name, "type": field_type, "scope": scope, "default": untagged(&field["default"]),
                   "xml_node": field["xml_node"], "force_export": field["force_export"]})
        })
        .collect();
    let has_children =
        recorded.get("has_children").is_some_and(|has| has == true) || recorded.get("children").is_some();
    serde_json::from_value(json!({"name": name, "version": "1.0.0", "display_name": name,
                                  "has_children": has_children, "fields": fields}))
    .unwrap()
}

/// `RelativeTime` as the manifest has it: `relative_time`.
fn snake_case(python: &str) -> String {
    match python {
        "XMLString" => "xml_string".to_owned(),
        "DateTime" => "date_time".to_owned(),
        other => other
            .char_indices()
            .flat_map(|(at, letter)| {
                (at > 0 && letter.is_uppercase()).then_some('_').into_iter().chain(letter.to_lowercase())
            })
            .collect(),
    }
}

/// The JSON of a value that was recorded with a type tag.
fn untagged(value: &Value) -> Value {
    match (value.get("$t").and_then(Value::as_str), value) {
        (Some("float"), _) => json!(value["v"].as_str().unwrap().parse::<f64>().unwrap()),
        (Some(_), _) => untagged(&value["v"]),
        (None, Value::Array(values)) => values.iter().map(untagged).collect(),
        (None, Value::Object(values)) => {
            Value::Object(values.iter().map(|(key, value)| (key.clone(), untagged(value))).collect())
        }
        (None, other) => other.clone(),
    }
}

/// The members of a set in one order.
fn in_order(set: &Value) -> Vec<String> {
    let mut members: Vec<String> = set.as_array().unwrap().iter().map(Value::to_string).collect();
    members.sort();
    members
}

impl Recorded {
    fn read(&self, olx: &str) -> Result<OlxBlock, super::OlxError> {
        read(&|name| self.types.get(name), olx, TODAY)
    }

    fn write(&self, block: &OlxBlock) -> Result<String, super::OlxError> {
        write(&|name| self.types.get(name), block, TODAY)
    }

    fn field_type(&self, block_type: &str, field: &str) -> FieldType {
        self.types[&block_type.to_lowercase()].field(field).unwrap().field_type
    }

    /// Compares the set fields with recorded ones.
    fn assert_fields(&self, case: &str, block: &OlxBlock, expected: &Map<String, Value>) {
        let found: Vec<&String> = block.fields.values.keys().collect();
        let mut names: Vec<&String> = expected.keys().collect();
        names.sort();
        assert_eq!(found, names, "{case}: the fields that are set");
        for (name, stored) in &block.fields.values {
            let recorded = &expected[name];
            let value = self.field_type(&block.block_type, name).from_json(stored.into(), TODAY).unwrap();
            let text = recorded["v"].as_str();
            let number = || text.and_then(|text| text.parse::<f64>().ok()).or(recorded.as_f64());
            let equal = match value {
                FieldValue::Duration(duration) => number() == Some(duration.as_secs_f64()),
                FieldValue::Float(float) => number().is_some_and(|number| number.total_cmp(&float).is_eq()),
                FieldValue::Set(_) => in_order(stored) == in_order(&recorded["v"]),
                // Recorded with the offset, stored without or as `Z`; the whole document is compared besides.
                FieldValue::Moment(_) => {
                    text.or(recorded.as_str()).unwrap()[..19] == stored.as_str().unwrap()[..19]
                }
                _ => *stored == untagged(recorded),
            };
            assert!(equal, "{case}: {name} is {stored}, recorded as {recorded}");
        }
    }
}

#[test]
fn row_180_golden_olx_reads_and_writes_as_recorded() {
    let file = file("olx.json");
    let types = file["block_types"].as_object().unwrap().iter();
    let recorded = Recorded {
        types: types
            .map(|(name, fields)| (name.clone(), with_common_fields(definition(name, fields))))
            .collect(),
    };
    for case in file["cases"].as_array().unwrap() {
        let olx = case["olx"].as_str().unwrap();
        let read = recorded.read(olx);
        let Some(expected) = case.get("block") else {
            assert!(read.is_err(), "{olx}: recorded as {}", case["error"]);
            continue;
        };
        let block = read.unwrap_or_else(|error| panic!("{olx}: {error}"));
        assert_block(&recorded, olx, &block, expected);
        let warnings: Vec<&str> = block.fields.warnings.iter().map(|warning| after_type(warning)).collect();
        let expected: Vec<&str> = case["warnings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|warning| after_type(warning.as_str().unwrap()))
            .collect();
        assert_eq!(warnings, expected, "{olx}");
        assert_eq!(recorded.write(&block).unwrap(), case["export"].as_str().unwrap(), "{olx}");
    }
}

/// The recorded file leaves out the fields that every container has.
fn with_common_fields(mut definition: BlockDefinition) -> BlockDefinition {
    if definition.has_children {
        for (name, field_type) in [("display_name", "string"), ("name", "string"), ("tags", "list")] {
            let field = json!({"name": name, "type": field_type, "scope": "settings"});
            definition.fields.push(serde_json::from_value(field).unwrap());
        }
    }
    definition
}

/// A warning without the block type, which Open edX names by its Python class.
fn after_type(warning: &str) -> &str {
    warning.find("does not contain").map_or(warning, |at| &warning[at..])
}

fn assert_block(recorded: &Recorded, case: &str, block: &OlxBlock, expected: &Value) {
    assert_eq!(block.block_type, expected["type"].as_str().unwrap(), "{case}");
    let set = expected["fields"].as_object().unwrap().iter().filter(|(_, field)| field["set"] == true);
    let set = set.map(|(name, field)| (name.clone(), field["json"].clone())).collect();
    recorded.assert_fields(case, block, &set);
    let children = expected.get("children").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    assert_eq!(block.children.len(), children.len(), "{case}: children");
    for (child, expected) in block.children.iter().zip(children) {
        assert_block(recorded, case, child, expected);
    }
}

#[test]
fn row_183_golden_every_field_type_reads_and_writes_as_recorded() {
    let file = file("olx_every_field_type.json");
    let types = file["blocks"].as_object().unwrap().iter();
    let recorded =
        Recorded { types: types.map(|(name, fields)| (name.clone(), definition(name, fields))).collect() };
    for case in file["vectors"].as_array().unwrap() {
        let olx = case["in"].as_str().unwrap();
        let read = recorded.read(olx);
        let Some(expected) = case.get("block") else {
            assert!(read.is_err(), "{olx}: recorded as {}", case["msg"]);
            continue;
        };
        let block = read.unwrap_or_else(|error| panic!("{olx}: {error}"));
        assert_set(&recorded, olx, &block, expected);
        // Sets cannot be written upstream, which is an accident: we write them as lists.
        if let Some(document) = case["document"].as_str() {
            assert_eq!(recorded.write(&block).unwrap(), document, "{olx}");
        }
    }
}

fn assert_set(recorded: &Recorded, case: &str, block: &OlxBlock, expected: &Value) {
    assert_eq!(block.block_type, expected["type"].as_str().unwrap(), "{case}");
    recorded.assert_fields(case, block, expected["fields_set"].as_object().unwrap());
    let children = expected.get("children").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    assert_eq!(block.children.len(), children.len(), "{case}: children");
    for (child, expected) in block.children.iter().zip(children) {
        assert_set(recorded, case, child, expected);
    }
}

#[test]
fn row_184_golden_reading_what_was_written_gives_the_same_fields() {
    for (name, key, text, types) in [
        ("olx.json", "cases", "olx", "block_types"),
        ("olx_every_field_type.json", "vectors", "in", "blocks"),
    ] {
        let file = file(name);
        let types = file[types].as_object().unwrap().iter();
        let recorded = Recorded {
            types: types.map(|(name, fields)| (name.clone(), definition(name, fields))).collect(),
        };
        for case in file[key].as_array().unwrap() {
            let Ok(mut block) = recorded.read(case[text].as_str().unwrap()) else {
                continue;
            };
            let mut again = recorded.read(&recorded.write(&block).unwrap()).unwrap();
            forget_forced(&recorded, &mut block);
            forget_forced(&recorded, &mut again);
            assert_eq!(block, again, "{}", case[text]);
        }
    }
}

/// Forced fields are written when unset, so that reading sets them; warnings are not written.
fn forget_forced(recorded: &Recorded, block: &mut OlxBlock) {
    let definition = &recorded.types[&block.block_type.to_lowercase()];
    block.fields.warnings.clear();
    block.fields.values.retain(|name, _| !definition.field(name).unwrap().force_export);
    block.children.iter_mut().for_each(|child| forget_forced(recorded, child));
}
