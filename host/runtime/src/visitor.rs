//! Who is asking. The server finds out; here it decides which store and which views are theirs.

use blockhouse_content::Version;
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
    /// The same person in front of a version. Whoever looks at anything but the published version does so as an
    /// author, and what they do to it is not a learner's state.
    #[must_use]
    pub fn on(&self, version: Version) -> Self {
        let user = match (&self.user, version) {
            (UserId::Learner(id), Version::Draft | Version::Number(_)) => UserId::Author(*id),
            (user, _) => user.clone(),
        };
        Self { user, locale: self.locale.clone() }
    }

    /// The version that is meant where none is named: authors work on the draft.
    pub fn usual_version(&self) -> Version {
        match self.user {
            UserId::Author(_) => Version::Draft,
            UserId::Learner(_) | UserId::Anonymous(_) => Version::Published,
        }
    }

    pub(crate) fn kind(&self) -> VisitorKind {
        match self.user {
            UserId::Learner(_) => VisitorKind::Learner,
            UserId::Anonymous(_) => VisitorKind::Anonymous,
            UserId::Author(_) => VisitorKind::Author,
        }
    }

    /// Whether it is nobody registered.
    pub fn is_anonymous(&self) -> bool {
        matches!(self.user, UserId::Anonymous(_))
    }
}
