//! Published versions.

use jiff::Timestamp;
use uuid::Uuid;

use super::Digest;

/// A published version of a bundle. Its files and links never change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The bundle.
    pub bundle: Uuid,
    /// From 1, without gaps.
    pub number: u64,
    /// Names the contents of the version together with how they came to be. Two versions never share one.
    pub digest: Digest,
    /// What whoever committed it said about it; at most 1000 characters.
    pub description: String,
    /// When it was committed.
    pub created: Timestamp,
    /// Who committed it, where that is known: the name of a user.
    pub created_by: Option<String>,
}
