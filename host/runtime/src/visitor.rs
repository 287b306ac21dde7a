//! Who is asking. The server finds out; here it decides which store and which views are theirs.

use blockhouse_fields::UserId;
use blockhouse_sandbox::VisitorKind;

/// A person, as far as a request is concerned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// Whose state it is.
    pub user: UserId,
    /// BCP 47 tag of the language that they read.
    pub locale: String,
}

impl Visitor {
    pub(crate) fn kind(&self) -> VisitorKind {
        match self.user {
            UserId::Learner(_) => VisitorKind::Learner,
            UserId::Anonymous(_) => VisitorKind::Anonymous,
            UserId::Author(_) => VisitorKind::Author,
        }
    }

    pub(crate) fn is_anonymous(&self) -> bool {
        matches!(self.user, UserId::Anonymous(_))
    }
}
