//! The files that the author put beside the block, read by the block itself. Its page needs their addresses only:
//! [`usage::static_url`](crate::usage::static_url).

use std::fmt;

use crate::backend;

/// The bytes of an author's file: `en.srt` for `/static/en.srt`; none when there is no such file. In a library a block
/// has files of its own and no others, those of the version that is shown; in a course it has the files of the course.
pub fn read(name: &str) -> Result<Option<Vec<u8>>, Failure> {
    backend::file_read(name)
}

/// Why a file could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It is larger than what the block may still read in this call.
    TooLarge,
    /// Files cannot be read in this call, or not now, and why.
    Unavailable(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::TooLarge => f.write_str("the file is too large for the block to read"),
            Failure::Unavailable(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Failure {}
