//! Values as JSON text, in the form that OLX attributes have: indented by two, keys sorted, ASCII only.
//!
//! `serde_json` does not write it, because this form has `Infinity` and `NaN` and whole numbers of any size, and because
//! it has to be YAML 1.1 at the same time, in which `1e+16` is text and `1.0e+16` a number.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::FieldValue;

/// The text of an OLX attribute.
pub(crate) fn indented(value: &FieldValue) -> String {
    let mut text = String::new();
    write(&mut text, value, Some(0));
    text
}

/// The text on one line.
pub(crate) fn compact(value: &FieldValue) -> String {
    let mut text = String::new();
    write(&mut text, value, None);
    text
}

/// A dict's key as text.
pub(crate) fn key(value: &FieldValue) -> String {
    match value {
        FieldValue::Text(text) => text.clone(),
        other => compact(other).trim_matches('"').to_owned(),
    }
}

/// A number with the fewest digits that read back to it; always with a point or an exponent.
pub(crate) fn float(value: f64) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    match exponent.parse::<i32>().unwrap_or_default() {
        exponent @ ..-4 => format!("{digits}e-{:02}", exponent.unsigned_abs()),
        exponent @ 16.. => format!("{digits}e+{exponent:02}"),
        _ => format!("{value:?}"),
    }
}

/// As [`float`], and with a point also before an exponent.
fn yaml_float(value: f64) -> String {
    let text = float(value);
    match text.split_once('e') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0e{exponent}"),
        _ => text,
    }
}

fn write(out: &mut String, value: &FieldValue, indent: Option<usize>) {
    match value {
        FieldValue::Null => out.push_str("null"),
        FieldValue::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        FieldValue::Int(value) => out.push_str(&value.to_string()),
        FieldValue::Float(value) => out.push_str(&yaml_float(*value)),
        FieldValue::Text(value) => quote(out, value),
        FieldValue::Bytes(value) => quote(out, &STANDARD.encode(value)),
        FieldValue::Day(value) => quote(out, &value.to_string()),
        FieldValue::Moment(value) => quote(out, &value.to_iso()),
        FieldValue::Duration(value) => out.push_str(&yaml_float(value.as_secs_f64())),
        FieldValue::List(items) | FieldValue::Set(items) => {
            block(out, indent, ('[', ']'), items, write);
        }
        FieldValue::Dict(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by(|(left, _), (right, _)| left.key_order(right));
            block(out, indent, ('{', '}'), &sorted, |out, (name, value), indent| {
                quote(out, &key(name));
                out.push_str(": ");
                write(out, value, indent);
            });
        }
    }
}

fn block<T>(
    out: &mut String,
    indent: Option<usize>,
    brackets: (char, char),
    items: &[T],
    write_item: impl Fn(&mut String, &T, Option<usize>),
) {
    let inner = indent.map(|depth| depth + 1);
    out.push(brackets.0);
    for (position, item) in items.iter().enumerate() {
        match (position, indent) {
            (0, _) => {}
            (_, Some(_)) => out.push(','),
            (_, None) => out.push_str(", "),
        }
        break_line(out, inner);
        write_item(out, item, inner);
    }
    if !items.is_empty() {
        break_line(out, indent);
    }
    out.push(brackets.1);
}

fn break_line(out: &mut String, indent: Option<usize>) {
    if let Some(depth) = indent {
        out.push('\n');
        out.extend(std::iter::repeat_n("  ", depth));
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(character),
            other => {
                for unit in other.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_a_point_or_an_exponent_of_two_digits() {
        let written: Vec<_> =
            [0.0, 100.0, 5.321, 1e15, 1e16, 1.5e100, 0.0001, 0.00001, -0.0].map(float).into();
        assert_eq!(
            written,
            ["0.0", "100.0", "5.321", "1000000000000000.0", "1e+16", "1.5e+100", "0.0001", "1e-05", "-0.0"]
        );
    }

    #[test]
    fn a_number_among_others_has_a_point_before_its_exponent() {
        assert_eq!(
            compact(&FieldValue::List(vec![FieldValue::Float(1e16), FieldValue::Float(-1.5e-7)])),
            "[1.0e+16, -1.5e-07]"
        );
    }

    #[test]
    fn text_beyond_ascii_is_escaped_as_utf_16() {
        assert_eq!(
            compact(&FieldValue::Text("é😀\u{7f}\u{1}\"".into())),
            r#""\u00e9\ud83d\ude00\u007f\u0001\"""#
        );
    }

    #[test]
    fn keys_are_sorted_and_those_that_are_numbers_by_size() {
        let dict = FieldValue::Dict(
            [10, 9].map(|key| (FieldValue::Int(key.into()), FieldValue::List(Vec::new()))).into(),
        );
        assert_eq!(indented(&dict), "{\n  \"9\": [],\n  \"10\": []\n}");
    }
}
