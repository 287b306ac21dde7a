//! What a scalar of YAML 1.1 is, from its form alone, and the value that it says.

use jiff::civil::Date;
use jiff::tz::Offset;
use num_bigint::BigInt;

use crate::dates::midnight;
use crate::moment::Moment;
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
        _ if is_timestamp(text) => "timestamp",
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
        "timestamp" => timestamp(text).ok_or("a date of the calendar"),
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

fn is_timestamp(text: &str) -> bool {
    // A day alone has two digits each for month and day; before a time one is enough.
    let is_day = text.len() == 10;
    Stamp::parse(text).is_some_and(|stamp| stamp.time.is_some() || is_day)
}

fn timestamp(text: &str) -> Option<FieldValue> {
    let stamp = Stamp::parse(text)?;
    let day = Date::new(stamp.year, stamp.month, stamp.day).ok().filter(|day| day.year() > 0)?;
    let Some(time) = stamp.time else {
        return Some(FieldValue::Day(day));
    };
    let civil = midnight(day)
        .with()
        .hour(time.hour)
        .minute(time.minute)
        .second(time.second)
        .subsec_nanosecond(time.nanosecond)
        .build()
        .ok()?;
    let offset = match time.offset_minutes {
        Some(minutes) if minutes.abs() < 24 * 60 => Some(Offset::from_seconds(minutes * 60).ok()?),
        Some(_) => return None,
        None => None,
    };
    Some(FieldValue::Moment(Moment { civil, offset }))
}

/// A timestamp's numbers as they were written, whether or not the calendar has them.
struct Stamp {
    year: i16,
    month: i8,
    day: i8,
    time: Option<StampTime>,
}

struct StampTime {
    hour: i8,
    minute: i8,
    second: i8,
    nanosecond: i32,
    offset_minutes: Option<i32>,
}

impl Stamp {
    fn parse(text: &str) -> Option<Self> {
        let mut rest = Rest(text);
        let year = rest.number(4, 4)?.try_into().ok()?;
        let month = rest.after('-')?.number(1, 2)?.try_into().ok()?;
        let day = rest.after('-')?.number(1, 2)?.try_into().ok()?;
        let time = if rest.0.is_empty() { None } else { Some(Self::parse_time(&mut rest)?) };
        rest.0.is_empty().then_some(Self { year, month, day, time })
    }

    fn parse_time(rest: &mut Rest<'_>) -> Option<StampTime> {
        if rest.after('T').is_none() && rest.after('t').is_none() && !rest.skip_blanks() {
            return None;
        }
        let hour = rest.number(1, 2)?.try_into().ok()?;
        let minute = rest.after(':')?.number(2, 2)?.try_into().ok()?;
        let second = rest.after(':')?.number(2, 2)?.try_into().ok()?;
        let nanosecond = if rest.after('.').is_some() { rest.fraction() } else { 0 };
        let mut zone = Rest(rest.0);
        zone.skip_blanks();
        let offset_minutes = if zone.after('Z').is_some() {
            Some(0)
        } else if let Some(sign) = zone.after('+').map(|_| 1).or_else(|| zone.after('-').map(|_| -1)) {
            let hours = zone.number(1, 2)?;
            let minutes = if zone.after(':').is_some() { zone.number(2, 2)? } else { 0 };
            Some(sign * (hours * 60 + minutes))
        } else {
            return Some(StampTime { hour, minute, second, nanosecond, offset_minutes: None });
        };
        *rest = zone;
        Some(StampTime { hour, minute, second, nanosecond, offset_minutes })
    }
}

/// What is left of a timestamp's text.
struct Rest<'t>(&'t str);

impl Rest<'_> {
    fn after(&mut self, character: char) -> Option<&mut Self> {
        self.0 = self.0.strip_prefix(character)?;
        Some(self)
    }

    fn skip_blanks(&mut self) -> bool {
        let rest = self.0.trim_start_matches([' ', '\t']);
        let skipped = rest.len() < self.0.len();
        self.0 = rest;
        skipped
    }

    fn number(&mut self, least: usize, most: usize) -> Option<i32> {
        let length = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (number, rest) = self.0.split_at_checked(length).filter(|_| length >= least)?;
        self.0 = rest;
        number.parse().ok()
    }

    /// The digits after the point, of which six count, in nanoseconds.
    fn fraction(&mut self) -> i32 {
        let rest = self.0.trim_start_matches(|digit: char| digit.is_ascii_digit());
        let digits = self.0.get(..self.0.len() - rest.len()).unwrap_or_default();
        self.0 = rest;
        let microseconds = digits.bytes().chain(std::iter::repeat(b'0')).take(6);
        microseconds.fold(0, |value, digit| value * 10 + i32::from(digit - b'0')) * 1000
    }
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
    fn a_thirteenth_month_looks_like_a_timestamp_and_is_none() {
        assert_eq!(resolve("2014-13-01"), "timestamp");
        assert!(construct("timestamp", "2014-13-01").is_err());
    }
}
