//! A table that is finished: read in place, with nothing of it in memory but its head.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::num::NonZeroU128;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::super::Fingerprint;
use super::header::{HEAD, Header};
use super::page::{Found, Page};
use crate::ContentError;

/// A table under its name.
#[derive(Debug)]
pub(in crate::store) struct StoredTable {
    path: PathBuf,
    pub(super) header: Header,
}

impl StoredTable {
    /// Opens a table. The file itself is open only while it is read: a host serves more contexts than a process may
    /// have files.
    ///
    /// # Errors
    /// [`ContentError::Damaged`] when the file is none that was written whole.
    pub(in crate::store) fn open(path: &Path) -> Result<Self, ContentError> {
        let file = File::open(path).map_err(ContentError::reading(path))?;
        let length = file.metadata().map_err(ContentError::reading(path))?.len();
        let mut head = [0; HEAD];
        file.read_exact_at(&mut head, 0).map_err(|error| failed(path, error))?;
        let header = Header::from_bytes(&head, length)
            .ok_or_else(|| ContentError::damaged(path, "it is no table, or a part of one"))?;
        Ok(Self { path: path.to_owned(), header })
    }

    /// A key's value.
    ///
    /// # Errors
    /// [`ContentError::Damaged`] when a page is missing, or when more of them are full than a table has side by side.
    pub(in crate::store) fn get(&self, key: Fingerprint) -> Result<Option<NonZeroU128>, ContentError> {
        let file = File::open(&self.path).map_err(ContentError::reading(&self.path))?;
        let mut page = Page::empty();
        for number in self.header.pages_of(key) {
            file.read_exact_at(page.bytes_mut(), Header::offset(number))
                .map_err(|error| failed(&self.path, error))?;
            match page.find(key) {
                Found::Value(value) => return Ok(Some(value)),
                Found::Absent => return Ok(None),
                Found::Full => {}
            }
        }
        Err(ContentError::damaged(&self.path, "too many of its pages are full"))
    }
}

/// What the failure of a read means: a file that ends too early is not the one that was written.
fn failed(path: &Path, error: io::Error) -> ContentError {
    match error.kind() {
        ErrorKind::UnexpectedEof => ContentError::damaged(path, "it ends too early"),
        _ => ContentError::reading(path)(error),
    }
}
