//! What a scalar of YAML 1.1 is, from its form alone, and the value that it says.

use num_bigint::BigInt;

use super::timestamp;
use crate::{FieldValue, numbers};

/// The name of the tag of a plain scalar.
pub(super) fn resolve(text: &str) -> &'static str {
    match text {
        "~" | "null" | "Null" | "NULL" | "" => "null",
        "<<" => "merge",
        "=" => "value",
        _ if boolean(text).is_some_and(|_| is_usual_case(text)) => "bool",
        _ if is_float(text) => "float",
        _ if is_integer(text) => "int",
        _ if timestamp::is(text) => "timestamp",
        _ => "str",
    }
}

/// The value of a scalar with this tag; the error says what the tag promises.
pub(super) fn construct(tag: &str, text: &str) -> Result<FieldValue, &'static str> {
    match tag {
        "null" => Ok(FieldValue::Null),
        "bool" => boolean(text).map(FieldValue::Bool).ok_or("true or false"),
        "int" => integer(text).map(FieldValue::Int).ok_or("a whole number"),
        "float" => float(text).map(FieldValue::Float).ok_or("a number"),
        "timestamp" => timestamp::construct(text).ok_or("a date of the calendar"),
        _ => Ok(FieldValue::Text(text.to_owned())),
    }
}

fn boolean(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "yes" | "true" | "on" => Some(true),
        "no" | "false" | "off" => Some(false),
        _ => None,
    }
}

/// All small, all capital, or the first letter capital.
fn is_usual_case(text: &str) -> bool {
    let rest = text.get(1..).unwrap_or_default();
    let small = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
    small(rest) || text.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_integer(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(binary) = digits.strip_prefix("0b") {
        return is_run(binary, |byte| matches!(byte, b'0' | b'1'));
    }
    if let Some(hexadecimal) = digits.strip_prefix("0x") {
        return is_run(hexadecimal, |byte| byte.is_ascii_hexdigit());
    }
    if let Some(octal) = digits.strip_prefix('0') {
        return octal.is_empty() || is_run(octal, |byte| matches!(byte, b'0'..=b'7'));
    }
    let (first, sixtieths) =
        digits.split_once(':').map_or((digits, None), |(first, rest)| (first, Some(rest)));
    is_number(first) && sixtieths.is_none_or(|rest| rest.split(':').all(is_sixtieth))
}

fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let Some((whole, fraction)) = unsigned.split_once('.') else {
        return false;
    };
    let is_fraction = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
    if let Some((first, rest)) = whole.split_once(':') {
        return is_number(first) && rest.split(':').all(is_sixtieth) && is_fraction(fraction);
    }
    let (digits, exponent) = fraction
        .split_once(['e', 'E'])
        .map_or((fraction, None), |(digits, exponent)| (digits, Some(exponent)));
    let is_exponent = exponent.is_none_or(|exponent| {
        exponent
            .strip_prefix(['+', '-'])
            .is_some_and(|digits| is_run(digits, |byte| byte.is_ascii_digit()) && !digits.contains('_'))
    });
    let before = if whole.is_empty() { text.starts_with('.') && is_number(digits) } else { is_number(whole) };
    before && is_fraction(digits) && is_exponent
}

/// Digits of some base and underscores, at least one of them.
fn is_run(text: &str, is_digit: impl Fn(u8) -> bool) -> bool {
    !text.is_empty() && text.bytes().all(|byte| is_digit(byte) || byte == b'_')
}

/// Decimal digits and underscores, a digit first.
fn is_number(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit()) && is_run(text, |byte| byte.is_ascii_digit())
}

/// 0 to 59, one or two digits.
fn is_sixtieth(text: &str) -> bool {
    matches!(text.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9'])
}

fn integer(text: &str) -> Option<BigInt> {
    let text = text.replace('_', "");
    if text.len() > numbers::MAX_DIGITS {
        return None;
    }
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let radix = |digits: &str, radix| BigInt::parse_bytes(digits.as_bytes(), radix);
    let magnitude = if digits == "0" {
        BigInt::ZERO
    } else if let Some(binary) = digits.strip_prefix("0b") {
        radix(binary, 2)?
    } else if let Some(hexadecimal) = digits.strip_prefix("0x") {
        radix(hexadecimal, 16)?
    } else if digits.starts_with('0') {
        radix(digits, 8)?
    } else {
        digits
            .split(':')
            .try_fold(BigInt::ZERO, |sum, part| Some(sum * 60 + numbers::parse_integer(part)?))?
    };
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

fn float(text: &str) -> Option<f64> {
    let text = text.replace('_', "").to_lowercase();
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    let magnitude = match digits {
        ".inf" => f64::INFINITY,
        ".nan" => f64::NAN,
        _ => digits.split(':').try_fold(0.0, |sum, part| Some(sum * 60.0 + numbers::parse_float(part)?))?,
    };
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_a_scalar_decides_what_it_is() {
        for (tag, texts) in [
            ("bool", &["yes", "On", "FALSE"][..]),
            ("null", &["", "~", "Null"]),
            ("int", &["0", "-12", "017", "0b10", "0xff", "1_000", "1:30", "190:20:30"]),
            ("float", &["1.", "-.inf", ".NaN", ".5", "1.5e+3", "1:30.5", "1_0.0"]),
            ("timestamp", &["2014-04-01", "2014-4-1 2:03:04", "2014-04-01T02:03:04.5 -5:30"]),
            ("str", &["y", "yEs", "0o17", "1e3", "1.5e3", "08", "-.nan", "1:60", "2014-4-1", ".", "+.5"]),
        ] {
            for text in texts {
                assert_eq!(resolve(text), tag, "{text}");
            }
        }
    }

    #[test]
    fn an_endless_whole_number_is_refused_in_every_base() {
        for text in ["1:".repeat(100_000) + "1", "0x".to_owned() + &"f".repeat(100_000), "9".repeat(100_000)]
        {
            assert!(construct("int", &text).is_err());
        }
    }

    #[test]
    fn a_thirteenth_month_looks_like_a_timestamp_and_is_none() {
        assert_eq!(resolve("2014-13-01"), "timestamp");
        assert!(construct("timestamp", "2014-13-01").is_err());
    }
}
