//! Dates as people write them: `March 12 12:00`, `2014-04-01T02:03:04`, `3pm 5/6/2031`.
//!
//! Existing courses are full of such texts, and what each means is a matter of record: the same words are read to
//! the same moment as the platforms that hold those courses read them. The text is cut into words
//! ([`tokens`]); one pass over the words finds the time, the zone and up to three numbers of a date (this
//! module); which of these is year, month and day is decided at the end ([`order`]).

mod found;
mod order;
mod tokens;
mod words;

use jiff::civil::Date;

use crate::moment::Moment;
use found::Found;
use order::{Numbers, Part};

/// The moment that the text names; what it leaves out is as at midnight of `default`. `None` when the text is no
/// date.
pub(crate) fn parse(text: &str, default: Date) -> Option<Moment> {
    let words = tokens::split(text);
    let mut reader = Reader { words: &words, at: 0, date: Numbers::default(), found: Found::default() };
    while reader.at < reader.words.len() {
        reader.read_word(default)?;
        reader.at += 1;
    }
    let (year, month, day) = reader.date.resolve()?;
    let year = match year {
        Some(year) if !reader.date.has_century() => Some(words::with_century(year, default)?),
        year => year,
    };
    reader.found.moment(year, month, day, default)
}

/// The words and the place in them.
struct Reader<'w> {
    words: &'w [String],
    at: usize,
    date: Numbers,
    found: Found,
}

impl<'w> Reader<'w> {
    /// The word so many places further on, which may be negative.
    fn word(&self, distance: isize) -> Option<&'w str> {
        self.words.get(self.at.checked_add_signed(distance)?).map(String::as_str)
    }

    fn read_word(&mut self, default: Date) -> Option<()> {
        let word = self.word(0)?;
        if let Some(number) = tokens::number(word) {
            return self.read_number(word, number);
        }
        if let Some(weekday) = words::weekday(word) {
            self.found.weekday = Some(weekday);
        } else if let Some(month) = words::month(word) {
            self.read_month(month, default)?;
        } else if let Some(afternoon) = words::afternoon(word) {
            let hour = self.found.hour.filter(|hour| (0..=12).contains(hour))?;
            self.found.hour = Some(words::on_24_hours(hour, afternoon));
        } else if self.could_be_zone(word) {
            self.read_zone(word);
        } else if self.found.hour.is_some() && matches!(word, "+" | "-") {
            self.read_offset(word)?;
        } else if !words::is_filler(word) {
            return None;
        }
        Some(())
    }

    /// A month's name, and after it `-01`, `-01-99` or ` of 99`.
    fn read_month(&mut self, month: i64, default: Date) -> Option<()> {
        self.date.push(Part::Month(month))?;
        match self.word(1) {
            Some(separator @ ("-" | "/")) => {
                self.date.push_text(self.word(2)?)?;
                if self.word(3) == Some(separator) {
                    self.date.push_text(self.word(4)?)?;
                    self.at += 2;
                }
                self.at += 2;
            }
            Some(" ")
                if self.word(2).is_some_and(|word| word.eq_ignore_ascii_case("of"))
                    && self.word(3) == Some(" ") =>
            {
                if let Some(year) = self.word(4) {
                    if let Some(year) = tokens::digits(year) {
                        self.date.push(Part::Year(words::with_century(year, default)?))?;
                    }
                    self.at += 4;
                }
            }
            _ => {}
        }
        Some(())
    }

    fn could_be_zone(&self, word: &str) -> bool {
        self.found.hour.is_some()
            && self.found.zone.is_none()
            && self.found.offset.is_none()
            && word.chars().count() <= 5
            && (word.chars().all(|letter| letter.is_ascii_uppercase()) || words::is_utc(word))
    }

    fn read_zone(&mut self, word: &str) {
        let is_utc = words::is_utc(word);
        self.found.sign_turns = matches!(self.word(1), Some("+" | "-"));
        // Before an offset a name is only a name, and UTC's not even that.
        self.found.offset = (is_utc && !self.found.sign_turns).then_some(0);
        self.found.zone = (!is_utc || !self.found.sign_turns).then(|| word.to_owned());
    }

    /// `+0300`, `+03:00` or `+3`, and after it a name in parentheses.
    fn read_offset(&mut self, sign: &str) -> Option<()> {
        let word = self.word(1)?;
        let length = word.chars().count();
        let (hours, minutes) = if length == 4 {
            tokens::two_halves(word)?
        } else if self.word(2) == Some(":") {
            let parts = (tokens::digits(word)?, tokens::digits(self.word(3)?)?);
            self.at += 2;
            parts
        } else if length <= 2 {
            (tokens::digits(word)?, 0)
        } else {
            return None;
        };
        let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
        let is_behind = (sign == "-") != std::mem::take(&mut self.found.sign_turns);
        self.found.offset = Some(if is_behind { -seconds } else { seconds });
        if let (Some(filler), Some("("), Some(name), Some(")")) =
            (self.word(2), self.word(3), self.word(4), self.word(5))
        {
            let is_name = (3..=5).contains(&name.chars().count())
                && name.chars().all(|letter| letter.is_ascii_uppercase());
            if words::is_filler(filler) && is_name && self.found.zone.is_none() {
                self.found.zone = Some(name.to_owned());
                self.at += 4;
            }
        }
        self.at += 1;
        Some(())
    }

    /// A number: what it is depends on its length, on what stands around it, and on what is known already.
    fn read_number(&mut self, word: &str, number: f64) -> Option<()> {
        if !number.is_finite() {
            return None;
        }
        let length = word.chars().count();
        let next = self.word(1);
        let is_time_after_date = self.date.len() == 3
            && matches!(length, 2 | 4)
            && self.found.hour.is_none()
            && next.is_none_or(|next| next != ":" && words::time_unit(next).is_none());
        if is_time_after_date {
            return self.read_compact_time(word);
        }
        if length == 6 || (length > 6 && tokens::point(word) == Some(6)) {
            if self.date.is_empty() && tokens::point(word).is_none() {
                return self
                    .date
                    .push_text(tokens::part(word, 0, 2)?)
                    .and_then(|()| self.date.push_text(tokens::part(word, 2, 4)?))
                    .and_then(|()| self.date.push_text(tokens::part(word, 4, 6)?));
            }
            return self.read_compact_time(word);
        }
        if matches!(length, 8 | 12 | 14) {
            self.date.push(Part::Year(tokens::digits(tokens::part(word, 0, 4)?)?))?;
            self.date.push_text(tokens::part(word, 4, 6)?)?;
            self.date.push_text(tokens::part(word, 6, 8)?)?;
            return if length > 8 {
                self.read_compact_time(tokens::part(word, 8, length)?)
            } else {
                Some(())
            };
        }
        if let Some((unit, skip)) = self.unit_of_number() {
            self.at += skip;
            return self.found.set_unit(unit, word, number);
        }
        if next == Some(":") && self.word(2).is_some() {
            return self.read_clock(number);
        }
        if let Some(separator @ ("-" | "/" | ".")) = next {
            return self.read_separated(word, separator);
        }
        if next.is_none_or(words::is_filler) {
            match self.word(2).and_then(words::afternoon) {
                Some(afternoon) => {
                    self.found.hour = Some(words::on_24_hours(number as i64, afternoon));
                    self.at += 1;
                }
                None => self.date.push(Part::Number(number))?,
            }
            self.at += 1;
            return Some(());
        }
        if let Some(afternoon) = next.and_then(words::afternoon).filter(|_| (0.0..24.0).contains(&number)) {
            self.found.hour = Some(words::on_24_hours(number as i64, afternoon));
            self.at += 1;
            return Some(());
        }
        self.date.could_be_day(number).then(|| self.date.push(Part::Number(number)))?
    }

    /// `HH`, `HHMM` or `HHMMSS[.f]` without separators.
    fn read_compact_time(&mut self, word: &str) -> Option<()> {
        self.found.hour = Some(tokens::digits(tokens::part(word, 0, 2)?)?);
        if word.chars().count() > 2 {
            self.found.minute = Some(tokens::digits(tokens::part(word, 2, 4)?)?);
        }
        if word.chars().count() > 4 {
            self.found.set_seconds(tokens::part(word, 4, word.chars().count())?)?;
        }
        Some(())
    }

    /// The unit of time that belongs to the number here, with the words to skip for it: one that follows, or the
    /// unit below one that stands before (`2h30`).
    fn unit_of_number(&self) -> Option<(usize, usize)> {
        let unit = |distance| self.word(distance).and_then(words::time_unit);
        let is_last = self.at + 1 == self.words.len();
        if let Some(unit) = unit(1) {
            Some((unit, 1))
        } else if let Some(unit) = unit(2).filter(|_| self.word(1) == Some(" ")) {
            Some((unit, 2))
        } else if let Some(unit) = unit(-1) {
            Some((unit + 1, 0))
        } else {
            unit(-2)
                .filter(|_| is_last && self.at > 1 && self.word(-1) == Some(" "))
                .map(|unit| (unit + 1, 0))
        }
    }

    /// `HH:MM` or `HH:MM:SS[.f]`.
    fn read_clock(&mut self, hour: f64) -> Option<()> {
        self.found.hour = Some(hour as i64);
        self.found.set_minutes(tokens::number(self.word(2)?)?);
        if self.word(3) == Some(":") && self.word(4).is_some() {
            self.found.set_seconds(self.word(4)?)?;
            self.at += 2;
        }
        self.at += 2;
        Some(())
    }

    /// `01-02[-03]` or `01-Feb[-03]`.
    fn read_separated(&mut self, word: &str, separator: &str) -> Option<()> {
        self.date.push_text(word)?;
        if let Some(second) = self.word(2).filter(|second| !words::is_filler(second)) {
            match (tokens::digits(second), words::month(second)) {
                (Some(_), _) => self.date.push_text(second)?,
                (None, Some(month)) => self.date.push(Part::Month(month))?,
                (None, None) => return None,
            }
            if self.word(3) == Some(separator) {
                let third = self.word(4)?;
                match words::month(third) {
                    Some(month) => self.date.push(Part::Month(month))?,
                    None => self.date.push_text(third)?,
                }
                self.at += 2;
            }
            self.at += 1;
        }
        self.at += 1;
        Some(())
    }
}
