//! Files that the block keeps while people use it, such as what a learner hands in. The block says
//! `capabilities = ["storage"]`, and the operator grants it.
//!
//! ```
//! use blockhouse_sdk::prelude::*;
//! use blockhouse_sdk::storage::{self, Space};
//!
//! /// Takes drawings.
//! #[derive(Fields)]
//! struct Easel {}
//!
//! #[block(name = "easel", display_name = "Easel", capabilities = ["storage"])]
//! impl Easel {
//!     #[handler]
//!     fn hand_in(&mut self, svg: String) -> Result<u64> {
//!         match storage::write(Space::Own, "drawing.svg", svg.as_bytes()) {
//!             Err(storage::Failure::Full | storage::Failure::TooLarge) => {
//!                 return Err(Error::status(413, "This drawing is too large."));
//!             }
//!             done => done?,
//!         }
//!         Ok(storage::kept_files(Space::Own)?.iter().map(|file| file.bytes).sum())
//!     }
//! }
//! # fn main() {
//! let mut host = blockhouse_sdk::testing::TestHost::<Easel>::new();
//! assert_eq!(host.learner("alice").post("hand_in", "<svg/>").body_json(), 6);
//! # }
//! ```
//!
//! They belong to the block's state: a call that ends in a failure keeps nothing of what it wrote. An answer with the
//! status of an error is an answer, and keeps it, so check first and write last. Views only look.

use std::fmt;

use crate::backend;

/// Whose files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Space {
    /// Those of whoever is here. No call for anybody else reaches them.
    Own,
    /// Those of everybody who uses the block: learners have some, and visitors without an account others.
    Shared,
}

/// A file that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    /// Its name.
    pub name: String,
    /// How large it is.
    pub bytes: u64,
}

/// Why it could not be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Views only look; files are changed by handlers.
    NotInAHandler,
    /// The operator does not let this block keep files in this course or library.
    Refused(String),
    /// A name has 1 to 64 characters, none of which controls anything.
    InvalidName,
    /// The file is larger than a file may be, or than what the block may still read in this call.
    TooLarge,
    /// There is no room for it: delete something.
    Full,
    /// Files cannot be reached in this call, or not now, and why.
    Unavailable(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::NotInAHandler => f.write_str("a view cannot change a file: only a handler can"),
            Failure::Refused(why) => write!(f, "the host refused: {why}"),
            Failure::InvalidName => f.write_str("no file can have this name"),
            Failure::TooLarge => f.write_str("the file is too large"),
            Failure::Full => f.write_str("there is no room for the file"),
            Failure::Unavailable(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Failure {}

/// The files that are there, by name.
pub fn kept_files(space: Space) -> Result<Vec<KeptFile>, Failure> {
    backend::kept_files(space)
}

/// The bytes of a file; none when there is no such file.
pub fn read(space: Space, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    backend::kept_file(space, name)
}

/// Puts a file there, in place of one that has the name.
pub fn write(space: Space, name: &str, data: &[u8]) -> Result<(), Failure> {
    backend::keep_file(space, name, data)
}

/// Takes a file away. One that is not there is no error.
pub fn delete(space: Space, name: &str) -> Result<(), Failure> {
    backend::delete_file(space, name)
}
