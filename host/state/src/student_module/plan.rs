//! A commit as the tables will see it, with everything checked that can be checked without reading them.

use std::collections::BTreeSet;
use std::sync::Arc;

use blockhouse_fields::StoreKey;
use blockhouse_keys::UsageKey;
use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::value::RawValue;

use super::message::Message;
use super::wanted::Wanted;
use crate::{Commit, Event, EventKind, Grade, Reset, ResetKind, Revision, StateError, check};

/// Characters in `module_id`, `course_id` and `usage_id`.
const KEY: usize = 255;
/// Characters in StudentModule's `module_type`.
const MODULE_TYPE: usize = 32;
/// Characters in `field_name`, and in `module_type` and `block_type` everywhere else.
const NAME: usize = 64;

/// What happens to one StudentModule row: one read, one write.
#[derive(Debug, Default)]
pub(super) struct ModuleChange {
    /// What is taken away.
    pub(super) reset: Option<ResetKind>,
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
    pub(super) fields: Vec<(StoreKey, Option<Box<RawValue>>)>,
    pub(super) completions: Vec<(UsageKey, f64)>,
    pub(super) messages: Vec<Message>,
}

impl Plan {
    pub(super) fn new(commit: Commit) -> Result<Self, StateError> {
        let mut plan = Self::nothing(super::student(&commit.user)?, commit.now_ms);
        check::one_person(&commit)?;
        plan.reads = commit.reads;
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

    pub(super) fn reset(reset: Reset) -> Result<Self, StateError> {
        let Reset { user, usage, what, now_ms, reads, writes } = reset;
        let mut plan = Self::new(Commit { user, reads, writes, events: Vec::new(), now_ms })?;
        plan.module(&usage)?.reset = Some(what);
        Ok(plan)
    }

    fn nothing(student: i64, now_ms: u64) -> Self {
        Self {
            student,
            now: datetime(now_ms),
            wanted: Wanted::default(),
            reads: Vec::new(),
            modules: IndexMap::new(),
            fields: Vec::new(),
            completions: Vec::new(),
            messages: Vec::new(),
        }
    }

    /// Nothing to store.
    pub(super) fn is_empty(&self) -> bool {
        self.modules.is_empty() && self.fields.is_empty() && self.messages.is_empty()
    }

    /// The names of all that nobody else may change, or bring into being, before this plan is stored: what it has read,
    /// what it writes, and, so that a learner's events leave in the order of the commits, the learner.
    pub(super) fn locks<'p>(&'p self) -> impl Iterator<Item = String> + 'p {
        let student = self.student;
        let modules = self.wanted.modules.iter().map(|(student, usage)| format!("m/{student}/{usage}"));
        let fields = |(usage, fields): (&'p UsageKey, &'p BTreeSet<Arc<str>>)| {
            fields.iter().map(move |field| format!("s/{usage}/{field}"))
        };
        let summaries = self.wanted.summaries.iter().flat_map(fields);
        let preferences =
            self.wanted.preferences.iter().map(|(student, block_type)| format!("p/{student}/{block_type}"));
        let user_info = self.wanted.user_info.iter().map(|student| format!("i/{student}"));
        let receipts = self.wanted.receipts.iter().map(|(student, usage)| format!("r/{student}/{usage}"));
        let files = self.wanted.files.iter().map(|(owner, usage, name)| format!("f/{owner}/{usage}/{name}"));
        let events = (!self.messages.is_empty()).then(|| format!("e/{student}"));
        modules
            .chain(summaries)
            .chain(preferences)
            .chain(user_info)
            .chain(receipts)
            .chain(files)
            .chain(events)
    }

    fn write(&mut self, key: StoreKey, value: Option<Box<RawValue>>) -> Result<(), StateError> {
        match &key {
            StoreKey::UserState(_, usage, field) => {
                let field = field.clone();
                self.module(usage)?.fields.push((field, value));
                return Ok(());
            }
            StoreKey::UserStateSummary(usage, _) => fits("usage key", usage, KEY)?,
            StoreKey::Preferences(_, block_type, _) => fits("block type", block_type, NAME)?,
            StoreKey::UserInfo(..) => {}
            StoreKey::Receipts(_, usage) | StoreKey::File(_, usage, _) => fits("usage key", usage, KEY)?,
        }
        fits("field name", check::field(&key), NAME)?;
        self.wanted.key(&key);
        self.fields.push((key, value));
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
        self.wanted.modules.insert((self.student, usage.clone()));
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
pub(super) fn datetime(now_ms: u64) -> String {
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
