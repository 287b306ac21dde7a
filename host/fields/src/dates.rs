//! Date and DateTime (spec 2.3).

use jiff::civil::{self, Time};

use crate::durations;
use crate::lenient_date;
use crate::moment::Moment;
use crate::{ConversionError, FieldValue};

const DATE: &str = "a date such as `2031-05-01T12:00:00Z`, or milliseconds since 1970";
const DATE_TIME: &str = "a date and time such as `2031-05-01T12:00:00`, or seconds from the start";

/// Null or a moment. Text without a day or a month is null, without a year it is in the year of `today`, and
/// without a zone it is UTC. A number is milliseconds since 1970.
pub(crate) fn date(value: FieldValue, today: civil::Date) -> Result<FieldValue, ConversionError> {
    let milliseconds = match value {
        FieldValue::Null | FieldValue::Moment(_) => return Ok(value),
        FieldValue::Text(text) if text.is_empty() => return Ok(FieldValue::Null),
        FieldValue::Text(text) => return complete_date(text, today),
        FieldValue::Bool(value) => f64::from(value),
        FieldValue::Float(value) => value,
        FieldValue::Int(ref number) => match crate::numbers::nearest(number) {
            Some(milliseconds) => milliseconds,
            None => return Err(ConversionError::out_of_range(DATE, value)),
        },
        other => return Err(ConversionError::wrong_kind(DATE, other)),
    };
    durations::from_seconds(milliseconds / 1000.0)
        .ok()
        .and_then(Moment::after_1970)
        .map(FieldValue::Moment)
        .ok_or_else(|| ConversionError::out_of_range(DATE, FieldValue::Float(milliseconds)))
}

/// `YYYY-MM-DDTHH:MM:SSZ` for UTC; with the offset for other zones and, as it was always stored, before 1900.
pub(crate) fn date_text(moment: Moment) -> String {
    let is_utc = moment.offset.is_none_or(|offset| offset.seconds() == 0);
    if is_utc && moment.civil.year() >= 1900 {
        moment.civil.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    } else {
        moment.to_iso()
    }
}

/// Null, a moment in UTC, or a duration from the start of the course. What text leaves out is as on `today`,
/// midnight. A number is seconds.
pub(crate) fn date_time(value: FieldValue, today: civil::Date) -> Result<FieldValue, ConversionError> {
    let moment = match value {
        FieldValue::Null | FieldValue::Duration(_) => return Ok(value),
        FieldValue::Text(text) if text.is_empty() => return Ok(FieldValue::Null),
        FieldValue::Text(text) => match lenient_date::parse(&text, today) {
            Some(moment) => moment,
            None => return Err(ConversionError::unreadable(DATE_TIME, text)),
        },
        FieldValue::Bytes(bytes) => match String::from_utf8(bytes) {
            Ok(text) => return date_time(FieldValue::Text(text), today),
            Err(error) => {
                return Err(ConversionError::unreadable(DATE_TIME, FieldValue::Bytes(error.into_bytes())));
            }
        },
        FieldValue::Moment(moment) => moment,
        FieldValue::Bool(value) => {
            return durations::from_seconds(f64::from(value)).map(FieldValue::Duration);
        }
        FieldValue::Float(seconds) => {
            return durations::from_seconds(seconds).map(FieldValue::Duration);
        }
        FieldValue::Int(ref number) => {
            let seconds = crate::numbers::nearest(number).unwrap_or(f64::INFINITY);
            return durations::from_seconds(seconds).map(FieldValue::Duration);
        }
        other => return Err(ConversionError::wrong_kind(DATE_TIME, other)),
    };
    moment
        .to_utc()
        .map(FieldValue::Moment)
        .ok_or_else(|| ConversionError::out_of_range(DATE_TIME, FieldValue::Moment(moment)))
}

/// `YYYY-MM-DDTHH:MM:SS.ffffff`, always UTC, so without a zone.
pub(crate) fn date_time_text(moment: Moment) -> String {
    format!("{}.{:06}", moment.civil.strftime("%Y-%m-%dT%H:%M:%S"), moment.microsecond())
}

/// Reads the text twice, on two days that differ in month and day: where the results differ, the text left one of
/// them out.
fn complete_date(text: String, today: civil::Date) -> Result<FieldValue, ConversionError> {
    let on = |month, day| {
        civil::Date::new(today.year(), month, day)
            .ok()
            .and_then(|default| lenient_date::parse(&text, default))
    };
    let (Some(first), Some(second)) = (on(1, 1), on(2, 2)) else {
        return Err(ConversionError::unreadable(DATE, text));
    };
    if first.to_utc() != second.to_utc() {
        return Ok(FieldValue::Null);
    }
    Ok(FieldValue::Moment(if first.offset.is_some() { first } else { Moment::utc(first.civil) }))
}

/// Midnight at the start of a day.
pub(crate) fn midnight(day: civil::Date) -> civil::DateTime {
    day.to_datetime(Time::midnight())
}
