//! Deciding a group of commits in memory: which of them are stored, and what the tables become.
//!
//! All rows that any of the commits has read or writes have been read, and nobody else changes them. The commits are
//! then taken one after the other, as if each were alone: what one of them changes, the next one finds. No database is
//! asked here, so the rules are the same for all of them.

use std::borrow::Cow;
use std::sync::Arc;

use blockhouse_fields::StoreKey;
use blockhouse_keys::UsageKey;
use indexmap::IndexMap;
use serde_json::{Value, json};

use super::found::{FieldRow, Found, ModuleRow};
use super::message::Message;
use super::plan::{ModuleChange, Plan};
use super::statements::Statements;
use super::wanted::EVERYBODY;
use crate::database::Statement;
use crate::state_object::StateObject;
use crate::{Grade, ResetKind, Score, StateError};

/// The block type whose rows leave a history (spec 4.1).
const WITH_HISTORY: &str = "problem";

/// A row that some commit has changed.
#[derive(Debug)]
struct Touched {
    /// Its number before the first change. `None` for a row that was not there.
    id: Option<i64>,
    /// When it changed last.
    now: String,
}

/// Rows for one statement.
pub(super) type Batch<'a> = (&'a Statement, Vec<Value>);

/// The commits of a group so far.
#[derive(Debug)]
pub(super) struct Group {
    rows: Found,
    modules: IndexMap<(i64, UsageKey), Touched>,
    fields: IndexMap<StoreKey, Touched>,
    history: Vec<Value>,
    completions: IndexMap<(i64, UsageKey), Value>,
    messages: Vec<Value>,
}

impl Group {
    /// `rows` is all that the commits to come have read or write.
    pub(super) fn new(rows: Found) -> Self {
        Self {
            rows,
            modules: IndexMap::new(),
            fields: IndexMap::new(),
            history: Vec::new(),
            completions: IndexMap::new(),
            messages: Vec::new(),
        }
    }

    /// Takes one commit in, or says why not; then nothing has changed.
    pub(super) fn add(&mut self, plan: &Plan) -> Result<(), StateError> {
        for (key, revision) in &plan.reads {
            if self.rows.value(key)? != revision.0.as_deref() {
                return Err(StateError::Conflict);
            }
        }
        let mut merged = Vec::with_capacity(plan.modules.len());
        for (usage, change) in &plan.modules {
            let stored = self.rows.modules.get(&(plan.student, usage.clone()));
            merged.push((usage, Merged::new(usage, stored, change)?));
        }
        for (usage, merged) in merged {
            self.module(plan, usage, merged);
        }
        for (key, value) in &plan.fields {
            self.field(plan, key, value.as_ref().map(|value| value.get()));
        }
        for (usage, part) in &plan.completions {
            let (context, block_type) = (usage.context_key(), usage.block_type());
            let row = json!([plan.now, plan.student, context.as_str(), usage.as_str(), block_type, part]);
            self.completions.insert((plan.student, usage.clone()), row);
        }
        plan.messages.iter().for_each(|message| self.message(plan, message));
        Ok(())
    }

    fn module(&mut self, plan: &Plan, usage: &UsageKey, merged: Merged) {
        let key = (plan.student, usage.clone());
        let before = self.rows.modules.get(&key);
        let had_score = before.is_some_and(|row| row.score.is_some());
        let id = before.and_then(|row| row.id);
        let row = match merged {
            Merged::Unchanged => return,
            Merged::Gone => None,
            Merged::Row(row) => Some(row),
        };
        if had_score && row.as_ref().is_none_or(|row| row.score.is_none()) {
            self.message(plan, &Message::score_deleted(usage));
        }
        if let Some(row) = row.as_ref().filter(|_| usage.block_type() == WITH_HISTORY) {
            let context = usage.context_key();
            let (earned, possible) = columns(row.score);
            let state = row.state_text();
            self.history.push(json!([
                plan.student,
                context.as_str(),
                usage.as_str(),
                plan.now,
                state,
                earned,
                possible,
                self.history.len()
            ]));
        }
        let touched = self.modules.entry(key.clone()).or_insert_with(|| Touched { id, now: String::new() });
        touched.now.clone_from(&plan.now);
        match row {
            Some(row) => {
                self.rows.modules.insert(key, row);
            }
            None => {
                self.rows.modules.remove(&key);
            }
        }
    }

    /// Taking out a field that is not there comes to nothing.
    fn field(&mut self, plan: &Plan, key: &StoreKey, value: Option<&str>) {
        let before = self.rows.fields.get(key);
        if value.is_none() && before.is_none() {
            return;
        }
        let id = before.and_then(|row| row.id);
        let touched = self.fields.entry(key.clone()).or_insert_with(|| Touched { id, now: String::new() });
        touched.now.clone_from(&plan.now);
        match value {
            Some(value) => {
                let row = FieldRow { id: touched.id, value: Arc::from(value) };
                self.rows.fields.insert(key.clone(), row);
            }
            None => {
                self.rows.fields.remove(key);
            }
        }
    }

    fn message(&mut self, plan: &Plan, message: &Message) {
        self.messages.push(message.row(plan, self.messages.len()));
    }

    /// What has to be written, statement by statement. A row is written once, whatever many commits did to it.
    pub(super) fn batches<'a>(&self, statements: &'a Statements) -> Vec<Batch<'a>> {
        let mut batches = self.module_batches(statements);
        batches.push((&statements.history, self.history.clone()));
        batches.extend(self.field_batches(statements));
        batches.push((&statements.completion, self.completions.values().cloned().collect()));
        batches.push((&statements.outbox, self.messages.clone()));
        batches.retain(|(_, rows)| !rows.is_empty());
        batches
    }

    fn module_batches<'a>(&self, statements: &'a Statements) -> Vec<Batch<'a>> {
        let [mut inserted, mut updated, mut deleted] = [(); 3].map(|()| Vec::new());
        for (key, touched) in &self.modules {
            let (student, usage) = key;
            match (touched.id, self.rows.modules.get(key)) {
                (None, None) => {}
                (Some(id), None) => deleted.push(json!(id)),
                (Some(id), Some(row)) => {
                    let (earned, possible) = columns(row.score);
                    let state = row.state_text().filter(|_| row.written);
                    updated.push(json!([id, state, earned, possible, touched.now]));
                }
                (None, Some(row)) => {
                    let (earned, possible) = columns(row.score);
                    let (context, block_type) = (usage.context_key(), usage.block_type());
                    inserted.push(json!([
                        block_type,
                        usage.as_str(),
                        student,
                        context.as_str(),
                        row.state_text(),
                        earned,
                        possible,
                        touched.now
                    ]));
                }
            }
        }
        let [insert, update, delete] = &statements.modules;
        vec![(insert, inserted), (update, updated), (delete, deleted)]
    }

    fn field_batches<'a>(&self, statements: &'a Statements) -> Vec<Batch<'a>> {
        let mut batches: Vec<Batch<'a>> =
            statements.fields.iter().flatten().map(|statement| (statement, Vec::new())).collect();
        for (key, touched) in &self.fields {
            let value = self.rows.fields.get(key).map(|row| &*row.value);
            let (table, row) = match key {
                StoreKey::UserState(..) => continue,
                StoreKey::UserStateSummary(usage, field) => {
                    (0, json!([value, touched.now, field, usage.as_str()]))
                }
                StoreKey::Preferences(user, block_type, field) => (
                    1,
                    json!([value, touched.now, field, block_type, super::student(user).unwrap_or_default()]),
                ),
                StoreKey::UserInfo(user, field) => {
                    (2, json!([value, touched.now, field, super::student(user).unwrap_or_default()]))
                }
                StoreKey::Receipts(user, usage) => {
                    (3, json!([value, touched.now, usage.as_str(), super::student(user).unwrap_or_default()]))
                }
                StoreKey::File(user, usage, name) => {
                    let owner = user.as_ref().map_or(Ok(EVERYBODY), super::student);
                    (4, json!([value, touched.now, name, usage.as_str(), owner.unwrap_or_default()]))
                }
            };
            let (statement, row) = match (touched.id, value) {
                (None, None) => continue,
                (None, Some(_)) => (0, row),
                (Some(id), Some(value)) => (1, json!([id, value, touched.now])),
                (Some(id), None) => (2, json!(id)),
            };
            if let Some((_, rows)) = batches.get_mut(table * 3 + statement) {
                rows.push(row);
            }
        }
        batches
    }
}

fn columns(score: Option<Score>) -> (Option<f64>, Option<f64>) {
    (score.map(|score| score.earned), score.map(|score| score.possible))
}

/// What a change makes of a row.
#[derive(Debug)]
enum Merged {
    /// The change comes to nothing, as a lower score or the deletion of a field that is not set does: the row and its
    /// dates stay.
    Unchanged,
    Row(ModuleRow),
    Gone,
}

impl Merged {
    fn new(usage: &UsageKey, stored: Option<&ModuleRow>, change: &ModuleChange) -> Result<Self, StateError> {
        if change.reset == Some(ResetKind::Row) {
            return Ok(if stored.is_some() { Self::Gone } else { Self::Unchanged });
        }
        let mut row = stored.cloned().unwrap_or_default();
        let mut changed = false;
        match change.reset {
            Some(ResetKind::Fields) if stored.is_some() => {
                row.state = Some(Ok(StateObject::default()));
                row.written = true;
                changed = true;
            }
            // What a block writes to fields that are taken away is taken away with them.
            Some(ResetKind::Fields | ResetKind::Row) => {}
            Some(ResetKind::Score) if change.fields.is_empty() => changed = row.score.take().is_some(),
            Some(ResetKind::Score) | None => {
                if change.reset.is_some() {
                    changed = row.score.take().is_some();
                }
                let before =
                    row.state(usage)?.map_or_else(|| Cow::Owned(StateObject::default()), Cow::Borrowed);
                if let Some(state) = with_fields(before, change) {
                    row.state = Some(Ok(state));
                    row.written = true;
                    changed = true;
                }
            }
        }
        for grade in &change.grades {
            if counts(grade, row.score) {
                row.score = Some(grade.score);
                changed = true;
            }
        }
        Ok(if changed { Self::Row(row) } else { Self::Unchanged })
    }
}

/// The fields with a change, unless it changes nothing.
fn with_fields(mut state: Cow<'_, StateObject>, change: &ModuleChange) -> Option<StateObject> {
    let mut touched = false;
    for (field, value) in &change.fields {
        touched |= match value {
            Some(value) => {
                state.to_mut().set(field, value.clone());
                true
            }
            None => state.get(field).is_some() && state.to_mut().remove(field),
        };
    }
    touched.then(|| state.into_owned())
}

/// Whether a score replaces the one that is stored (spec 4.3.3).
fn counts(grade: &Grade, stored: Option<Score>) -> bool {
    match stored {
        Some(stored) if grade.only_if_higher => ratio(grade.score) >= ratio(stored),
        _ => true,
    }
}

fn ratio(score: Score) -> f64 {
    if score.possible > 0.0 { score.earned / score.possible } else { 0.0 }
}
