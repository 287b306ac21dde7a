//! A place in a film in whole seconds, written `HH:MM:SS` (`RelativeTime` of spec 2.3).

use std::fmt;
use std::str::FromStr;

use blockhouse_sdk::FieldValue;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Seconds from the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position(pub u32);

/// A text that is no place in a film.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoPosition;

impl FieldValue for Position {
    const TYPE: &'static str = "relative_time";
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Position(seconds) = self;
        write!(f, "{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }
}

impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        if text.is_empty() {
            return Ok(Position(0));
        }
        let mut parts = text.split(':').map(|part| part.parse::<u32>().map_err(|_| NoPosition));
        let mut next = || parts.next().unwrap_or(Err(NoPosition));
        let (hours, minutes, seconds) = (next()?, next()?, next()?);
        match parts.next().is_none() && hours < 24 && minutes < 60 && seconds < 60 {
            true => Ok(Position(hours * 3600 + minutes * 60 + seconds)),
            false => Err(NoPosition),
        }
    }
}

impl Serialize for Position {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Position {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|NoPosition| serde::de::Error::custom("expected HH:MM:SS"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_position_reads_back_as_it_was_written() {
        assert_eq!("0:05:07".parse(), Ok(Position(307)));
        assert_eq!(Position(307).to_string(), "00:05:07");
        assert_eq!("".parse(), Ok(Position(0)));
    }

    #[test]
    fn what_is_no_time_of_a_day_is_refused() {
        for text in ["24:00:00", "5", "1:60:00", "1:2:3:4", "NaN", "-1:00:00"] {
            assert_eq!(text.parse::<Position>(), Err(NoPosition), "{text}");
        }
    }
}
