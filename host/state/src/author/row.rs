//! Where a field stands in the table of authors' previews.

use std::sync::Arc;

use blockhouse_fields::{StoreKey, UserId};

use crate::database::Parameter;
use crate::{BlockRef, StateError, check};

/// `context` of what belongs to no block. No key of a learning context is empty.
pub(super) const NO_CONTEXT: &str = "";

/// Characters in `owner` and `field_name`.
const LONGEST: usize = 255;

const USER_STATE: &str = "user_state";
const SUMMARY: &str = "user_state_summary";
const PREFERENCES: &str = "preferences";
const USER_INFO: &str = "user_info";
const RECEIPTS: &str = "receipts";
const FILE: &str = "file";
const SHARED_FILE: &str = "shared_file";

/// What names a row, besides its author.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct RowKey {
    pub(super) context: String,
    scope: &'static str,
    /// A usage key, a block type, or nothing.
    owner: String,
    field: Arc<str>,
}

impl RowKey {
    pub(super) fn of(key: &StoreKey) -> Result<Self, StateError> {
        let field = check::field(key).clone();
        let (context, scope, owner) = match key {
            StoreKey::UserState(_, usage, _) => {
                (usage.context_key().to_string(), USER_STATE, usage.to_string())
            }
            StoreKey::UserStateSummary(usage, _) => {
                (usage.context_key().to_string(), SUMMARY, usage.to_string())
            }
            StoreKey::Preferences(_, block_type, _) => {
                (NO_CONTEXT.to_owned(), PREFERENCES, block_type.to_string())
            }
            StoreKey::UserInfo(..) => (NO_CONTEXT.to_owned(), USER_INFO, String::new()),
            StoreKey::Receipts(_, usage) => (usage.context_key().to_string(), RECEIPTS, usage.to_string()),
            StoreKey::File(user, usage, _) => {
                let scope = if user.is_some() { FILE } else { SHARED_FILE };
                (usage.context_key().to_string(), scope, usage.to_string())
            }
        };
        for (what, text) in [("usage key or block type", owner.as_str()), ("field name", &field)] {
            if text.chars().count() > LONGEST {
                return Err(StateError::TooLong { what, limit: LONGEST });
            }
        }
        Ok(Self { context, scope, owner, field })
    }

    /// Whether it is a file, which is too large to be read for nothing.
    pub(super) fn is_file(&self) -> bool {
        matches!(self.scope, FILE | SHARED_FILE)
    }

    /// A key as it stands in a row. A scope of a newer host is no key of ours, and never asked for.
    pub(super) fn stored(context: &str, scope: &str, owner: &str, field: &str) -> Self {
        let scopes = [USER_STATE, SUMMARY, PREFERENCES, USER_INFO, RECEIPTS, FILE, SHARED_FILE];
        Self {
            context: context.to_owned(),
            scope: scopes.into_iter().find(|known| *known == scope).unwrap_or_default(),
            owner: owner.to_owned(),
            field: Arc::from(field),
        }
    }

    /// The key for `author`, if it is one that these blocks want.
    pub(super) fn into_store_key(self, author: &UserId, blocks: &[BlockRef]) -> Option<StoreKey> {
        let block = || blocks.iter().find(|block| block.usage.as_str() == self.owner);
        Some(match self.scope {
            USER_STATE => {
                let block = block().filter(|block| block.user_state)?;
                StoreKey::UserState(author.clone(), block.usage.clone(), self.field)
            }
            SUMMARY => {
                let block = block()?;
                block.summary_fields.contains(&self.field).then_some(())?;
                StoreKey::UserStateSummary(block.usage.clone(), self.field)
            }
            PREFERENCES => {
                let wants = |block: &&BlockRef| block.preferences && block.usage.block_type() == self.owner;
                blocks.iter().find(wants)?;
                StoreKey::Preferences(author.clone(), Arc::from(self.owner), self.field)
            }
            USER_INFO => {
                blocks.iter().find(|block| block.user_info)?;
                StoreKey::UserInfo(author.clone(), self.field)
            }
            RECEIPTS => {
                let block = block().filter(|block| block.receipts)?;
                StoreKey::Receipts(author.clone(), block.usage.clone())
            }
            FILE => {
                let block = block().filter(|block| block.own_files.contains(&self.field))?;
                StoreKey::File(Some(author.clone()), block.usage.clone(), self.field)
            }
            SHARED_FILE => {
                let block = block().filter(|block| block.shared_files.contains(&self.field))?;
                StoreKey::File(None, block.usage.clone(), self.field)
            }
            _ => return None,
        })
    }

    /// The parameters of the statement that sets it.
    pub(super) fn set(&self, author: i64, value: &str, now_ms: i64) -> Vec<Parameter> {
        let text = |text: &str| Parameter::Text(text.to_owned());
        vec![
            Parameter::Number(author),
            text(&self.context),
            text(self.scope),
            text(&self.owner),
            text(&self.field),
            text(value),
            Parameter::Number(now_ms),
        ]
    }

    /// The parameters of the statement that deletes it.
    pub(super) fn delete(&self, author: i64) -> Vec<Parameter> {
        let text = |text: &str| Parameter::Text(text.to_owned());
        vec![Parameter::Number(author), text(self.scope), text(&self.owner), text(&self.field)]
    }
}
