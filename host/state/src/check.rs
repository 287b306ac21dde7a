//! What must hold of a commit before any store looks at it. Pure: no store is read.

use std::sync::{Arc, LazyLock};

use blockhouse_fields::{StoreKey, UserId};
use serde_json::value::RawValue;

use crate::{Commit, Event, EventKind, StateError, Write};

/// Every key that belongs to one person belongs to the person whose call it was (spec 4.2.2).
pub(crate) fn one_person(commit: &Commit) -> Result<(), StateError> {
    let read = commit.reads.iter().map(|(key, _)| key);
    let written = commit.writes.iter().map(|write| &write.key);
    match read.chain(written).filter_map(owner).find(|owner| **owner != commit.user) {
        Some(stranger) => Err(StateError::WrongUser(stranger.clone())),
        None => Ok(()),
    }
}

fn owner(key: &StoreKey) -> Option<&UserId> {
    match key {
        StoreKey::UserState(user, ..)
        | StoreKey::Preferences(user, ..)
        | StoreKey::UserInfo(user, _)
        | StoreKey::Receipts(user, _) => Some(user),
        StoreKey::File(user, ..) => user.as_ref(),
        StoreKey::UserStateSummary(..) => None,
    }
}

/// The name of what is no field, for stores that keep a name with every value.
pub(crate) static RECEIPTS: LazyLock<Arc<str>> = LazyLock::new(|| Arc::from("receipts"));

/// The field that a key names.
pub(crate) fn field(key: &StoreKey) -> &Arc<str> {
    match key {
        StoreKey::UserState(_, _, field)
        | StoreKey::UserStateSummary(_, field)
        | StoreKey::Preferences(_, _, field)
        | StoreKey::UserInfo(_, field)
        | StoreKey::File(_, _, field) => field,
        StoreKey::Receipts(..) => &RECEIPTS,
    }
}

/// The value to store, as one JSON value without surrounding white space. Numbers keep every digit.
pub(crate) fn value(write: &Write) -> Result<Option<Box<RawValue>>, StateError> {
    write
        .value
        .as_deref()
        .map(|text| {
            RawValue::from_string(text.to_owned())
                .map_err(|source| StateError::NotJson { field: field(&write.key).clone(), source })
        })
        .transpose()
}

/// The numbers of an event are numbers that a table can hold and a grade book can use.
pub(crate) fn event(event: &Event) -> Result<(), StateError> {
    let wrong = |what, expected| Err(StateError::OutOfRange { what, usage: event.usage.clone(), expected });
    match &event.kind {
        EventKind::Grade(grade) => {
            if !(grade.score.earned.is_finite() && grade.score.possible.is_finite()) {
                return wrong("score", "a finite number of points out of a finite number");
            }
        }
        EventKind::Completion(part) => {
            if !(0.0..=1.0).contains(part) {
                return wrong("completion", "between 0.0 and 1.0");
            }
        }
        EventKind::Other(_, data) => {
            if let Err(source) = serde_json::from_str::<&RawValue>(data) {
                return Err(StateError::NotJson { field: Arc::from("data"), source });
            }
        }
    }
    Ok(())
}
