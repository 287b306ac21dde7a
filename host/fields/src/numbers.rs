//! Integer, Float and Boolean (spec 2.3).

use num_bigint::BigInt;

use crate::digits;
use crate::{ConversionError, FieldValue};

const INTEGER: &str = "a whole number";
const FLOAT: &str = "a number";

/// A longer whole number is refused: reading and writing it cost the square of its length.
pub(crate) const MAX_DIGITS: usize = 4300;

/// Null and the empty text are null. A boolean counts as 0 or 1, a fraction is cut off, and text is a decimal
/// whole number.
pub(crate) fn integer(value: FieldValue) -> Result<FieldValue, ConversionError> {
    let integer = match value {
        FieldValue::Null => return Ok(FieldValue::Null),
        FieldValue::Text(text) if text.is_empty() => return Ok(FieldValue::Null),
        FieldValue::Int(value) => value,
        FieldValue::Bool(value) => BigInt::from(i32::from(value)),
        FieldValue::Float(value) => match truncate(value) {
            Some(value) => value,
            None => {
                return Err(ConversionError::out_of_range(INTEGER, FieldValue::Float(value)));
            }
        },
        FieldValue::Text(text) => match parse_integer(&text) {
            Some(value) => value,
            None => return Err(ConversionError::unreadable(INTEGER, text)),
        },
        FieldValue::Bytes(bytes) => match std::str::from_utf8(&bytes).ok().and_then(parse_integer) {
            Some(value) => value,
            None => {
                return Err(ConversionError::unreadable(INTEGER, FieldValue::Bytes(bytes)));
            }
        },
        other => return Err(ConversionError::wrong_kind(INTEGER, other)),
    };
    Ok(FieldValue::Int(integer))
}

/// Null and the empty text are null. A boolean counts as 0 or 1, and text may be `inf` or `nan`.
pub(crate) fn float(value: FieldValue) -> Result<FieldValue, ConversionError> {
    let float = match value {
        FieldValue::Null => return Ok(FieldValue::Null),
        FieldValue::Text(text) if text.is_empty() => return Ok(FieldValue::Null),
        FieldValue::Float(value) => value,
        FieldValue::Bool(value) => f64::from(value),
        FieldValue::Int(value) => match nearest(&value) {
            Some(float) => float,
            None => return Err(ConversionError::out_of_range(FLOAT, FieldValue::Int(value))),
        },
        FieldValue::Text(text) => match parse_float(&text) {
            Some(value) => value,
            None => return Err(ConversionError::unreadable(FLOAT, text)),
        },
        FieldValue::Bytes(bytes) => match std::str::from_utf8(&bytes).ok().and_then(parse_float) {
            Some(value) => value,
            None => return Err(ConversionError::unreadable(FLOAT, FieldValue::Bytes(bytes))),
        },
        other => return Err(ConversionError::wrong_kind(FLOAT, other)),
    };
    Ok(FieldValue::Float(float))
}

/// Text is true when it says `true` in any case; everything else when it is neither zero nor empty.
pub(crate) fn boolean(value: &FieldValue) -> FieldValue {
    FieldValue::Bool(match value {
        FieldValue::Text(text) => text.to_lowercase() == "true",
        FieldValue::Bytes(bytes) => bytes.eq_ignore_ascii_case(b"true"),
        other => other.is_truthy(),
    })
}

/// A decimal whole number with an optional sign, blanks around it and single underscores between digits, in the
/// digits of any script.
pub(crate) fn parse_integer(text: &str) -> Option<BigInt> {
    let text = ascii_number(text)?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    if digits.is_empty() || digits.len() > MAX_DIGITS || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let magnitude: BigInt = digits.parse().ok()?;
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

/// As [`parse_integer`], with a fraction, an exponent, `inf`, `infinity` and `nan`.
pub(crate) fn parse_float(text: &str) -> Option<f64> {
    ascii_number(text)?.parse().ok()
}

/// The nearest number of the kind that JSON has; `None` beyond its range.
pub(crate) fn nearest(value: &BigInt) -> Option<f64> {
    value.to_string().parse().ok().filter(|float: &f64| float.is_finite())
}

/// The whole number that is left when the fraction is cut off; `None` for infinities and not-a-number.
pub(crate) fn truncate(value: f64) -> Option<BigInt> {
    value.is_finite().then(|| format!("{:.0}", value.trunc()).parse().ok()).flatten()
}

/// The number without blanks around it and underscores between its digits, in ASCII.
fn ascii_number(text: &str) -> Option<String> {
    let mut ascii = String::with_capacity(text.len());
    let mut characters = text.trim().chars().peekable();
    let mut after_digit = false;
    while let Some(character) = characters.next() {
        if character == '_' {
            let before_digit = characters.peek().copied().and_then(digits::decimal).is_some();
            if !after_digit || !before_digit {
                return None;
            }
            continue;
        }
        let digit = digits::decimal(character);
        after_digit = digit.is_some();
        ascii.push(digit.map_or(character, |digit| char::from(b'0' + digit)));
    }
    Some(ascii)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_may_have_blanks_a_sign_underscores_and_foreign_digits() {
        for (text, number) in [("5", 5), (" +1_000\n", 1000), ("-٣", -3), ("007", 7)] {
            assert_eq!(parse_integer(text), Some(number.into()), "{text}");
        }
        for text in ["", "+", "1__0", "_1", "1_", "1.0", "0x10", "1 0", "½"] {
            assert_eq!(parse_integer(text), None, "{text}");
        }
    }

    #[test]
    fn a_whole_number_of_any_size_is_exact_and_an_endless_one_is_refused() {
        assert_eq!(truncate(1e23).map(|value| value.to_string()).as_deref(), Some("99999999999999991611392"));
        assert_eq!(parse_integer(&"9".repeat(4301)), None);
    }

    #[test]
    fn a_number_may_be_infinite_or_none() {
        assert_eq!(parse_float(" -Infinity "), Some(f64::NEG_INFINITY));
        assert!(parse_float("nan").is_some_and(f64::is_nan));
        assert_eq!(parse_float("1_0.5e1_0"), Some(1.05e11));
        assert_eq!(parse_float("1_.5"), None);
    }
}
