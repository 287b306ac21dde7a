//! The files of a backup. What other programs put there besides is left alone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use toml::value::Datetime;

use crate::libraries::LibraryError;

/// The file that says which library it is.
pub(super) const PACKAGE: &str = "package.toml";

/// The only form of backups that there is.
pub(super) const FORMAT: u32 = 1;

/// What the keys of components begin with, and the folder that holds them.
pub(super) const COMPONENTS: &str = "xblock.v1";

#[derive(Serialize, Deserialize)]
pub(super) struct Package {
    pub(super) meta: Meta,
    pub(super) learning_package: About,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Meta {
    pub(super) format_version: u32,
    #[serde(default)]
    pub(super) created_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) created_at: Option<Datetime>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct About {
    pub(super) title: String,
    pub(super) key: String,
    #[serde(default)]
    pub(super) description: String,
    pub(super) created: Option<Datetime>,
    pub(super) updated: Option<Datetime>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EntityFile {
    pub(super) entity: Head,
    #[serde(default)]
    pub(super) version: Vec<VersionHead>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Head {
    #[serde(default)]
    pub(super) can_stand_alone: bool,
    pub(super) key: String,
    pub(super) created: Option<Datetime>,
    #[serde(default)]
    pub(super) draft: Pointer,
    #[serde(default)]
    pub(super) published: Pointer,
    /// `unit`, `subsection` or `section`, an empty table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) container: Option<toml::Table>,
}

#[derive(Default, Serialize, Deserialize)]
pub(super) struct Pointer {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) version_num: Option<u64>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct VersionHead {
    #[serde(default)]
    pub(super) title: String,
    pub(super) version_num: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) container: Option<Children>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Children {
    #[serde(default)]
    pub(super) children: Vec<String>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CollectionFile {
    pub(super) collection: CollectionHead,
}

#[derive(Serialize, Deserialize)]
pub(super) struct CollectionHead {
    pub(super) title: String,
    pub(super) key: String,
    #[serde(default)]
    pub(super) description: String,
    pub(super) created: Option<Datetime>,
    #[serde(default)]
    pub(super) entities: Vec<String>,
}

/// Milliseconds since 1970 as TOML has moments.
pub(super) fn moment(ms: i64) -> Option<Datetime> {
    Timestamp::from_millisecond(ms).ok()?.to_string().parse().ok()
}

/// A moment of TOML in milliseconds since 1970.
pub(super) fn millis(moment: Option<&Datetime>) -> Option<i64> {
    let moment: Timestamp = moment?.to_string().parse().ok()?;
    Some(moment.as_millisecond())
}

pub(super) fn to_text(file: &impl Serialize) -> Result<String, LibraryError> {
    toml::to_string(file).map_err(|error| LibraryError::Damaged(error.to_string()))
}
