//! Until when a unit has to be done, as a page says it: the setting `due` of what the unit stands in. Blocks keep it
//! themselves; the page only tells.

use blockhouse_content::Definition;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Serialize;

/// The setting that holds for all below the block that has it.
const SETTING: &str = "due";

/// A moment for people and for browsers, which show it in the reader's own time zone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Deadline {
    /// `2026-12-01T12:00:00Z`.
    machine: String,
    /// `2026-12-01 12:00 UTC`.
    text: String,
}

impl Deadline {
    /// None when there is none, or one that nobody can read.
    pub(crate) fn of(unit: &Definition) -> Option<Self> {
        Self::parse(unit.inherited.get(SETTING)?)
    }

    /// Old courses keep the setting as JSON, in quotes; a time without a zone is UTC (spec 2.3).
    fn parse(setting: &str) -> Option<Self> {
        let text = setting.trim().trim_matches('"');
        let civil = || text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok();
        let moment = text.parse::<Timestamp>().ok().or_else(|| Some(civil()?.timestamp()))?;
        Some(Self { machine: moment.to_string(), text: moment.strftime("%Y-%m-%d %H:%M UTC").to_string() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(setting: &str) -> Option<String> {
        Deadline::parse(setting).map(|deadline| deadline.text)
    }

    #[test]
    fn a_deadline_is_told_in_utc() {
        assert_eq!(text("2026-12-01T14:00:00+02:00").as_deref(), Some("2026-12-01 12:00 UTC"));
        assert_eq!(text("\"2026-12-01T12:00:00Z\"").as_deref(), Some("2026-12-01 12:00 UTC"));
        assert_eq!(text("2026-12-01T12:00:00").as_deref(), Some("2026-12-01 12:00 UTC"));
        assert_eq!(text("2026-12-01").as_deref(), Some("2026-12-01 00:00 UTC"));
    }

    #[test]
    fn what_nobody_can_read_is_no_deadline() {
        assert_eq!(text("soon"), None);
        assert_eq!(text(""), None);
    }
}
