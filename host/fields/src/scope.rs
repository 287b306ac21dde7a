//! Scopes: for whom, and for how much content, one stored value holds (spec 2.4).

use serde::{Deserialize, Serialize};

/// Whose value it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UserScope {
    /// The same for everyone; authors write it.
    None,
    /// One value per person.
    One,
    /// One value that all persons share.
    All,
}

/// How much content one value covers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum BlockScope {
    /// One place where a block is used.
    Usage,
    /// One definition, wherever it is used.
    Definition,
    /// All blocks of one type.
    Type,
    /// All blocks.
    All,
}

/// The named scopes that a block may declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// What the author wrote, kept with the definition.
    Content,
    /// What the author set for this usage.
    Settings,
    /// One learner's state in this usage.
    UserState,
    /// One learner's state over all blocks of the type.
    Preferences,
    /// One learner's state over all blocks.
    UserInfo,
    /// State of this usage that its learners share.
    UserStateSummary,
    /// The usage's children.
    Children,
    /// The usage's parent.
    Parent,
}

impl Scope {
    /// Whose value it is. `children` and `parent` are the author's.
    pub fn user(self) -> UserScope {
        match self {
            Scope::Content | Scope::Settings | Scope::Children | Scope::Parent => UserScope::None,
            Scope::UserState | Scope::Preferences | Scope::UserInfo => UserScope::One,
            Scope::UserStateSummary => UserScope::All,
        }
    }

    /// How much content it covers.
    pub fn block(self) -> BlockScope {
        match self {
            Scope::Content => BlockScope::Definition,
            Scope::Settings
            | Scope::UserState
            | Scope::UserStateSummary
            | Scope::Children
            | Scope::Parent => BlockScope::Usage,
            Scope::Preferences => BlockScope::Type,
            Scope::UserInfo => BlockScope::All,
        }
    }

    /// Whether authors write it, so that it lives with the content and not in a state store.
    pub fn is_authored(self) -> bool {
        self.user() == UserScope::None
    }
}
