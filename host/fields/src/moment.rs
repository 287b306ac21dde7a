//! A point in time as texts give it: with a zone or without.

use jiff::SignedDuration;
use jiff::civil::DateTime;
use jiff::tz::Offset;

/// A date and a time of day, and how far ahead of UTC they are. Without an offset nobody has said yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Date and time of day where it was written.
    pub civil: DateTime,
    /// How far ahead of UTC that is.
    pub offset: Option<Offset>,
}

impl Moment {
    /// The moment in UTC.
    pub fn utc(civil: DateTime) -> Self {
        Self { civil, offset: Some(Offset::UTC) }
    }

    /// The same moment in UTC; one without an offset is taken to be there already. `None` when that leaves the
    /// years 1 to 9999.
    pub fn to_utc(self) -> Option<Self> {
        let Some(offset) = self.offset else {
            return Some(Self::utc(self.civil));
        };
        let civil = self.civil.checked_sub(SignedDuration::from_secs(offset.seconds().into())).ok()?;
        (1..=9999).contains(&civil.year()).then(|| Self::utc(civil))
    }

    /// The moment so long after the start of 1970, in UTC. `None` outside of the years 1 to 9999.
    pub fn after_1970(duration: SignedDuration) -> Option<Self> {
        const START: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
        let civil = START.checked_add(duration).ok()?;
        (civil.year() > 0).then(|| Self::utc(civil))
    }

    /// ISO 8601 with an offset where there is one, and with microseconds where they are not zero.
    pub fn to_iso(self) -> String {
        let seconds = self.civil.strftime("%Y-%m-%dT%H:%M:%S");
        let fraction = match self.microsecond() {
            0 => String::new(),
            microsecond => format!(".{microsecond:06}"),
        };
        let offset = self.offset.map(iso_offset).unwrap_or_default();
        format!("{seconds}{fraction}{offset}")
    }

    /// The microsecond in its second.
    pub(crate) fn microsecond(self) -> i32 {
        self.civil.subsec_nanosecond() / 1000
    }

    /// The same text for the same instant, whatever the offset; a moment without an offset is like no other.
    pub(crate) fn identity(self) -> String {
        match (self.offset, self.to_utc()) {
            (Some(_), Some(utc)) => format!("{}Z", utc.civil),
            _ => self.civil.to_string(),
        }
    }
}

fn iso_offset(offset: Offset) -> String {
    let seconds = offset.seconds();
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}
