//! A map from fingerprints to numbers that lies in a file, for what grows with a course: memory holds a bounded number of
//! its pages, however many records there are.
//!
//! A [`Table`] is written and looked at by one import, in a file without a name, and gone with it; stored under a name it
//! is a [`StoredTable`], which many may read. A key belongs to a page by its value and the table's seed; what finds a
//! page full goes to the next. Nothing is ever removed, and a stored table never changes.

mod header;
mod page;
mod stored;

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fs::File;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Seek};
use std::num::NonZeroU128;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::Fingerprint;
use crate::ContentError;
use header::Header;
use page::{Found, Page, Put};
pub(super) use stored::StoredTable;

/// How many pages are kept in memory, 64 kB. The system's cache of files holds the others of all but the largest courses.
const KEPT: u64 = 16;

/// How many pages a table begins with.
const FIRST: u64 = 4;

/// A table that is being written.
pub(crate) struct Table {
    /// Where its files are made.
    dir: PathBuf,
    file: File,
    header: Header,
    /// Pages in memory. Of those whose numbers are equal modulo [`KEPT`] there is one at a time.
    kept: HashMap<u64, Kept>,
}

struct Kept {
    number: u64,
    page: Page,
    /// Whether the file holds an older state of it.
    changed: bool,
}

impl Table {
    /// An empty table in a file of `dir` that has no name.
    pub(crate) fn create(dir: &Path) -> Result<Self, ContentError> {
        let header = Header { pages: FIRST, seed: RandomState::new().hash_one(()), records: 0 };
        Self::with(dir, header).map_err(ContentError::reading(dir))
    }

    /// A key's value.
    pub(crate) fn get(&mut self, key: Fingerprint) -> Result<Option<NonZeroU128>, ContentError> {
        self.find(key).map_err(|error| ContentError::reading(&self.dir)(error))
    }

    /// Gives a key its value, in the place of the one that it has.
    pub(crate) fn set(&mut self, key: Fingerprint, value: NonZeroU128) -> Result<(), ContentError> {
        self.put(key, value).map_err(|error| ContentError::reading(&self.dir)(error))
    }

    /// Writes the table to a file of its own, which is on the disk afterwards.
    pub(super) fn store(&mut self, path: &Path) -> Result<(), ContentError> {
        self.write(path).map_err(ContentError::reading(path))
    }

    fn with(dir: &Path, header: Header) -> io::Result<Self> {
        let file = tempfile::tempfile_in(dir)?;
        file.set_len(Header::offset(header.pages))?;
        Ok(Self { dir: dir.to_owned(), file, header, kept: HashMap::new() })
    }

    fn find(&mut self, key: Fingerprint) -> io::Result<Option<NonZeroU128>> {
        for number in self.header.pages_of(key) {
            match self.page(number)?.page.find(key) {
                Found::Value(value) => return Ok(Some(value)),
                Found::Absent => break,
                Found::Full => {}
            }
        }
        Ok(None)
    }

    fn put(&mut self, key: Fingerprint, value: NonZeroU128) -> io::Result<()> {
        while self.header.is_full() || !self.put_in_a_page(key, value)? {
            self.grow()?;
        }
        Ok(())
    }

    fn write(&mut self, path: &Path) -> io::Result<()> {
        for kept in self.kept.values_mut() {
            kept.write(&self.file)?;
        }
        self.file.write_all_at(&self.header.to_bytes(), 0)?;
        self.file.rewind()?;
        let mut stored = File::create(path)?;
        io::copy(&mut self.file, &mut stored)?;
        stored.sync_all()
    }

    /// Whether a page had room for a key.
    fn put_in_a_page(&mut self, key: Fingerprint, value: NonZeroU128) -> io::Result<bool> {
        for number in self.header.pages_of(key) {
            let kept = self.page(number)?;
            let put = kept.page.put(key, value);
            kept.changed |= put != Put::NoRoom;
            match put {
                Put::NoRoom => continue,
                Put::Added => self.header.records += 1,
                Put::Replaced => {}
            }
            return Ok(true);
        }
        Ok(false)
    }

    /// Moves to a file of twice as many pages.
    fn grow(&mut self) -> io::Result<()> {
        let header = Header { pages: self.header.pages * 2, records: 0, ..self.header };
        let mut larger = Self::with(&self.dir, header)?;
        for number in 0..self.header.pages {
            for (key, value) in self.page(number)?.page.records() {
                larger.put(key, value)?;
            }
        }
        *self = larger;
        Ok(())
    }

    /// A page, read from the file unless it is in memory. It takes the place of another one.
    fn page(&mut self, number: u64) -> io::Result<&mut Kept> {
        let kept = match self.kept.entry(number % KEPT) {
            Entry::Occupied(occupied) => occupied.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(Kept::read(&self.file, number)?),
        };
        if kept.number != number {
            kept.write(&self.file)?;
            *kept = Kept::read(&self.file, number)?;
        }
        Ok(kept)
    }
}

impl Kept {
    fn read(file: &File, number: u64) -> io::Result<Self> {
        let mut page = Page::empty();
        file.read_exact_at(page.bytes_mut(), Header::offset(number))?;
        Ok(Self { number, page, changed: false })
    }

    /// Writes the page where it differs from the file.
    fn write(&mut self, file: &File) -> io::Result<()> {
        if self.changed {
            file.write_all_at(self.page.bytes(), Header::offset(self.number))?;
            self.changed = false;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
