//! What was there: rows of the tables, as they were read and, within a group of commits, as they have become.

use std::collections::HashMap;
use std::sync::Arc;

use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;

use super::wanted::Wanted;
use crate::database::{Database, Row};
use crate::state_object::StateObject;
use crate::{Score, Snapshot, StateError, Stored};

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

impl Found {
    /// The rows of an answer, each with the columns of `statements::Statements::select`.
    ///
    /// A database may take two keys for the same that differ in case. Whose key is not exactly the one that was asked
    /// for is not taken.
    pub(super) fn take<D: Database>(&mut self, wanted: &Wanted, rows: &[Row<D>]) -> Result<(), sqlx::Error> {
        let modules = wanted.modules.iter().map(|(_, usage)| usage);
        let usages: HashMap<&str, &UsageKey> = modules
            .chain(wanted.summaries.iter().map(|(usage, _)| usage))
            .chain(wanted.receipts.iter().map(|(_, usage)| usage))
            .map(|usage| (usage.as_str(), usage))
            .collect();
        for row in rows {
            self.take_row::<D>(&usages, row)?;
        }
        Ok(())
    }

    fn take_row<D: Database>(
        &mut self,
        usages: &HashMap<&str, &UsageKey>,
        row: &Row<D>,
    ) -> Result<(), sqlx::Error> {
        let number = |column| Ok::<_, sqlx::Error>(D::number(row, column)?.unwrap_or_default());
        let text = |column| Ok::<_, sqlx::Error>(D::text(row, column)?.unwrap_or_default());
        let usage = |owner: &str| usages.get(owner).map(|usage| (*usage).clone());
        let (id, student) = (number("id")?, number("student")?);
        let learner = || UserId::Learner(student);
        let key = match number("source")? {
            0 => {
                if let Some(usage) = usage(text("owner")?) {
                    let (earned, possible) = (D::real(row, "grade")?, D::real(row, "max_grade")?);
                    let score = earned.zip(possible).map(|(earned, possible)| Score { earned, possible });
                    let state = D::text(row, "value")?.map(|text| StateObject::parse(text).map_err(Arc::new));
                    let row = ModuleRow { id: Some(id), score, state, written: false };
                    self.modules.insert((student, usage), row);
                }
                return Ok(());
            }
            1 => match usage(text("owner")?) {
                Some(usage) => StoreKey::UserStateSummary(usage, Arc::from(text("field")?)),
                None => return Ok(()),
            },
            2 => StoreKey::Preferences(learner(), Arc::from(text("owner")?), Arc::from(text("field")?)),
            3 => StoreKey::UserInfo(learner(), Arc::from(text("field")?)),
            _ => match usage(text("owner")?) {
                Some(usage) => StoreKey::Receipts(learner(), usage),
                None => return Ok(()),
            },
        };
        self.fields.insert(key, FieldRow { id: Some(id), value: Arc::from(text("value")?) });
        Ok(())
    }

    /// The rows of one load out of a group's.
    pub(super) fn only(&self, wanted: &Wanted) -> Self {
        let modules = self.modules.iter().filter(|(key, _)| wanted.modules.contains(*key));
        let fields = self.fields.iter().filter(|(key, _)| wanted.has_field(key));
        Self {
            modules: modules.map(|(key, row)| (key.clone(), row.clone())).collect(),
            fields: fields.map(|(key, row)| (key.clone(), row.clone())).collect(),
        }
    }

    /// The same, for the last of the group.
    pub(super) fn into_only(mut self, wanted: &Wanted) -> Self {
        self.modules.retain(|key, _| wanted.modules.contains(key));
        self.fields.retain(|key, _| wanted.has_field(key));
        self
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

    pub(super) fn into_snapshot(self, user: &UserId) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for ((_, usage), row) in self.modules {
            match &row.state {
                None => {}
                Some(Ok(state)) => snapshot.values.extend(state.iter().map(|(field, value)| {
                    let key = StoreKey::UserState(user.clone(), usage.clone(), Arc::from(field));
                    (key, Stored { json: Arc::from(value) })
                })),
                Some(Err(error)) => {
                    tracing::warn!(%usage, %user, %error, "damaged state is shown as unset");
                }
            }
            if let Some(score) = row.score {
                snapshot.scores.insert(usage, score);
            }
        }
        let fields = self.fields.into_iter();
        snapshot.values.extend(fields.map(|(key, row)| (key, Stored { json: row.value })));
        snapshot
    }
}
