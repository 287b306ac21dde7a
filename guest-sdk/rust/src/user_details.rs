//! Who the learner is beyond a pseudonym: names and address. The block says `capabilities = ["user-details"]`, and the
//! operator grants it; in courses where it is not granted, asking fails.
//!
//! None means that nobody knows. A visitor without an account has no details.

use crate::{Result, backend};

/// What people call the learner.
pub fn display_name() -> Result<Option<String>> {
    backend::display_name()
}

/// The name of the learner's account.
pub fn username() -> Result<Option<String>> {
    backend::username()
}

/// The learner's e-mail address.
pub fn email() -> Result<Option<String>> {
    backend::email()
}
