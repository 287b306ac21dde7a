//! What holds for every value and every text. `PROPTEST_CASES` says how many are tried.

use blockhouse_fields::{FieldDeclaration, FieldType, FieldValue, Scope};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use serde_json::{Value, json};

const TODAY: Date = date(2031, 5, 1);

const TYPES: [FieldType; 18] = [
    FieldType::Integer,
    FieldType::Float,
    FieldType::Boolean,
    FieldType::String,
    FieldType::XmlString,
    FieldType::List,
    FieldType::Dict,
    FieldType::Set,
    FieldType::Date,
    FieldType::DateTime,
    FieldType::Timedelta,
    FieldType::RelativeTime,
    FieldType::Score,
    FieldType::ListScore,
    FieldType::Any,
    FieldType::Reference,
    FieldType::ReferenceList,
    FieldType::ReferenceValueDict,
];

fn declaration(field_type: FieldType) -> FieldDeclaration {
    FieldDeclaration {
        name: "f".to_owned(),
        field_type,
        scope: Scope::UserState,
        default: Value::Null,
        unique_id: false,
        help: String::new(),
        display_name: None,
        values: None,
        xml_node: false,
        force_export: false,
    }
}

fn any_type() -> impl Strategy<Value = FieldType> {
    prop::sample::select(TYPES.to_vec())
}

/// Texts of which some have a meaning: words of dates, of YAML and of numbers in any order.
fn any_text() -> impl Strategy<Value = String> {
    let words = [
        "1",
        "12",
        "31",
        "2031",
        "1.5",
        "05",
        "Jan",
        "march",
        "Mon",
        "pm",
        "Z",
        "UTC",
        "T",
        "day",
        "hours",
        "second",
        "h",
        ":",
        "-",
        "/",
        ".",
        ",",
        "+",
        " ",
        "\n",
        "\n  ",
        "[",
        "]",
        "{",
        "}",
        "? ",
        ": ",
        "- ",
        "#",
        "|",
        ">",
        "&a ",
        "*a",
        "!",
        "!!int ",
        "!!set ",
        "!!binary ",
        "'",
        "\"",
        "\\",
        "<<: ",
        "=",
        "null",
        "true",
        "<a>",
        "</a>",
        "<a/>",
        "&amp;",
        "\t",
        "é",
        "٣",
        "\u{0}",
    ];
    prop_oneof![
        any::<String>(),
        prop::collection::vec(prop::sample::select(words.to_vec()), 0..12).prop_map(|words| words.concat()),
    ]
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        (-1e13..1e13).prop_map(Value::from),
        any_text().prop_map(Value::from),
        (0..5u8, 0..5u8)
            .prop_map(|(earned, possible)| json!({ "raw_earned": earned, "raw_possible": possible })),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-c]{0,2}", inner, 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reading_any_text_or_json_never_panics(field_type in any_type(), text in any_text(), json in any_json()) {
        let field = declaration(field_type);
        let _ = field.read_text(&text, TODAY);
        let _ = field.read_json(&json, TODAY);
        let _ = field.write_text(&json, TODAY);
    }

    #[test]
    fn what_is_accepted_is_stored_in_its_normal_form(field_type in any_type(), json in any_json()) {
        let field = declaration(field_type);
        if let Ok(stored) = field.coerce(&json, TODAY) {
            prop_assert_eq!(field.read_json(&stored, TODAY), Ok(stored.clone()));
            prop_assert_eq!(field.coerce(&stored, TODAY), Ok(stored));
        }
    }

    #[test]
    fn what_olx_says_is_said_again(field_type in any_type(), text in any_text()) {
        let field = declaration(field_type);
        if let Ok(stored) = field.read_text(&text, TODAY) {
            let written = field.write_text(&stored, TODAY);
            prop_assert!(written.is_ok(), "{stored} cannot be written: {written:?}");
            prop_assert_eq!(field.read_text(&written.unwrap(), TODAY), Ok(stored));
        }
    }

    #[test]
    fn an_error_names_the_field(field_type in any_type(), json in any_json()) {
        if let Err(error) = declaration(field_type).coerce(&json, TODAY) {
            prop_assert!(error.to_string().starts_with("field `f`: "), "{}", error);
        }
    }

    #[test]
    fn any_value_without_a_type_goes_through_olx_unchanged(json in any_json()) {
        let text = FieldType::Any.to_string(&FieldValue::from(&json)).unwrap();
        let read = FieldType::Any.from_string(&text, TODAY).unwrap();
        prop_assert_eq!(FieldType::Any.to_json(&read), Ok(json));
    }
}
