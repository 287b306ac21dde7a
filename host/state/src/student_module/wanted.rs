//! Which rows to read.

use std::collections::BTreeSet;
use std::sync::Arc;

use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::{LearningContextKey, UsageKey};
use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

use super::statements::SOURCES;
use crate::BlockRef;

/// The rows that a load or a group of commits needs, of all tables and of any number of learners.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) modules: IndexSet<(i64, UsageKey)>,
    /// The fields of each block.
    pub(super) summaries: IndexMap<UsageKey, BTreeSet<Arc<str>>>,
    /// All fields of a learner for a block type.
    pub(super) preferences: IndexSet<(i64, Arc<str>)>,
    /// All fields of a learner.
    pub(super) user_info: IndexSet<i64>,
    pub(super) receipts: IndexSet<(i64, UsageKey)>,
    /// By owner, who is [`EVERYBODY`] for those that all share.
    pub(super) files: IndexSet<(i64, UsageKey, Arc<str>)>,
}

/// In the place of a learner's number. No account has it.
pub(super) const EVERYBODY: i64 = 0;

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
            if !block.summary_fields.is_empty() {
                let fields = block.summary_fields.iter().cloned();
                wanted.summaries.entry(block.usage.clone()).or_default().extend(fields);
            }
            if block.user_info {
                wanted.user_info.insert(student);
            }
            if block.receipts {
                wanted.receipts.insert((student, block.usage.clone()));
            }
            for (owner, names) in [(student, &block.own_files), (EVERYBODY, &block.shared_files)] {
                wanted.files.extend(names.iter().map(|name| (owner, block.usage.clone(), name.clone())));
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
                self.summaries.entry(usage.clone()).or_default().insert(field.clone());
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
            StoreKey::File(None, usage, name) => {
                self.files.insert((EVERYBODY, usage.clone(), name.clone()));
            }
            StoreKey::File(Some(UserId::Learner(student)), usage, name) => {
                self.files.insert((*student, usage.clone(), name.clone()));
            }
            StoreKey::UserState(..)
            | StoreKey::Preferences(..)
            | StoreKey::UserInfo(..)
            | StoreKey::Receipts(..)
            | StoreKey::File(..) => {}
        }
    }

    pub(super) fn extend(&mut self, other: &Self) {
        self.modules.extend(other.modules.iter().cloned());
        for (usage, fields) in &other.summaries {
            self.summaries.entry(usage.clone()).or_default().extend(fields.iter().cloned());
        }
        self.preferences.extend(other.preferences.iter().cloned());
        self.user_info.extend(other.user_info.iter().copied());
        self.receipts.extend(other.receipts.iter().cloned());
        self.files.extend(other.files.iter().cloned());
    }

    /// The lists of a load: for each table, in the order of `statements::TABLES`, the JSON of `Database::rows`
    /// or `Database::grouped`, or none where no row is wanted.
    pub(super) fn to_load(&self) -> [Option<String>; SOURCES] {
        [
            list(groups(&self.modules), |group| group),
            // All fields of a block stand together, and a block wants nearly all of them.
            list(self.summaries.keys(), |usage| usage),
            list(&self.preferences, |row| row),
            list(&self.user_info, |student| student),
            list(&self.receipts, |row| row),
            list(&self.files, |row| row),
        ]
    }

    /// The lists of a commit, which locks no row that it does not need.
    pub(super) fn to_lock<'a>(&'a self) -> [Option<String>; SOURCES] {
        let [modules, _, preferences, user_info, receipts, files] = self.to_load();
        let fields = |(usage, fields): (_, &'a BTreeSet<_>)| fields.iter().map(move |field| (usage, field));
        let summaries = list(self.summaries.iter().flat_map(fields), |row| row);
        [modules, summaries, preferences, user_info, receipts, files]
    }
}

/// The blocks of one learner in one context stand together, as they come.
fn groups(modules: &IndexSet<(i64, UsageKey)>) -> Vec<(i64, LearningContextKey, Vec<&UsageKey>)> {
    let mut groups: Vec<(i64, LearningContextKey, Vec<&UsageKey>)> = Vec::new();
    for (student, usage) in modules {
        let context = usage.context_key();
        match groups.last_mut() {
            Some((owner, same, blocks)) if owner == student && *same == context => blocks.push(usage),
            _ => groups.push((*student, context, vec![usage])),
        }
    }
    groups
}

fn list<T, R: Serialize>(wanted: impl IntoIterator<Item = T>, row: impl Fn(T) -> R) -> Option<String> {
    let rows: Vec<_> = wanted.into_iter().map(row).collect();
    // Numbers and texts, so it cannot fail.
    (!rows.is_empty()).then(|| serde_json::to_string(&rows).unwrap_or_default())
}
