//! When a problem's time is over: the due date and the grace period (spec 9.3.6).
//!
//! Authors' dates come in many forms and some are none; a date that cannot be read closes nothing.

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The moment after which nothing is taken, in seconds since 1970; none when there is no date.
pub fn deadline(due: Option<&str>, grace: Option<&str>) -> Option<i64> {
    let due = seconds(due?)?;
    Some(due.saturating_add(grace.and_then(length).unwrap_or(0)))
}

/// `2026-02-01`, `2026-02-01T12:00`, `2026-02-01T12:00:00.5Z`, `2026-02-01T12:00:00+02:00`; UTC unless it says
/// otherwise.
pub fn seconds(text: &str) -> Option<i64> {
    let text = text.trim().trim_matches('"');
    let (date, time) = text.split_once(['T', ' ']).unwrap_or((text, "00:00"));
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    if !(1..=9999).contains(&year) || !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let time = time.trim_end_matches(['Z', 'z']);
    let (time, offset) = match time.find(['+', '-']) {
        Some(at) => {
            let (time, zone) = time.split_at_checked(at)?;
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            (time, sign * clock(zone.get(1..)?)?)
        }
        None => (time, 0),
    };
    Some(days_since_1970(year, month, day) * DAY + clock(time)? - offset)
}

/// `HH:MM`, `HHMM`, `HH:MM:SS` with or without a fraction, in seconds.
fn clock(text: &str) -> Option<i64> {
    let text = text.trim();
    let whole = text.split('.').next()?;
    let parts: Vec<i64> = match whole.split_once(':') {
        Some(_) => whole.split(':').map(|part| part.parse().ok()).collect::<Option<_>>()?,
        None => vec![
            whole.get(..2)?.parse().ok()?,
            whole.get(2..).filter(|m| !m.is_empty()).map_or(Some(0), |m| m.parse().ok())?,
        ],
    };
    let mut parts = parts.into_iter();
    let (hours, minutes, seconds) = (parts.next()?, parts.next()?, parts.next().unwrap_or(0));
    let sane = (0..=24).contains(&hours) && (0..60).contains(&minutes) && (0..=60).contains(&seconds);
    (sane && parts.next().is_none()).then_some(hours * HOUR + minutes * MINUTE + seconds)
}

/// Days of the Gregorian calendar; the year is taken to begin in March, so that a leap day ends it.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year / 4 - year / 100 + year / 400;
    365 * year + leap_days + (153 * month + 2) / 5 + day - 719_469
}

/// The moment in the form in which stores keep it.
pub fn stamp(seconds: i64) -> String {
    let (days, rest) = (seconds.div_euclid(DAY), seconds.rem_euclid(DAY));
    let mut year = 1970 + days / 366;
    while days_since_1970(year + 1, 1, 1) <= days {
        year += 1;
    }
    let month = (1..=12).rev().find(|month| days_since_1970(year, *month, 1) <= days).unwrap_or(1);
    let day = days - days_since_1970(year, month, 1) + 1;
    let (hour, minute, second) = (rest / HOUR, rest % HOUR / MINUTE, rest % MINUTE);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// `1 day 2 hours 30 minutes`, in seconds; none when it is something else.
pub fn length(text: &str) -> Option<i64> {
    let mut words = text.trim().trim_matches('"').split_whitespace();
    let mut total = 0i64;
    while let Some(number) = words.next() {
        let number: i64 = number.parse().ok()?;
        let unit = match words.next()?.trim_end_matches('s') {
            "day" => DAY,
            "hour" => HOUR,
            "minute" => MINUTE,
            "second" => 1,
            _ => return None,
        };
        total = total.saturating_add(number.saturating_mul(unit));
    }
    Some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_forms_that_authors_write() {
        assert_eq!(seconds("1970-01-01"), Some(0));
        assert_eq!(seconds("2000-03-01T00:00:00Z"), Some(951_868_800));
        assert_eq!(seconds("2026-11-22T14:21:39.5+02:00"), seconds("2026-11-22T12:21:39Z"));
        assert_eq!(seconds("\"2026-11-22T14:21\""), seconds("2026-11-22 14:21:00"));
        for none in ["", "soon", "March 20 17:00", "2026-13-01", "2026-01-01Tlate"] {
            assert_eq!(seconds(none), None, "{none}");
        }
    }

    #[test]
    fn a_stamp_reads_back_as_the_moment_that_it_stands_for() {
        for moment in [0, 951_868_799, 951_868_800, 1_732_285_299, 4_102_444_799] {
            assert_eq!(seconds(&stamp(moment)), Some(moment));
        }
        assert_eq!(stamp(951_782_400), "2000-02-29T00:00:00Z");
    }

    #[test]
    fn the_grace_period_moves_the_deadline() {
        assert_eq!(deadline(Some("1970-01-01"), Some("1 day 2 hours")), Some(DAY + 2 * HOUR));
        assert_eq!(deadline(Some("1970-01-01"), Some("a while")), Some(0));
        assert_eq!(deadline(None, Some("1 day")), None);
    }
}
