//! Every recorded conversion of every field type (spec 2.3).

use crate::recorded;
use blockhouse_fields::{ConversionError, FieldType, FieldValue};
use jiff::civil::Date;
use serde_json::Value;

/// A row that is not followed, with the reason.
fn skipped(field_type: FieldType, operation: &str, input: &Value) -> Option<&'static str> {
    let is_write = matches!(operation, "to_json" | "to_string");
    match field_type {
        FieldType::Set if is_write && !input.is_null() => {
            Some("a set that cannot become JSON cannot be stored; ours becomes a sorted array")
        }
        FieldType::Score | FieldType::ListScore if is_write && is_pair(input) => {
            Some("a score written as a pair cannot be read back; ours is written as it is read, a dict")
        }
        FieldType::RelativeTime
            if is_write && input["$timedelta_seconds"].as_f64().is_some_and(|seconds| seconds < 0.0) =>
        {
            Some("a position before the start cannot be read back; ours is refused")
        }
        FieldType::RelativeTime if !is_write && input.as_str().is_some_and(|text| text.contains('.')) => {
            Some("a position with a fraction is written and cannot be read back; ours can")
        }
        FieldType::DateTime
            if is_write && input["$datetime"].as_str().is_some_and(|text| text.starts_with('0')) =>
        {
            Some("a year before 1000 is written without its zeros and read back as another; ours keeps them")
        }
        FieldType::Any
        | FieldType::List
        | FieldType::Dict
        | FieldType::Reference
        | FieldType::ReferenceList
        | FieldType::ReferenceValueDict
            if operation == "to_string" && has_tag(input, &["$date", "$datetime", "$set"]) =>
        {
            Some(
                "a date or a set inside a value without a type cannot be written; ours is written as text or list",
            )
        }
        FieldType::Any | FieldType::List | FieldType::Dict | FieldType::Reference
            if operation == "to_string" && has_bare_exponent(input) =>
        {
            Some("a number with an exponent and no point is read back as text; ours is written with a point")
        }
        _ if operation == "to_json" && !input["$int"].is_null() => Some(
            "a whole number beyond 64 bits is stored by hardly any reader as it was; ours is refused unless exact",
        ),
        _ => None,
    }
}

fn has_tag(input: &Value, tags: &[&str]) -> bool {
    match input {
        Value::Array(items) => items.iter().any(|item| has_tag(item, tags)),
        Value::Object(members) => {
            members.iter().any(|(key, value)| tags.contains(&key.as_str()) || has_tag(value, tags))
        }
        _ => false,
    }
}

fn has_bare_exponent(input: &Value) -> bool {
    match input {
        Value::Number(number) => number.as_f64().is_some_and(|number| {
            let has_exponent = !(1e-4..1e16).contains(&number.abs()) && number != 0.0;
            has_exponent && !format!("{number:e}").contains('.')
        }),
        Value::Array(items) => items.iter().any(has_bare_exponent),
        Value::Object(members) => members.values().any(has_bare_exponent),
        _ => false,
    }
}

fn is_pair(input: &Value) -> bool {
    input.as_array().is_some_and(|items| items.iter().any(|item| item.is_array() || item.is_number()))
}

fn field_type(name: &str) -> Option<FieldType> {
    Some(match name {
        "Integer" => FieldType::Integer,
        "Float" => FieldType::Float,
        "Boolean" => FieldType::Boolean,
        "String" => FieldType::String,
        "XMLString" => FieldType::XmlString,
        "List" => FieldType::List,
        "Dict" => FieldType::Dict,
        "Set" => FieldType::Set,
        "Date" => FieldType::Date,
        "DateTime" => FieldType::DateTime,
        "Timedelta" => FieldType::Timedelta,
        "RelativeTime" => FieldType::RelativeTime,
        "ScoreField" => FieldType::Score,
        "ListScoreField" => FieldType::ListScore,
        "Any" => FieldType::Any,
        "Reference" => FieldType::Reference,
        "ReferenceList" => FieldType::ReferenceList,
        "ReferenceValueDict" => FieldType::ReferenceValueDict,
        _ => return None,
    })
}

/// The day on which the file was recorded: a time of day was read as one on that day.
fn recorded_on(file: &Value) -> Date {
    let is_time = |text: &str| text.len() == 8 && text.matches(':').count() == 2;
    let rows = file["fields"]["DateTime"]["from_json"].as_array().expect("a list of rows");
    let times = rows.iter().filter(|row| row[0].as_str().is_some_and(is_time));
    let mut moments = times.filter_map(|row| match recorded::decode(&row[1]["ok"]) {
        Some(FieldValue::Moment(moment)) => Some(moment.civil.date()),
        _ => None,
    });
    moments.next().expect("a time of day among the rows of DateTime")
}

/// Runs one operation on all its rows and returns what differs.
fn differences(
    operation: &str,
    check: impl Fn(FieldType, &Value, &Value, Date) -> Result<(), String>,
) -> (usize, Vec<String>) {
    let file = recorded::parse_exact(&recorded::vectors("fields.json"));
    let today = recorded_on(&file);
    let mut rows = 0;
    let mut differences = Vec::new();
    for (name, field) in file["fields"].as_object().expect("field types by name") {
        let field_type = field_type(name).unwrap_or_else(|| panic!("the vectors name a field type {name}"));
        for row in field[operation].as_array().expect("a list of rows") {
            let (input, outcome) = (&row[0], &row[1]);
            if skipped(field_type, operation, input).is_some() {
                continue;
            }
            rows += 1;
            if let Err(difference) = check(field_type, input, outcome, today) {
                differences.push(format!("{name}.{operation}({input}) -> {outcome}, ours {difference}"));
            }
        }
    }
    (rows, differences)
}

#[track_caller]
fn assert_same((rows, differences): (usize, Vec<String>)) {
    assert!(rows > 0, "no rows were read");
    assert!(
        differences.is_empty(),
        "{} of {rows} rows differ:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

fn compare(outcome: &Value, ours: Result<FieldValue, ConversionError>) -> Result<(), String> {
    match (outcome.get("error"), &ours) {
        (Some(error), Err(ours)) if is_error(error, ours) => Ok(()),
        (None, Ok(ours)) if same(&expected(outcome), ours) => Ok(()),
        _ => Err(format!("{ours:?}")),
    }
}

fn expected(outcome: &Value) -> FieldValue {
    recorded::decode(&outcome["ok"]).unwrap_or_else(|| panic!("unknown tag in {outcome}"))
}

/// Whether an error is of the class that was recorded.
fn is_error(recorded: &Value, ours: &ConversionError) -> bool {
    let classes: &[&str] = match ours {
        ConversionError::WrongKind { .. } => &["TypeError"],
        ConversionError::Unreadable { .. } | ConversionError::OutOfRange { .. } => {
            &["ValueError", "OverflowError", "ParserError", "UnicodeDecodeError"]
        }
        ConversionError::NotJson { .. } => &["JSONDecodeError"],
        ConversionError::NotXml { .. } => &["XMLSyntaxError"],
        ConversionError::NotYaml(_) => {
            &["ReaderError", "ScannerError", "ParserError", "ComposerError", "ConstructorError"]
        }
    };
    recorded.as_str().is_some_and(|recorded| classes.contains(&recorded))
}

/// Whether two values are the same. A set has no order, numbers are the same by value, a moment is a moment in any
/// zone, and a score was recorded as a pair.
fn same(recorded: &FieldValue, ours: &FieldValue) -> bool {
    match (recorded, ours) {
        (FieldValue::Float(recorded), FieldValue::Float(ours)) if recorded.is_nan() => ours.is_nan(),
        (FieldValue::Set(recorded), FieldValue::Set(ours)) => {
            recorded.len() == ours.len()
                && recorded.iter().all(|member| ours.iter().any(|ours| same(member, ours)))
        }
        (FieldValue::List(pair), FieldValue::Dict(score)) if pair.len() == 2 && score.len() == 2 => {
            let points = |name: &str| {
                score
                    .iter()
                    .find(|(key, _)| *key == FieldValue::Text(name.to_owned()))
                    .map(|(_, value)| value)
            };
            points("raw_earned") == pair.first() && points("raw_possible") == pair.last()
        }
        (FieldValue::List(recorded), FieldValue::List(ours)) => {
            recorded.len() == ours.len()
                && recorded.iter().zip(ours).all(|(recorded, ours)| same(recorded, ours))
        }
        (FieldValue::Dict(recorded), FieldValue::Dict(ours)) => {
            recorded.len() == ours.len()
                && recorded.iter().all(|(key, value)| {
                    ours.iter().any(|(our_key, our_value)| same(key, our_key) && same(value, our_value))
                })
        }
        (recorded, ours) => recorded == ours,
    }
}

#[test]
fn golden_defaults_mutability_and_null_in_xml() {
    let file = recorded::parse_exact(&recorded::vectors("fields.json"));
    for (name, field) in file["fields"].as_object().expect("field types by name") {
        let field_type = field_type(name).expect("a known field type");
        assert_eq!(field_type.is_mutable(), field["mutable"] == true, "{name}");
        assert_eq!(field_type.none_to_xml(), field["none_to_xml"] == true, "{name}");
        assert_eq!(Some(field_type.default_value()), recorded::decode(&field["default"]), "{name}");
    }
}

#[test]
fn golden_from_json() {
    assert_same(differences("from_json", |field_type, input, outcome, today| {
        compare(outcome, field_type.from_json(recorded::decode(input).expect("a value"), today))
    }));
}

#[test]
fn golden_enforce_type() {
    assert_same(differences("enforce_type", |field_type, input, outcome, today| {
        compare(outcome, field_type.enforce(recorded::decode(input).expect("a value"), today))
    }));
}

#[test]
fn golden_from_string() {
    assert_same(differences("from_string", |field_type, input, outcome, today| {
        compare(outcome, field_type.from_string(input.as_str().expect("text"), today))
    }));
}

#[test]
fn golden_to_json() {
    assert_same(differences("to_json", |field_type, input, outcome, _| {
        let ours = field_type.to_json(&recorded::decode(input).expect("a value"));
        // What is recorded may be more than JSON: compared is what it says once it is JSON.
        let recorded =
            outcome.get("ok").and_then(recorded::decode).map(|value| FieldType::Any.to_json(&value));
        match (ours, recorded) {
            (Ok(ours), Some(Ok(recorded))) if ours == recorded => Ok(()),
            (Err(ours), None) => compare(outcome, Err(ours)),
            (ours, _) => Err(format!("{ours:?}")),
        }
    }));
}

#[test]
fn golden_to_string() {
    assert_same(differences("to_string", |field_type, input, outcome, _| {
        let ours = field_type.to_string(&recorded::decode(input).expect("a value"));
        // Null stands in OLX as the empty text, and a number as its digits.
        match (ours, outcome.get("ok")) {
            (Ok(ours), Some(Value::Null)) if ours.is_empty() => Ok(()),
            (Ok(ours), Some(Value::String(recorded))) if ours == *recorded => Ok(()),
            (Ok(ours), Some(Value::Number(recorded)))
                if ours.parse() == Ok(recorded.as_f64().unwrap_or(f64::NAN)) =>
            {
                Ok(())
            }
            (Err(ours), None) => compare(outcome, Err(ours)),
            (ours, _) => Err(format!("{ours:?}")),
        }
    }));
}
