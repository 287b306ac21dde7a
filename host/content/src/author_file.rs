//! A file that an author put beside a block, for whoever wants its bytes and not its address.

use bytes::Bytes;

/// What there is under a file's name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthorFile {
    /// Its bytes.
    Bytes(Bytes),
    /// More bytes than were wanted. None of them was read.
    TooLarge,
}
