//! A commit as the tables will see it, with everything checked that can be checked without reading them.

use std::sync::Arc;

use blockhouse_fields::StoreKey;
use blockhouse_keys::UsageKey;
use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::value::RawValue;

use super::field_row::FieldRow;
use super::outbox::Message;
use super::rows::Wanted;
use crate::{Commit, Event, EventKind, Grade, Revision, StateError, check};

/// Characters in `module_id`, `course_id` and `usage_id`.
const KEY: usize = 255;
/// Characters in StudentModule's `module_type`.
const MODULE_TYPE: usize = 32;
/// Characters in `field_name`, and in `module_type` and `block_type` everywhere else.
const NAME: usize = 64;

/// What happens to one StudentModule row: one read, one write.
#[derive(Debug, Default)]
pub(super) struct ModuleChange {
    /// Fields of the row's JSON; `None` takes the field out.
    pub(super) fields: Vec<(Arc<str>, Option<Box<RawValue>>)>,
    /// Scores, in the order in which they were published.
    pub(super) grades: Vec<Grade>,
}

/// All that one commit does.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) student: i64,
    /// The text for `created` and `modified`.
    pub(super) now: String,
    pub(super) wanted: Wanted,
    pub(super) reads: Vec<(StoreKey, Revision)>,
    pub(super) modules: IndexMap<UsageKey, ModuleChange>,
    /// Fields that have a row of their own.
    pub(super) rows: Vec<(FieldRow, Option<Box<RawValue>>)>,
    pub(super) completions: Vec<(UsageKey, f64)>,
    pub(super) messages: Vec<Message>,
}

impl Plan {
    pub(super) fn new(commit: Commit) -> Result<Self, StateError> {
        let student = super::student(&commit.user)?;
        check::one_person(&commit)?;
        let mut plan = Self {
            student,
            now: datetime(commit.now_ms),
            wanted: Wanted::nothing(student),
            reads: commit.reads,
            modules: IndexMap::new(),
            rows: Vec::new(),
            completions: Vec::new(),
            messages: Vec::new(),
        };
        for (key, _) in &plan.reads {
            plan.wanted.key(key);
        }
        for write in commit.writes {
            let value = check::value(&write)?;
            plan.write(write.key, value)?;
        }
        for event in &commit.events {
            check::event(event)?;
            plan.event(event)?;
        }
        Ok(plan)
    }

    /// Nothing to store.
    pub(super) fn is_empty(&self) -> bool {
        self.modules.is_empty() && self.rows.is_empty() && self.messages.is_empty()
    }

    fn write(&mut self, key: StoreKey, value: Option<Box<RawValue>>) -> Result<(), StateError> {
        let row = match key {
            StoreKey::UserState(_, usage, field) => {
                self.module(&usage)?.fields.push((field, value));
                return Ok(());
            }
            StoreKey::UserStateSummary(usage, field) => {
                fits("usage key", &usage, KEY)?;
                FieldRow::UserStateSummary(usage, field)
            }
            StoreKey::Preferences(_, block_type, field) => {
                fits("block type", &block_type, NAME)?;
                FieldRow::Preferences(block_type, field)
            }
            StoreKey::UserInfo(_, field) => FieldRow::UserInfo(field),
        };
        fits("field name", row.field(), NAME)?;
        self.rows.push((row, value));
        Ok(())
    }

    fn event(&mut self, event: &Event) -> Result<(), StateError> {
        fits("usage key", &event.usage, KEY)?;
        fits("learning context key", event.usage.context_key(), KEY)?;
        match &event.kind {
            EventKind::Grade(grade) => self.module(&grade.usage)?.grades.push(grade.clone()),
            EventKind::Completion(part) => {
                fits("block type", event.usage.block_type(), NAME)?;
                self.completions.push((event.usage.clone(), *part));
            }
            EventKind::Other(name, _) => fits("event name", name, KEY)?,
        }
        self.messages.push(Message::new(event));
        Ok(())
    }

    fn module(&mut self, usage: &UsageKey) -> Result<&mut ModuleChange, StateError> {
        fits("usage key", usage, KEY)?;
        fits("learning context key", usage.context_key(), KEY)?;
        fits("block type", usage.block_type(), MODULE_TYPE)?;
        self.wanted.module(usage);
        Ok(self.modules.entry(usage.clone()).or_default())
    }
}

/// A column counts characters, not bytes.
fn fits(what: &'static str, text: impl ToString, limit: usize) -> Result<(), StateError> {
    if text.to_string().chars().count() > limit {
        return Err(StateError::TooLong { what, limit });
    }
    Ok(())
}

/// As Django writes a point in time: UTC, to the microsecond.
fn datetime(now_ms: u64) -> String {
    let now = i64::try_from(now_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
    now.unwrap_or(Timestamp::MAX).strftime("%Y-%m-%d %H:%M:%S%.6f").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_in_time_is_written_as_django_does() {
        assert_eq!(datetime(1_700_000_000_123), "2023-11-14 22:13:20.123000");
    }

    #[test]
    fn a_point_in_time_beyond_the_calendar_is_its_last_day() {
        assert!(datetime(u64::MAX).starts_with("9999-12-30"));
    }

    #[test]
    fn a_column_counts_characters() {
        assert!(fits("name", "ü".repeat(64), 64).is_ok());
        assert!(fits("name", "ü".repeat(65), 64).is_err());
    }
}
