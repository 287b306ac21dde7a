//! Reading: all rows that a set of keys needs, of all four tables, in one statement.
//!
//! One statement is one snapshot of the database, so scopes never disagree, and it is one round trip. The same
//! statement serves a view that loads a whole page and a commit that checks what it had read.

use std::collections::HashMap;
use std::sync::Arc;

use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;
use indexmap::IndexSet;
use serde_json::Value;
use sqlx::Row;
use sqlx::sqlite::{SqliteConnection, SqliteRow};

use crate::state_object::StateObject;
use crate::{BlockRef, Score, Snapshot, StateError, Stored};

/// Parameters: the student; `[usage, context]` pairs; `[usage, field]` pairs; block types; whether `user_info`
/// is wanted. Lists travel as JSON, so that the statement is the same for any number of blocks.
pub(super) const SELECT: &str = "
SELECT 0 AS source, id, module_id AS owner, NULL AS field, state AS value, grade, max_grade
  FROM courseware_studentmodule
 WHERE student_id = ?1
   AND (module_id, course_id) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?2))
UNION ALL
SELECT 1, id, usage_id, field_name, value, NULL, NULL
  FROM courseware_xmoduleuserstatesummaryfield
 WHERE (usage_id, field_name) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?3))
UNION ALL
SELECT 2, id, module_type, field_name, value, NULL, NULL
  FROM courseware_xmodulestudentprefsfield
 WHERE student_id = ?1
   AND module_type IN (SELECT value FROM json_each(?4))
UNION ALL
SELECT 3, id, NULL, field_name, value, NULL, NULL
  FROM courseware_xmodulestudentinfofield
 WHERE ?5 AND student_id = ?1
";

/// Which rows to read.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    student: i64,
    modules: IndexSet<UsageKey>,
    summary_fields: IndexSet<(UsageKey, Arc<str>)>,
    block_types: IndexSet<Arc<str>>,
    user_info: bool,
}

impl Wanted {
    pub(super) fn nothing(student: i64) -> Self {
        Self {
            student,
            modules: IndexSet::new(),
            summary_fields: IndexSet::new(),
            block_types: IndexSet::new(),
            user_info: false,
        }
    }

    pub(super) fn of_blocks(student: i64, blocks: &[BlockRef]) -> Self {
        let mut wanted = Self::nothing(student);
        wanted.user_info = !blocks.is_empty();
        for block in blocks {
            wanted.module(&block.usage);
            wanted.block_types.insert(Arc::from(block.usage.block_type()));
            let fields = block.summary_fields.iter();
            wanted.summary_fields.extend(fields.map(|field| (block.usage.clone(), field.clone())));
        }
        wanted
    }

    pub(super) fn module(&mut self, usage: &UsageKey) {
        self.modules.insert(usage.clone());
    }

    pub(super) fn key(&mut self, key: &StoreKey) {
        match key {
            StoreKey::UserState(_, usage, _) => self.module(usage),
            StoreKey::UserStateSummary(usage, field) => {
                self.summary_fields.insert((usage.clone(), field.clone()));
            }
            StoreKey::Preferences(_, block_type, _) => {
                self.block_types.insert(block_type.clone());
            }
            StoreKey::UserInfo(..) => self.user_info = true,
        }
    }
}

/// A row of StudentModule.
#[derive(Clone, Debug)]
pub(super) struct ModuleRow {
    pub(super) id: i64,
    pub(super) score: Option<Score>,
    state: Result<StateObject, Arc<serde_json::Error>>,
}

impl ModuleRow {
    /// The fields, unless what is stored is damaged.
    pub(super) fn state(&self, usage: &UsageKey) -> Result<&StateObject, StateError> {
        self.state
            .as_ref()
            .map_err(|source| StateError::Damaged { usage: usage.clone(), source: source.clone() })
    }
}

/// What was there.
#[derive(Debug, Default)]
pub(super) struct Found {
    modules: HashMap<UsageKey, ModuleRow>,
    summaries: HashMap<(UsageKey, Arc<str>), Arc<str>>,
    preferences: HashMap<(Arc<str>, Arc<str>), Arc<str>>,
    user_info: HashMap<Arc<str>, Arc<str>>,
}

impl Found {
    pub(super) fn module(&self, usage: &UsageKey) -> Option<&ModuleRow> {
        self.modules.get(usage)
    }

    /// The stored text of one field.
    pub(super) fn value(&self, key: &StoreKey) -> Result<Option<&str>, StateError> {
        Ok(match key {
            StoreKey::UserState(_, usage, field) => match self.modules.get(usage) {
                Some(row) => row.state(usage)?.get(field),
                None => None,
            },
            StoreKey::UserStateSummary(usage, field) => {
                self.summaries.get(&(usage.clone(), field.clone())).map(|value| &**value)
            }
            StoreKey::Preferences(_, block_type, field) => {
                self.preferences.get(&(block_type.clone(), field.clone())).map(|value| &**value)
            }
            StoreKey::UserInfo(_, field) => self.user_info.get(field).map(|value| &**value),
        })
    }

    pub(super) fn into_snapshot(self, user: &UserId) -> Snapshot {
        let mut snapshot = Snapshot::default();
        for (usage, row) in self.modules {
            match &row.state {
                Ok(state) => snapshot.values.extend(state.iter().map(|(field, value)| {
                    let key = StoreKey::UserState(user.clone(), usage.clone(), Arc::from(field));
                    (key, Stored { json: Arc::from(value) })
                })),
                Err(error) => {
                    tracing::warn!(%usage, %user, %error, "damaged state is shown as unset");
                }
            }
            if let Some(score) = row.score {
                snapshot.scores.insert(usage, score);
            }
        }
        let summaries = self
            .summaries
            .into_iter()
            .map(|((usage, field), json)| (StoreKey::UserStateSummary(usage, field), json));
        let preferences = self.preferences.into_iter().map(|((block_type, field), json)| {
            (StoreKey::Preferences(user.clone(), block_type, field), json)
        });
        let user_info =
            self.user_info.into_iter().map(|(field, json)| (StoreKey::UserInfo(user.clone(), field), json));
        let values = summaries.chain(preferences).chain(user_info);
        snapshot.values.extend(values.map(|(key, json)| (key, Stored { json })));
        snapshot
    }
}

/// Reads what is wanted, as it is now or, inside a transaction, as it has become there.
pub(super) async fn read(connection: &mut SqliteConnection, wanted: &Wanted) -> Result<Found, sqlx::Error> {
    let rows = sqlx::query(SELECT)
        .bind(wanted.student)
        .bind(pairs(wanted.modules.iter().map(|usage| (usage, usage.context_key()))))
        .bind(pairs(wanted.summary_fields.iter().map(|(usage, field)| (usage, field))))
        .bind(list(wanted.block_types.iter().map(|block_type| Value::from(&**block_type))))
        .bind(wanted.user_info)
        .fetch_all(connection)
        .await?;

    let summary_usages = wanted.summary_fields.iter().map(|(usage, _)| usage);
    let usages: HashMap<&str, &UsageKey> =
        wanted.modules.iter().chain(summary_usages).map(|usage| (usage.as_str(), usage)).collect();
    let mut found = Found::default();
    for row in &rows {
        found.take(row, &usages)?;
    }
    Ok(found)
}

impl Found {
    fn take(&mut self, row: &SqliteRow, usages: &HashMap<&str, &UsageKey>) -> Result<(), sqlx::Error> {
        let usage = |owner: &str| {
            let usage = usages.get(owner).map(|usage| (*usage).clone());
            usage.ok_or_else(|| sqlx::Error::ColumnNotFound(owner.to_owned()))
        };
        let text = |column| row.try_get::<&str, _>(column);
        match row.try_get::<i64, _>("source")? {
            0 => {
                let state = row.try_get::<Option<&str>, _>("value")?.unwrap_or("null");
                let earned: Option<f64> = row.try_get("grade")?;
                let possible: Option<f64> = row.try_get("max_grade")?;
                let module = ModuleRow {
                    id: row.try_get("id")?,
                    score: earned.zip(possible).map(|(earned, possible)| Score { earned, possible }),
                    state: StateObject::parse(state).map_err(Arc::new),
                };
                self.modules.insert(usage(text("owner")?)?, module);
            }
            1 => {
                let key = (usage(text("owner")?)?, Arc::from(text("field")?));
                self.summaries.insert(key, Arc::from(text("value")?));
            }
            2 => {
                let key = (Arc::from(text("owner")?), Arc::from(text("field")?));
                self.preferences.insert(key, Arc::from(text("value")?));
            }
            _ => {
                self.user_info.insert(Arc::from(text("field")?), Arc::from(text("value")?));
            }
        }
        Ok(())
    }
}

/// The `[usage, field]` or `[usage, context]` pairs of a statement's parameter.
fn pairs<'a>(pairs: impl Iterator<Item = (&'a UsageKey, impl AsRef<str>)>) -> String {
    list(pairs.map(|(usage, with)| Value::from(vec![usage.as_str(), with.as_ref()])))
}

fn list(values: impl Iterator<Item = Value>) -> String {
    Value::Array(values.collect()).to_string()
}
