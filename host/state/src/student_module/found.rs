//! What was there: rows of the tables, as a group of commits has read them and as they become within it.

use std::collections::HashMap;
use std::sync::Arc;

use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;

use super::cells::Cells;
use super::loaded;
use super::wanted::Wanted;
use crate::database::{Database, Row};
use crate::state_object::StateObject;
use crate::{Score, StateError};

/// A row of StudentModule.
#[derive(Clone, Debug, Default)]
pub(super) struct ModuleRow {
    /// `None` until it has been inserted.
    pub(super) id: Option<i64>,
    pub(super) score: Option<Score>,
    /// `None` where the column is NULL: nobody has looked at the block yet.
    pub(super) state: Option<Result<StateObject, Arc<serde_json::Error>>>,
    /// Whether `state` is other than what the table holds.
    pub(super) written: bool,
}

impl ModuleRow {
    /// The fields, unless what is stored is damaged.
    pub(super) fn state(&self, usage: &UsageKey) -> Result<Option<&StateObject>, StateError> {
        let damaged = |source: &Arc<serde_json::Error>| StateError::Damaged {
            usage: usage.clone(),
            source: source.clone(),
        };
        self.state.as_ref().map(|state| state.as_ref().map_err(damaged)).transpose()
    }

    /// The text of the column.
    pub(super) fn state_text(&self) -> Option<String> {
        Some(self.state.as_ref()?.as_ref().ok()?.to_string())
    }
}

/// A row of one of the other tables.
#[derive(Clone, Debug)]
pub(super) struct FieldRow {
    /// `None` until it has been inserted.
    pub(super) id: Option<i64>,
    pub(super) value: Arc<str>,
}

/// Rows by what they belong to.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) modules: HashMap<(i64, UsageKey), ModuleRow>,
    pub(super) fields: HashMap<StoreKey, FieldRow>,
}

/// The keys that were asked for, by their texts.
type Usages<'a> = HashMap<&'a str, &'a UsageKey>;

fn usages(wanted: &Wanted) -> Usages<'_> {
    let modules = wanted.modules.iter().map(|(_, usage)| usage);
    modules
        .chain(wanted.summaries.keys())
        .chain(wanted.receipts.iter().map(|(_, usage)| usage))
        .chain(wanted.files.iter().map(|(_, usage, _)| usage))
        .map(|usage| (usage.as_str(), usage))
        .collect()
}

impl Found {
    /// The rows of an answer.
    ///
    /// A database may take two keys for the same that differ in case. Whose key is not exactly the one that was asked
    /// for is not taken.
    pub(super) fn take<D: Database>(&mut self, wanted: &Wanted, rows: &[Row<D>]) -> Result<(), sqlx::Error> {
        let usages = usages(wanted);
        for row in rows {
            self.take_cells(&usages, Cells::of::<D>(row)?);
        }
        Ok(())
    }

    fn take_cells(&mut self, usages: &Usages<'_>, cells: Cells<'_>) {
        let Cells { source, id, student, owner, field, value, score } = cells;
        let usage = || usages.get(&*owner).map(|usage| (*usage).clone());
        let learner = || UserId::Learner(student);
        let field = || Arc::from(&*field);
        let key = match source {
            0 => {
                if let Some(usage) = usage() {
                    let state = value.map(|text| StateObject::parse(&text).map_err(Arc::new));
                    let row = ModuleRow { id: Some(id), score, state, written: false };
                    self.modules.insert((student, usage), row);
                }
                return;
            }
            1 => match usage() {
                Some(usage) => StoreKey::UserStateSummary(usage, field()),
                None => return,
            },
            2 => StoreKey::Preferences(learner(), Arc::from(&*owner), field()),
            3 => StoreKey::UserInfo(learner(), field()),
            4 => match usage() {
                Some(usage) => StoreKey::Receipts(learner(), usage),
                None => return,
            },
            _ => match usage() {
                Some(usage) => StoreKey::File(loaded::learner(student), usage, field()),
                None => return,
            },
        };
        self.fields.insert(key, FieldRow { id: Some(id), value: Arc::from(&*value.unwrap_or_default()) });
    }

    /// The stored text of one field.
    pub(super) fn value(&self, key: &StoreKey) -> Result<Option<&str>, StateError> {
        match key {
            StoreKey::UserState(UserId::Learner(student), usage, field) => {
                match self.modules.get(&(*student, usage.clone())) {
                    Some(row) => Ok(row.state(usage)?.and_then(|state| state.get(field))),
                    None => Ok(None),
                }
            }
            _ => Ok(self.fields.get(key).map(|row| &*row.value)),
        }
    }
}
