//! Who is looking, as far as a block may know.

pub use crate::backend::VisitorKind;

/// What kind of person is looking.
pub fn kind() -> VisitorKind {
    crate::backend::visitor_kind()
}

/// A stable pseudonym: another one in every learning context, and no account can be inferred from it.
pub fn anonymous_id() -> String {
    crate::backend::anonymous_student_id()
}
