//! The answer to the loads of a group, and what of it each of them gets.

use std::collections::HashMap;
use std::sync::Arc;

use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;

use super::cells::Cells;
use super::wanted::{EVERYBODY, Wanted};
use crate::state_object::StateObject;
use crate::{Snapshot, Stored};

/// All rows, found by table, student and owner.
///
/// A database may take two keys for the same that differ in case. Whose key is not exactly the one that was asked for is
/// not found here.
pub(super) struct Loaded<'a> {
    cells: &'a [Cells<'a>],
    /// The last row of each place.
    last: HashMap<(i64, i64, &'a str), usize>,
    /// The row before it in the same place.
    before: Vec<Option<usize>>,
}

impl<'a> Loaded<'a> {
    pub(super) fn new(cells: &'a [Cells<'a>]) -> Self {
        let mut last = HashMap::with_capacity(cells.len());
        let place = |cells: &'a Cells<'a>| (cells.source, cells.student, &*cells.owner);
        let before =
            cells.iter().enumerate().map(|(position, cells)| last.insert(place(cells), position)).collect();
        Self { cells, last, before }
    }

    fn rows(&self, source: i64, student: i64, owner: &str) -> impl Iterator<Item = &'a Cells<'a>> {
        let first = self.last.get(&(source, student, owner)).copied();
        let positions =
            std::iter::successors(first, |position| self.before.get(*position).copied().flatten());
        positions.filter_map(|position| self.cells.get(position))
    }

    /// What one load has asked for.
    pub(super) fn snapshot(&self, wanted: &Wanted) -> Snapshot {
        let mut snapshot = Snapshot::default();
        snapshot.values.reserve(self.cells.len());
        for (student, usage) in &wanted.modules {
            for cells in self.rows(0, *student, usage.as_str()) {
                module(&mut snapshot, *student, usage, cells);
            }
        }
        let mut set = |key, cells: &Cells<'_>| {
            let json = Arc::from(cells.value.as_deref().unwrap_or_default());
            snapshot.values.insert(key, Stored { json });
        };
        for (usage, fields) in &wanted.summaries {
            for cells in self.rows(1, 0, usage.as_str()) {
                if let Some(field) = fields.get(&*cells.field) {
                    set(StoreKey::UserStateSummary(usage.clone(), field.clone()), cells);
                }
            }
        }
        for (student, block_type) in &wanted.preferences {
            for cells in self.rows(2, *student, block_type) {
                let user = UserId::Learner(*student);
                set(StoreKey::Preferences(user, block_type.clone(), Arc::from(&*cells.field)), cells);
            }
        }
        for student in &wanted.user_info {
            for cells in self.rows(3, *student, "") {
                set(StoreKey::UserInfo(UserId::Learner(*student), Arc::from(&*cells.field)), cells);
            }
        }
        for (student, usage) in &wanted.receipts {
            for cells in self.rows(4, *student, usage.as_str()) {
                set(StoreKey::Receipts(UserId::Learner(*student), usage.clone()), cells);
            }
        }
        for (owner, usage, name) in &wanted.files {
            for cells in self.rows(5, *owner, usage.as_str()).filter(|cells| *cells.field == **name) {
                set(StoreKey::File(learner(*owner), usage.clone(), name.clone()), cells);
            }
        }
        snapshot
    }
}

/// The owner of a file, if it has one.
pub(super) fn learner(owner: i64) -> Option<UserId> {
    (owner != EVERYBODY).then_some(UserId::Learner(owner))
}

fn module(snapshot: &mut Snapshot, student: i64, usage: &UsageKey, cells: &Cells<'_>) {
    match cells.value.as_deref().map(StateObject::fields) {
        None => {}
        Some(Ok(fields)) => snapshot.values.extend(fields.into_iter().map(|(field, value)| {
            let key = StoreKey::UserState(UserId::Learner(student), usage.clone(), Arc::from(field));
            (key, Stored { json: Arc::from(value.get()) })
        })),
        Some(Err(error)) => {
            tracing::warn!(%usage, student, %error, "damaged state is shown as unset");
        }
    }
    if let Some(score) = cells.score {
        snapshot.scores.insert(usage.clone(), score);
    }
}
