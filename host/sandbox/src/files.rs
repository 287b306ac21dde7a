//! What blocks read of their authors' files. Where they lie is the caller's.

use serde::{Deserialize, Serialize};

/// The bytes of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileBytes(#[serde(with = "crate::recording::bytes_as_text")] pub Vec<u8>);

impl FileBytes {
    /// As a text, in which what is none is replaced.
    pub(crate) fn text(&self) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }
}

/// Why a file could not be read; the WIT variant `file-error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FileFailure {
    /// It has more bytes than may be read.
    TooLarge,
    /// There are no files in this call, or they are away.
    Unavailable(String),
}
