//! Timedelta and RelativeTime (spec 2.3).

use jiff::SignedDuration;

use crate::digits;
use crate::{ConversionError, FieldValue};

const TIMEDELTA: &str = "`N days N hours N minutes N seconds`, each part optional";
const RELATIVE_TIME: &str = "a position `HH:MM:SS` from 00:00:00 to 23:59:59";
const SECONDS: &str = "a number of seconds";
const DAY: i64 = 86_400;

/// The largest position, in seconds.
pub(crate) const LONGEST_POSITION: f64 = 86_400.0;

/// The units of a timedelta's text, largest first, in seconds.
const UNITS: [(&str, i64); 4] = [("day", DAY), ("hour", 3600), ("minute", 60), ("second", 1)];

/// No length of time is longer: a billion days.
const MAX_DAYS: i64 = 1_000_000_000;

/// Null, a duration, or text such as `1 day 2 hours`. Other text is null.
pub(crate) fn timedelta(value: FieldValue) -> Result<FieldValue, ConversionError> {
    match value {
        FieldValue::Null | FieldValue::Duration(_) => Ok(value),
        FieldValue::Text(text) => match parse_timedelta(&text) {
            None => Ok(FieldValue::Null),
            Some(Some(duration)) => Ok(FieldValue::Duration(duration)),
            Some(None) => Err(ConversionError::out_of_range(TIMEDELTA, FieldValue::Text(text))),
        },
        other => Err(ConversionError::wrong_kind(TIMEDELTA, other)),
    }
}

/// Whole days and the seconds that remain, each where it is not zero. What is left below a second is dropped.
pub(crate) fn timedelta_text(duration: SignedDuration) -> String {
    let (days, seconds) = days_and_seconds(duration);
    let part = |count: i64, unit: &str| (count > 0).then(|| format!("{count} {unit}"));
    [part(days, "days"), part(seconds, "seconds")].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// A duration. What is false is no time at all, a number with a fraction is seconds, and text is `H:M:S`.
pub(crate) fn relative_time(value: FieldValue) -> Result<FieldValue, ConversionError> {
    match value {
        FieldValue::Duration(_) => Ok(value),
        FieldValue::Float(seconds) => from_seconds(seconds).map(FieldValue::Duration),
        FieldValue::Text(text) if !text.is_empty() => match parse_position(&text) {
            Some(duration) => Ok(FieldValue::Duration(duration)),
            None => Err(ConversionError::unreadable(RELATIVE_TIME, text)),
        },
        other if !other.is_truthy() => Ok(FieldValue::Duration(SignedDuration::ZERO)),
        other => Err(ConversionError::wrong_kind(RELATIVE_TIME, other)),
    }
}

/// `HH:MM:SS`, with a fraction where there is one. The end of a day is `1 day, 0:00:00`.
pub(crate) fn relative_time_text(duration: SignedDuration) -> Result<String, ConversionError> {
    if duration.is_negative() || duration > SignedDuration::from_secs(DAY) {
        return Err(ConversionError::out_of_range(RELATIVE_TIME, FieldValue::Duration(duration)));
    }
    let seconds = duration.as_secs();
    if seconds == DAY {
        return Ok(END_OF_DAY.to_owned());
    }
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Ok(match duration.subsec_micros() {
        0 => format!("{hours:02}:{minutes:02}:{seconds:02}"),
        // Only the plain form has two digits for the hour wherever such texts are already stored.
        fraction => format!("{hours}:{minutes:02}:{seconds:02}.{fraction:06}"),
    })
}

/// So many seconds, to the nearest microsecond, halves to even.
pub(crate) fn from_seconds(seconds: f64) -> Result<SignedDuration, ConversionError> {
    let beyond = || ConversionError::out_of_range(SECONDS, FieldValue::Float(seconds));
    if seconds.is_nan() || seconds.abs() >= (MAX_DAYS * DAY) as f64 {
        return Err(beyond());
    }
    let microseconds = (seconds.fract() * 1e6).round_ties_even();
    SignedDuration::from_secs(seconds.trunc() as i64)
        .checked_add(SignedDuration::from_micros(microseconds as i64))
        .ok_or_else(beyond)
}

/// The duration as seconds.
pub(crate) fn to_seconds(duration: SignedDuration) -> f64 {
    duration.as_micros() as f64 / 1e6
}

const END_OF_DAY: &str = "1 day, 0:00:00";

fn days_and_seconds(duration: SignedDuration) -> (i64, i64) {
    let below_zero = duration.subsec_nanos() < 0;
    let seconds = duration.as_secs() - i64::from(below_zero);
    (seconds.div_euclid(DAY), seconds.rem_euclid(DAY))
}

/// `None` where the text is no duration; `Some(None)` where it is one that is too long.
fn parse_timedelta(text: &str) -> Option<Option<SignedDuration>> {
    let mut rest = text;
    let mut total = Some(0_i64);
    for (position, (unit, seconds)) in UNITS.into_iter().enumerate() {
        if let Some((count, after)) = counted(rest, unit) {
            rest = after;
            let part = count.and_then(|count| count.checked_mul(seconds));
            total = total.zip(part).and_then(|(total, part)| total.checked_add(part));
        }
        if position < UNITS.len() - 1 {
            rest = rest.strip_prefix(digits::is_space).unwrap_or(rest);
        }
    }
    matches!(rest, "" | "\n")
        .then(|| total.filter(|total| *total < MAX_DAYS * DAY).map(SignedDuration::from_secs))
}

/// `N unit` or `N units` at the start of the text, and what follows. The count is `None` when it is too large.
fn counted<'t>(text: &'t str, unit: &str) -> Option<(Option<i64>, &'t str)> {
    let rest = text.trim_start_matches(|character| digits::decimal(character).is_some());
    let number = text.get(..text.len() - rest.len()).filter(|number| !number.is_empty())?;
    let rest = rest.strip_prefix(' ')?.strip_prefix(unit)?;
    let count = number
        .chars()
        .filter_map(digits::decimal)
        .try_fold(0_i64, |count, digit| count.checked_mul(10)?.checked_add(digit.into()));
    Some((count, rest.strip_prefix('s').unwrap_or(rest)))
}

/// `H:M:S`, one or two digits each, or what [`relative_time_text`] writes beyond that.
fn parse_position(text: &str) -> Option<SignedDuration> {
    if text == END_OF_DAY {
        return Some(SignedDuration::from_secs(DAY));
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = whole.split(':');
    // A minute with a leap second has 61 or 62 seconds; both are written in existing courses.
    let (hours, minutes, seconds) =
        (two_digits(parts.next()?, 23)?, two_digits(parts.next()?, 59)?, two_digits(parts.next()?, 61)?);
    if parts.next().is_some()
        || fraction.is_empty()
        || fraction.len() > 6
        || !fraction.bytes().all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let microseconds: i64 = format!("{fraction:0<6}").parse().ok()?;
    SignedDuration::from_secs(hours * 3600 + minutes * 60 + seconds)
        .checked_add(SignedDuration::from_micros(microseconds))
}

/// One digit of any script, or two of which the first is ASCII.
fn two_digits(text: &str, max: i64) -> Option<i64> {
    let mut characters = text.chars();
    let first = characters.next()?;
    let value = match characters.next() {
        Some(second) => i64::from(first.to_digit(10)?) * 10 + i64::from(digits::decimal(second)?),
        None => i64::from(digits::decimal(first)?),
    };
    (characters.next().is_none() && value <= max).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_may_leave_out_any_part_and_every_blank() {
        for (text, seconds) in
            [("", 0), ("1 day", DAY), ("2 days3 hours", 2 * DAY + 3 * 3600), (" 4 seconds", 4), ("   \n", 0)]
        {
            assert_eq!(parse_timedelta(text), Some(Some(SignedDuration::from_secs(seconds))), "{text:?}");
        }
        for text in ["1 hour 1 day", "1day", "1  day", "soon", "    "] {
            assert_eq!(parse_timedelta(text), None, "{text:?}");
        }
        assert_eq!(parse_timedelta("99999999999 days"), Some(None));
    }

    #[test]
    fn every_position_that_is_written_is_read() {
        for seconds in [0.0, 1.5, 59.999_999, 86_399.0, 86_400.0] {
            let duration = from_seconds(seconds).unwrap();
            assert_eq!(parse_position(&relative_time_text(duration).unwrap()), Some(duration), "{seconds}");
        }
    }

    #[test]
    fn days_and_seconds_of_a_negative_duration_count_down_from_a_whole_day() {
        assert_eq!(timedelta_text(SignedDuration::from_secs(-1)), "86399 seconds");
    }
}
