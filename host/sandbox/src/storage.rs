//! What blocks keep in files of their own. Where these lie is the caller's.

use serde::{Deserialize, Serialize};

/// Whose files; the WIT enum `space`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// Those of whoever is here.
    Own,
    /// Those of everybody who uses the block.
    Shared,
}

impl Space {
    /// Its name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Shared => "shared",
        }
    }
}

/// How much room there is in one space of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// For so many files.
    pub files: usize,
    /// For so many bytes of them together.
    pub bytes: usize,
}

/// A file that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptFile {
    /// Its name.
    pub name: String,
    /// How large it is.
    pub bytes: u64,
}

/// Why it could not be done; the WIT variant `storage-error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StorageFailure {
    /// The call is a view.
    NotInAHandler,
    /// It was not granted here.
    Refused(String),
    /// No file has such a name.
    InvalidName,
    /// The file has more bytes than it may.
    TooLarge,
    /// There is no room.
    Full,
    /// There are no files in this call, or they are away.
    Unavailable(String),
}
