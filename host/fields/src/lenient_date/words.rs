//! The English words that a date may contain.

use jiff::civil::{Date, Weekday};

/// Words that say nothing: separators, prepositions, the endings of ordinal numbers.
pub(super) fn is_filler(word: &str) -> bool {
    const FILLERS: [&str; 17] =
        [" ", ".", ",", ";", "-", "/", "'", "at", "on", "and", "ad", "m", "t", "of", "st", "nd", "rd"];
    let word = word.to_lowercase();
    word == "th" || FILLERS.contains(&word.as_str())
}

/// A weekday's name, in full or its first three letters.
pub(super) fn weekday(word: &str) -> Option<Weekday> {
    let name = word.to_lowercase();
    Some(match name.as_str() {
        "mon" | "monday" => Weekday::Monday,
        "tue" | "tuesday" => Weekday::Tuesday,
        "wed" | "wednesday" => Weekday::Wednesday,
        "thu" | "thursday" => Weekday::Thursday,
        "fri" | "friday" => Weekday::Friday,
        "sat" | "saturday" => Weekday::Saturday,
        "sun" | "sunday" => Weekday::Sunday,
        _ => return None,
    })
}

/// A month's name, in full or its first three letters, or `Sept`: 1 to 12.
pub(super) fn month(word: &str) -> Option<i64> {
    let name = word.to_lowercase();
    Some(match name.as_str() {
        "jan" | "january" => 1,
        "feb" | "february" => 2,
        "mar" | "march" => 3,
        "apr" | "april" => 4,
        "may" => 5,
        "jun" | "june" => 6,
        "jul" | "july" => 7,
        "aug" | "august" => 8,
        "sep" | "sept" | "september" => 9,
        "oct" | "october" => 10,
        "nov" | "november" => 11,
        "dec" | "december" => 12,
        _ => return None,
    })
}

/// `h`, `m`, `s` and their long forms: 0, 1, 2.
pub(super) fn time_unit(word: &str) -> Option<usize> {
    let name = word.to_lowercase();
    Some(match name.as_str() {
        "h" | "hour" | "hours" => 0,
        "m" | "minute" | "minutes" => 1,
        "s" | "second" | "seconds" => 2,
        _ => return None,
    })
}

/// Whether the word is `pm` rather than `am`; `None` when it is neither.
pub(super) fn afternoon(word: &str) -> Option<bool> {
    let name = word.to_lowercase();
    match name.as_str() {
        "am" | "a" => Some(false),
        "pm" | "p" => Some(true),
        _ => None,
    }
}

/// The hour of a clock with twelve hours on one with twenty-four.
pub(super) fn on_24_hours(hour: i64, afternoon: bool) -> i64 {
    match (hour, afternoon) {
        (..12, true) => hour + 12,
        (12, false) => 0,
        _ => hour,
    }
}

/// Whether the word names UTC.
pub(super) fn is_utc(word: &str) -> bool {
    matches!(word, "UTC" | "GMT" | "Z" | "z")
}

/// The year that two digits mean: the one that is nearest to `today`'s.
pub(super) fn with_century(year: i64, today: Date) -> Option<i64> {
    let current = i64::from(today.year());
    Some(match year {
        100.. => year,
        ..0 => return None,
        short => match short + current / 100 * 100 {
            year if year >= current + 50 => year - 100,
            year if year < current - 50 => year + 100,
            year => year,
        },
    })
}
