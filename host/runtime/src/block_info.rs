//! What may be said of a block without running it.

use blockhouse_keys::UsageKey;

/// A block's metadata.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockInfo {
    /// Which block.
    pub usage: UsageKey,
    /// The number of the version, where its context numbers them.
    pub number: Option<u64>,
    /// Its type, as the content names it.
    pub block_type: String,
    /// The author's title; else the type's own name; else the type (spec 3.10.2).
    pub display_name: String,
    /// `video`, `problem` or `other`.
    pub icon: String,
    /// Whether this host has the type.
    pub installed: bool,
    /// Whether it publishes grades.
    pub has_score: bool,
    /// Whether its own view says the score.
    pub shows_score: bool,
    /// Whether a learner completes it by looking at it; the page then says so (spec 3.9.7).
    pub completed_by_viewing: bool,
    /// Whether a visitor without an account sees more than the notice to sign in.
    pub has_public_view: bool,
    /// Whether it brings an editor of its own.
    pub has_studio_view: bool,
    /// Whether its fields can be set one by one: a block that reads its OLX itself has to write it, too.
    pub writes_fields: bool,
    /// Its children, in order.
    pub children: Vec<UsageKey>,
    /// The block that it stands in.
    pub parent: Option<UsageKey>,
}
