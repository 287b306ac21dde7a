//! Secrets that the operator gives a block, such as the key of a service. The block says `capabilities = ["secrets"]`,
//! and the operator grants it; in courses where it is not granted, asking fails.

use crate::{Result, backend};

/// The secret of this name; none where the operator gave no such secret. Never put one into a view, an answer, a field
/// or the log.
pub fn get(name: &str) -> Result<Option<String>> {
    backend::secret(name)
}
