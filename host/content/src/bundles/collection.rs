//! Collections.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A group of bundles that one organisation looks after. Each bundle is in one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Collection {
    /// Who it is.
    pub uuid: Uuid,
    /// What people call it; at most 180 characters.
    pub title: String,
}
