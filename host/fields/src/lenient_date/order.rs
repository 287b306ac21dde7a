//! Which of a date's numbers is the year, which the month and which the day.

use jiff::civil::Date;

/// One part of a date, as sure as it is.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// A year for certain.
    Year(i64),
    /// A month for certain: it was named.
    Month(i64),
    /// Any of the three.
    Number(f64),
}

/// Up to three numbers in the order of the text, and where the certain ones stand.
#[derive(Default)]
pub(super) struct Numbers {
    values: Vec<i64>,
    year_at: Option<usize>,
    month_at: Option<usize>,
    has_century: bool,
}

type YearMonthDay = (Option<i64>, Option<i64>, Option<i64>);

impl Numbers {
    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Whether the year was written with its century.
    pub(super) fn has_century(&self) -> bool {
        self.has_century
    }

    /// Digits; more than two are a year.
    pub(super) fn push_text(&mut self, digits: &str) -> Option<()> {
        let value = super::tokens::digits(digits)?;
        if digits.chars().count() > 2 { self.push(Part::Year(value)) } else { self.place(value, false) }
    }

    /// `None` when the part contradicts those that are there.
    pub(super) fn push(&mut self, part: Part) -> Option<()> {
        match part {
            Part::Year(value) => self.place(value, true),
            Part::Number(value) => self.place(value as i64, value > 100.0),
            Part::Month(value) if self.month_at.is_none() => {
                self.month_at = Some(self.values.len());
                self.place(value, false)
            }
            Part::Month(_) => None,
        }
    }

    fn place(&mut self, value: i64, is_year: bool) -> Option<()> {
        if is_year {
            if self.year_at.is_some() {
                return None;
            }
            self.year_at = Some(self.values.len());
            self.has_century = true;
        }
        self.values.push(value);
        Some(())
    }

    /// Whether the number may be the day of the month that is known so far.
    pub(super) fn could_be_day(&self, number: f64) -> bool {
        let known = |at: Option<usize>| at.and_then(|at| self.values.get(at)).copied();
        let year = known(self.year_at).and_then(|year| i16::try_from(year).ok()).unwrap_or(2000);
        let days = match known(self.month_at).and_then(|month| i8::try_from(month).ok()) {
            Some(month) => Date::new(year, month, 1).map_or(31, |first| first.days_in_month()),
            None => 31,
        };
        number >= 1.0 && number <= f64::from(days)
    }

    /// Decides. A number above 31 is a year, one above 12 no month, and what is still open is read as month, day,
    /// year. `None` when there are more than three numbers.
    pub(super) fn resolve(&self) -> Option<YearMonthDay> {
        if let Some(decided) = self.by_certain_parts() {
            return Some(decided);
        }
        Some(match (self.values.as_slice(), self.month_at) {
            ([], _) => (None, None, None),
            (&[month], Some(_)) => (None, Some(month), None),
            (&[other], None) => year_or_day(other, None),
            (&[month, other], Some(0)) | (&[other, month], Some(1)) => year_or_day(other, Some(month)),
            (&[first, second], _) if first > 31 => (Some(first), Some(second), None),
            (&[first, second], _) if second > 31 => (Some(second), Some(first), None),
            (&[month, day], _) => (None, Some(month), Some(day)),
            (&[month, second, third], Some(0)) if second > 31 => (Some(second), Some(month), Some(third)),
            (&[month, day, year], Some(0)) => (Some(year), Some(month), Some(day)),
            (&[first, month, third], Some(1)) if first > 31 => (Some(first), Some(month), Some(third)),
            (&[day, month, year], Some(1)) => (Some(year), Some(month), Some(day)),
            (&[first, second, month], Some(2)) if second > 31 => (Some(second), Some(month), Some(first)),
            (&[year, day, month], Some(2)) => (Some(year), Some(month), Some(day)),
            (&[year, month, day], _) if year > 31 || self.year_at == Some(0) => {
                (Some(year), Some(month), Some(day))
            }
            (&[day, month, year], _) if day > 12 => (Some(year), Some(month), Some(day)),
            (&[month, day, year], _) => (Some(year), Some(month), Some(day)),
            _ => return None,
        })
    }

    /// Where year and month both are certain, and nothing is left or only the day.
    fn by_certain_parts(&self) -> Option<YearMonthDay> {
        let count = self.values.len();
        let value = |at: Option<usize>| at.and_then(|at| self.values.get(at)).copied();
        let certain = usize::from(self.year_at.is_some()) + usize::from(self.month_at.is_some());
        let day = match (count, certain) {
            (3, 2) => (0..3).find(|at| Some(*at) != self.year_at && Some(*at) != self.month_at),
            (1 | 2, _) if count == certain => None,
            _ => return None,
        };
        Some((value(self.year_at), value(self.month_at), value(day)))
    }
}

/// A number beside the month, or alone: above 31 it can only be a year.
fn year_or_day(number: i64, month: Option<i64>) -> YearMonthDay {
    if number > 31 { (Some(number), month, None) } else { (None, month, Some(number)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(parts: &[&str]) -> Option<YearMonthDay> {
        let mut numbers = Numbers::default();
        for part in parts {
            numbers.push_text(part)?;
        }
        numbers.resolve()
    }

    #[test]
    fn what_is_open_is_read_as_month_day_year() {
        assert_eq!(resolved(&["5", "6", "31"]), Some((Some(31), Some(5), Some(6))));
        assert_eq!(resolved(&["13", "6", "31"]), Some((Some(31), Some(6), Some(13))));
        assert_eq!(resolved(&["2031", "5", "6"]), Some((Some(2031), Some(5), Some(6))));
        assert_eq!(resolved(&["5", "6"]), Some((None, Some(5), Some(6))));
    }

    #[test]
    fn two_years_or_four_numbers_are_no_date() {
        assert_eq!(resolved(&["2031", "2032"]), None);
        assert_eq!(resolved(&["1", "2", "3", "4"]), None);
    }
}
