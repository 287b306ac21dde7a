//! Bundles.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

/// Files that are versioned together: a library, say. What is in it is reached by a [`Tree`](super::Tree).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// Who it is. Never changes.
    pub uuid: Uuid,
    /// The collection that it is in.
    pub collection: Uuid,
    /// For addresses: letters, digits, `-` and `_`, of any script; at most 180 characters.
    pub slug: String,
    /// What people call it; at most 180 characters.
    pub title: String,
    /// At most 10 000 characters.
    pub description: String,
    /// The drafts by name.
    pub drafts: BTreeMap<String, Uuid>,
    /// The number of the newest version; 0 as long as nothing was committed.
    pub latest_version: u64,
    /// When it was deleted. Only [`BundleFilter::deleted`] finds such a bundle, to restore it.
    pub deleted: Option<Timestamp>,
}

/// What a bundle begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewBundle {
    /// The collection that it comes into.
    pub collection: Uuid,
    /// See [`Bundle::slug`].
    pub slug: String,
    /// See [`Bundle::title`].
    pub title: String,
    /// See [`Bundle::description`].
    pub description: String,
}

/// What shall change about a bundle. `None` leaves as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundlePatch {
    /// Moves it into another collection.
    pub collection: Option<Uuid>,
    /// See [`Bundle::slug`].
    pub slug: Option<String>,
    /// See [`Bundle::title`].
    pub title: Option<String>,
    /// See [`Bundle::description`].
    pub description: Option<String>,
}

/// Which bundles to list. All conditions hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BundleFilter {
    /// One of these.
    pub uuids: Option<Vec<Uuid>>,
    /// In this collection.
    pub collection: Option<Uuid>,
    /// With this text in title, description or slug, in whatever case.
    pub text: Option<String>,
    /// Those that were deleted, instead of the others.
    pub deleted: bool,
}
