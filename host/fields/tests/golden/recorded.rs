//! Reads recorded vectors: files of values that JSON cannot hold are tagged (`{"$set": […]}` and the like).

use std::path::PathBuf;

use blockhouse_fields::{FieldValue, Moment};
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use serde_json::Value;

/// The text of a file of recorded vectors.
pub(crate) fn vectors(file: &str) -> String {
    let directory = std::env::var_os("BLOCKHOUSE_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors")),
        PathBuf::from,
    );
    let path = directory.join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whole numbers beyond 64 bits as `{"$int": "…"}`, because a JSON number would lose their last digits.
pub(crate) fn parse_exact(json: &str) -> Value {
    let mut exact = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(start) = rest.find(|character: char| matches!(character, '"' | '-' | '0'..='9')) {
        let (before, from) = rest.split_at(start);
        exact += before;
        let end = if from.starts_with('"') { end_of_text(from) } else { end_of_number(from) };
        let (token, after) = from.split_at(end);
        let is_long = token.len() > 18 && token.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        exact += &if is_long { format!("{{\"$int\": \"{token}\"}}") } else { token.to_owned() };
        rest = after;
    }
    exact += rest;
    serde_json::from_str(&exact).expect("a vector file is JSON")
}

fn end_of_text(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |end| end + 2)
}

fn end_of_number(text: &str) -> usize {
    text.find(|character: char| !matches!(character, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'))
        .unwrap_or(text.len())
}

/// The value that a tagged JSON value stands for; `None` for a tag that names something that fields cannot hold.
pub(crate) fn decode(json: &Value) -> Option<FieldValue> {
    let Value::Object(members) = json else {
        return match json {
            Value::Array(items) => Some(FieldValue::List(items.iter().map(decode).collect::<Option<_>>()?)),
            plain => Some(FieldValue::from(plain)),
        };
    };
    let tagged = members.iter().next().filter(|(tag, _)| members.len() == 1 && tag.starts_with('$'));
    let Some((tag, value)) = tagged else {
        let pair = |(key, value): (&String, &Value)| Some((FieldValue::Text(key.clone()), decode(value)?));
        return Some(FieldValue::Dict(members.iter().map(pair).collect::<Option<_>>()?));
    };
    Some(match (tag.as_str(), value) {
        ("$int", Value::String(digits)) => FieldValue::Int(digits.parse().ok()?),
        ("$float", Value::String(text)) => FieldValue::Float(text.parse().ok()?),
        ("$date", Value::String(text)) => FieldValue::Day(text.parse::<Date>().ok()?),
        ("$datetime", Value::String(text)) => FieldValue::Moment(moment(text)?),
        ("$timedelta_seconds", value) => {
            let seconds = value.as_f64()?;
            let microseconds = ((seconds - seconds.floor()) * 1e6).round();
            FieldValue::Duration(SignedDuration::new(seconds.floor() as i64, microseconds as i32 * 1000))
        }
        ("$set", Value::Array(items)) => FieldValue::Set(items.iter().map(decode).collect::<Option<_>>()?),
        ("$dict", Value::Array(pairs)) => {
            let pair = |pair: &Value| Some((decode(pair.get(0)?)?, decode(pair.get(1)?)?));
            FieldValue::Dict(pairs.iter().map(pair).collect::<Option<_>>()?)
        }
        _ => return None,
    })
}

/// ISO 8601, with an offset or without.
fn moment(text: &str) -> Option<Moment> {
    let (civil, offset) = match text.get(19..)?.find(['+', '-']) {
        Some(sign) => text.split_at(19 + sign),
        None => (text, ""),
    };
    let offset = match offset.split_at_checked(1) {
        Some((sign, hours_and_minutes)) => {
            let (hours, minutes) = hours_and_minutes.split_once(':')?;
            let seconds = hours.parse::<i32>().ok()? * 3600 + minutes.parse::<i32>().ok()? * 60;
            Some(Offset::from_seconds(if sign == "-" { -seconds } else { seconds }).ok()?)
        }
        None => None,
    };
    Some(Moment { civil: civil.parse::<DateTime>().ok()?, offset })
}
