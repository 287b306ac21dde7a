#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use blockhouse_fields::BlockDefinition;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const TODAY: Date = date(2026, 1, 1);

const OPTION: &str = "xmlns:option='http://code.edx.org/xblock/option'";

fn leaf() -> BlockDefinition {
    serde_json::from_value(json!({
        "name": "leaf", "version": "1.0.0", "display_name": "Leaf",
        "fields": [
            {"name": "text", "type": "string", "scope": "settings"},
            {"name": "note", "type": "string", "scope": "settings", "xml_node": true},
            {"name": "forced", "type": "string", "scope": "settings", "default": "D", "force_export": true},
            {"name": "count", "type": "integer", "scope": "settings", "default": 0},
            {"name": "items", "type": "list", "scope": "settings", "xml_node": true},
            {"name": "content", "type": "string", "scope": "content"},
            {"name": "parent", "type": "reference", "scope": "parent"},
        ],
    }))
    .unwrap()
}

fn read_leaf(olx: &str) -> Result<OlxFields, OlxError> {
    read_fields(&leaf(), olx, TODAY)
}

fn write_leaf(values: Value) -> String {
    let leaf = leaf();
    let values = serde_json::from_value(values).unwrap();
    let fields = OlxFields { values, warnings: Vec::new() };
    let block = OlxBlock { block_type: "leaf".into(), fields, children: Vec::new() };
    write(&|_| Some(&leaf), &block, TODAY).unwrap()
}

#[test]
fn row_181_an_unknown_attribute_is_a_warning() {
    let fields = read_leaf(&format!(
        "<leaf {OPTION} nosuch='1' count='2' q:x='1' xmlns:q='urn:q'><option:other/></leaf>"
    ))
    .unwrap();
    assert_eq!(fields.values, [("count".to_owned(), json!(2))].into());
    let expected = [
        "leaf does not contain field other",
        "leaf does not contain field nosuch",
        "leaf does not contain field {urn:q}x",
    ];
    assert_eq!(fields.warnings, expected);
}

#[test]
fn row_182_an_attribute_wins_over_an_option_element() {
    let fields =
        read_leaf(&format!("<leaf {OPTION} text='attribute'><option:text>element</option:text></leaf>"))
            .unwrap();
    assert_eq!(fields.values["text"], "attribute");
}

#[test]
fn row_183_a_null_text_is_an_option_element_without_text() {
    assert!(write_leaf(json!({"text": null})).contains("<option:text none=\"true\"/>"));
    let fields = read_leaf(&format!("<leaf {OPTION}><option:text none='true'/></leaf>")).unwrap();
    assert_eq!(fields.values["text"], Value::Null);
}

#[test]
fn row_183_a_forced_field_is_written_when_it_is_unset() {
    assert!(write_leaf(json!({})).contains(" forced=\"D\"/>"));
}

#[test]
fn row_183_a_field_with_an_element_is_written_as_one() {
    let olx = write_leaf(json!({"note": "a<b", "items": [1]}));
    assert!(
        olx.contains(
            "  <option:items>[\n  1\n]</option:items>\n  <option:note>a&lt;b</option:note>\n</leaf>"
        ),
        "{olx}"
    );
}

#[test]
fn row_184_an_empty_text_stays_apart_from_null() {
    for value in [json!({"note": "", "forced": "D"}), json!({"note": null, "forced": "D"})] {
        let again = read_leaf(&write_leaf(value.clone())).unwrap();
        assert_eq!(serde_json::to_value(again.values).unwrap(), value);
    }
}

#[test]
fn row_185_leading_text_comes_without_its_markup_and_space() {
    let fields = read_leaf("<leaf>\n a&amp;<![CDATA[<b>]]> <!-- c --> tail</leaf>").unwrap();
    assert_eq!(fields.values["content"], "a&<b>");
}

#[test]
fn row_186_entities_are_refused_with_their_place() {
    let error =
        read_leaf("<!DOCTYPE leaf [\n<!ENTITY x SYSTEM 'file:///etc/passwd'>]><leaf>&x;</leaf>").unwrap_err();
    assert!(error.to_string().starts_with("leaf:2:1: "), "{error}");
}

#[test]
fn a_value_of_another_type_names_its_field() {
    let error = read_leaf("<leaf count='many'/>").unwrap_err().to_string();
    assert!(error.contains("count") && error.contains("many"), "{error}");
}

#[test]
fn an_element_inside_a_block_without_children_is_an_error() {
    assert!(matches!(read_leaf("<leaf><b>x</b></leaf>"), Err(OlxError::NoChildren { .. })));
}

#[test]
fn the_tree_cannot_be_set_by_an_attribute() {
    let fields = read_leaf("<leaf parent='x'/>").unwrap();
    assert!(fields.values.is_empty());
}

/// Text that XML can hold, rich in what it must escape.
fn text() -> impl Strategy<Value = String> {
    "([ a-zé😀☃<>&\"'\\]\\[;:!{}#,-]|\n|\t|\r){0,20}"
}

proptest! {
    #[test]
    fn arbitrary_text_is_read_or_refused(olx in "\\PC{0,60}") {
        let _ = read_leaf(&olx);
    }

    #[test]
    fn arbitrary_markup_is_read_or_refused(parts in prop::collection::vec(prop::sample::select(vec![
        "<leaf", "<leaf>", "</leaf>", " count='", "'", "\"", ">", "/>", "<!--", "-->", "<![CDATA[", "]]>", "<?", "?>",
        "<!DOCTYPE", "<!ENTITY", "[", "]", "&", "&amp;", "&#0;", "xmlns:option='x'", "<option:text", "é", " ", "=", "\0",
    ]), 0..24)) {
        let _ = read_leaf(&parts.concat());
    }

    #[test]
    fn row_184_what_is_written_reads_the_same(
        text in prop::option::of(text()),
        note in prop::option::of(text()),
        count in prop::option::of(any::<i64>()),
        items in prop::collection::vec(text(), 0..4),
        content in text(),
    ) {
        let mut values = BTreeMap::from([
            ("text".to_owned(), json!(text)),
            ("note".to_owned(), json!(note)),
            ("count".to_owned(), json!(count)),
            ("items".to_owned(), json!(items)),
            ("forced".to_owned(), json!("D")),
        ]);
        // White space around the content, and content of nothing, is not kept by the format.
        if !content.trim().is_empty() {
            values.insert("content".to_owned(), json!(content.trim()));
        }
        let written = write_leaf(serde_json::to_value(&values).unwrap());
        let again = read_leaf(&written).unwrap();
        prop_assert_eq!(again.values, values, "{}", written);
    }
}
