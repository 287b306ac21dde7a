//! Under which key a store keeps a value. The host composes keys; a block cannot name one.

use std::fmt;
use std::sync::Arc;

use blockhouse_keys::UsageKey;

use crate::{BlockScope, Scope, UserScope};

/// Whose state it is. The three kinds never compare equal, so their state never mixes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserId {
    /// A registered learner's account number.
    Learner(i64),
    /// `anon` and 20 hex digits.
    Anonymous(Arc<str>),
    /// An author's account number, while previewing.
    Author(i64),
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            UserId::Learner(id) | UserId::Author(id) => write!(f, "{id}"),
            UserId::Anonymous(id) => f.write_str(id),
        }
    }
}

/// Where one value lives: the fields of the four learner scopes, and what the host itself keeps beside them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StoreKey {
    /// (learner, usage, field)
    UserState(UserId, UsageKey, Arc<str>),
    /// (usage, field), shared by all learners
    UserStateSummary(UsageKey, Arc<str>),
    /// (learner, block type, field)
    Preferences(UserId, Arc<str>, Arc<str>),
    /// (learner, field)
    UserInfo(UserId, Arc<str>),
    /// (learner, usage): what was answered to the learner's latest submissions. No field, and out of every block's
    /// reach.
    Receipts(UserId, UsageKey),
    /// (learner, or none where all learners share it; usage; name): a file that a block keeps, as the JSON text of its
    /// bytes in base64. The file without a name is the list of the others.
    File(Option<UserId>, UsageKey, Arc<str>),
}

impl StoreKey {
    /// The key of `field` for `user` at `usage`, or `None` when the scope is the author's.
    pub fn compose(scope: Scope, user: &UserId, usage: &UsageKey, field: &str) -> Option<Self> {
        let field = Arc::from(field);
        match (scope.user(), scope.block()) {
            (UserScope::One, BlockScope::Usage) => Some(Self::UserState(user.clone(), usage.clone(), field)),
            (UserScope::All, BlockScope::Usage) => Some(Self::UserStateSummary(usage.clone(), field)),
            (UserScope::One, BlockScope::Type) => {
                Some(Self::Preferences(user.clone(), Arc::from(usage.block_type()), field))
            }
            (UserScope::One, BlockScope::All) => Some(Self::UserInfo(user.clone(), field)),
            _ => None,
        }
    }
}
