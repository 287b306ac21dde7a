//! Which rows to read.

use std::sync::Arc;

use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;
use indexmap::IndexSet;
use serde_json::{Value, json};

use super::statements::SOURCES;
use crate::BlockRef;

/// The rows that a load or a group of commits needs, of all tables and of any number of learners.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) modules: IndexSet<(i64, UsageKey)>,
    pub(super) summaries: IndexSet<(UsageKey, Arc<str>)>,
    /// All fields of a learner for a block type.
    pub(super) preferences: IndexSet<(i64, Arc<str>)>,
    /// All fields of a learner.
    pub(super) user_info: IndexSet<i64>,
    pub(super) receipts: IndexSet<(i64, UsageKey)>,
}

impl Wanted {
    pub(super) fn of_blocks(student: i64, blocks: &[BlockRef]) -> Self {
        let mut wanted = Self::default();
        for block in blocks {
            if block.user_state {
                wanted.modules.insert((student, block.usage.clone()));
            }
            if block.preferences {
                wanted.preferences.insert((student, Arc::from(block.usage.block_type())));
            }
            let fields = block.summary_fields.iter();
            wanted.summaries.extend(fields.map(|field| (block.usage.clone(), field.clone())));
            if block.user_info {
                wanted.user_info.insert(student);
            }
            if block.receipts {
                wanted.receipts.insert((student, block.usage.clone()));
            }
        }
        wanted
    }

    /// A key of somebody who is not a learner stands in no row.
    pub(super) fn key(&mut self, key: &StoreKey) {
        match key {
            StoreKey::UserState(UserId::Learner(student), usage, _) => {
                self.modules.insert((*student, usage.clone()));
            }
            StoreKey::UserStateSummary(usage, field) => {
                self.summaries.insert((usage.clone(), field.clone()));
            }
            StoreKey::Preferences(UserId::Learner(student), block_type, _) => {
                self.preferences.insert((*student, block_type.clone()));
            }
            StoreKey::UserInfo(UserId::Learner(student), _) => {
                self.user_info.insert(*student);
            }
            StoreKey::Receipts(UserId::Learner(student), usage) => {
                self.receipts.insert((*student, usage.clone()));
            }
            StoreKey::UserState(..)
            | StoreKey::Preferences(..)
            | StoreKey::UserInfo(..)
            | StoreKey::Receipts(..) => {}
        }
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.modules.extend(other.modules.iter().cloned());
        self.summaries.extend(other.summaries.iter().cloned());
        self.preferences.extend(other.preferences.iter().cloned());
        self.user_info.extend(other.user_info.iter().copied());
        self.receipts.extend(other.receipts.iter().cloned());
    }

    /// Whether a row of one of the tables of fields is among those that are wanted.
    pub(super) fn has_field(&self, key: &StoreKey) -> bool {
        match key {
            StoreKey::UserStateSummary(usage, field) => {
                self.summaries.contains(&(usage.clone(), field.clone()))
            }
            StoreKey::Preferences(UserId::Learner(student), block_type, _) => {
                self.preferences.contains(&(*student, block_type.clone()))
            }
            StoreKey::UserInfo(UserId::Learner(student), _) => self.user_info.contains(student),
            StoreKey::Receipts(UserId::Learner(student), usage) => {
                self.receipts.contains(&(*student, usage.clone()))
            }
            StoreKey::UserState(..)
            | StoreKey::Preferences(..)
            | StoreKey::UserInfo(..)
            | StoreKey::Receipts(..) => false,
        }
    }

    /// For each table, in the order of `statements::Source`, the JSON of `Database::rows`.
    pub(super) fn parameters(&self) -> [Vec<Value>; SOURCES] {
        [
            self.modules
                .iter()
                .map(|(student, usage)| json!([student, usage.as_str(), usage.context_key().as_str()]))
                .collect(),
            self.summaries.iter().map(|(usage, field)| json!([usage.as_str(), field])).collect(),
            self.preferences.iter().map(|(student, block_type)| json!([student, block_type])).collect(),
            self.user_info.iter().map(|student| json!([student])).collect(),
            self.receipts.iter().map(|(student, usage)| json!([student, usage.as_str()])).collect(),
        ]
    }
}
