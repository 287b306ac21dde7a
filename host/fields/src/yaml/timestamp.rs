//! Timestamps of YAML 1.1: `2014-04-01`, `2014-4-1 2:03:04.5 +5:30`.

use jiff::civil::Date;
use jiff::tz::Offset;

use crate::FieldValue;
use crate::dates::midnight;
use crate::moment::Moment;

/// Whether the text has the form of one.
pub(super) fn is(text: &str) -> bool {
    // A day alone has two digits each for month and day; before a time one is enough.
    let is_day = text.len() == 10;
    Stamp::parse(text).is_some_and(|stamp| stamp.time.is_some() || is_day)
}

/// The day or the moment; `None` where the calendar has no such day.
pub(super) fn construct(text: &str) -> Option<FieldValue> {
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
