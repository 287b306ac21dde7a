//! The time, the zone and the weekday that a text names, and the moment that they and the date make.

use jiff::civil::{Date, Weekday};
use jiff::tz::Offset;

use super::{tokens, words};
use crate::dates::midnight;
use crate::moment::Moment;

/// What was found besides the date's own numbers.
#[derive(Default)]
pub(super) struct Found {
    pub(super) hour: Option<i64>,
    pub(super) minute: Option<i64>,
    pub(super) second: Option<i64>,
    pub(super) microsecond: Option<i64>,
    pub(super) weekday: Option<Weekday>,
    pub(super) zone: Option<String>,
    /// Seconds ahead of UTC.
    pub(super) offset: Option<i64>,
    /// `GMT+3` says that my time plus three is GMT, so the sign after a zone's name turns.
    pub(super) sign_turns: bool,
}

impl Found {
    pub(super) fn set_unit(&mut self, unit: usize, word: &str, number: f64) -> Option<()> {
        match unit {
            0 => {
                self.hour = Some(number as i64);
                if number.fract() != 0.0 {
                    self.minute = Some((60.0 * number.fract()) as i64);
                }
            }
            1 => self.set_minutes(number),
            2 => self.set_seconds(word)?,
            _ => {}
        }
        Some(())
    }

    /// A fraction of a minute is seconds; without one the seconds stay unknown.
    pub(super) fn set_minutes(&mut self, minutes: f64) {
        self.minute = Some(minutes as i64);
        self.second = (minutes.fract() != 0.0).then(|| (60.0 * minutes.fract()) as i64);
    }

    pub(super) fn set_seconds(&mut self, text: &str) -> Option<()> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let fraction: String = fraction.chars().chain(std::iter::repeat('0')).take(6).collect();
        self.second = Some(tokens::digits(whole)?);
        self.microsecond = Some(tokens::digits(&fraction)?);
        Some(())
    }

    pub(super) fn moment(
        self,
        year: Option<i64>,
        month: Option<i64>,
        day: Option<i64>,
        default: Date,
    ) -> Option<Moment> {
        let nothing = year.is_none() && month.is_none() && day.is_none();
        let no_time = self.hour.is_none()
            && self.minute.is_none()
            && self.second.is_none()
            && self.microsecond.is_none();
        if nothing && no_time && self.weekday.is_none() && self.zone.is_none() && self.offset.is_none() {
            return None;
        }
        let narrow = |part: Option<i64>| part.map(i8::try_from).transpose().ok();
        let year =
            year.map_or(Some(default.year()), |year| i16::try_from(year).ok()).filter(|year| *year > 0)?;
        let month = narrow(month)?.unwrap_or(default.month());
        let first = Date::new(year, month, 1).ok()?;
        let mut date = match narrow(day)? {
            Some(day) => Date::new(year, month, day).ok()?,
            None => Date::new(year, month, default.day().min(first.days_in_month())).ok()?,
        };
        if let Some(weekday) = self.weekday.filter(|weekday| day.is_none() && *weekday != date.weekday()) {
            date = date.nth_weekday(1, weekday).ok()?;
        }
        let nanosecond = self.microsecond.unwrap_or_default() * 1000;
        let civil = midnight(date)
            .with()
            .hour(narrow(self.hour)?.unwrap_or_default())
            .minute(narrow(self.minute)?.unwrap_or_default())
            .second(narrow(self.second)?.unwrap_or_default())
            .subsec_nanosecond(i32::try_from(nanosecond).ok()?)
            .build()
            .ok()?;
        let is_utc = self.zone.as_deref().is_some_and(words::is_utc);
        let offset = match (self.offset, is_utc) {
            (_, true) => Some(Offset::UTC),
            (Some(seconds), false) => Some(
                i32::try_from(seconds)
                    .ok()
                    .filter(|seconds| seconds.abs() < 86_400)
                    .and_then(|seconds| Offset::from_seconds(seconds).ok())?,
            ),
            (None, false) => None,
        };
        Some(Moment { civil, offset })
    }
}
