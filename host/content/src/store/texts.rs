//! Texts by name: a file holds them one after the other, and a table says where each of them lies. Neither an import
//! nor a host that serves keeps anything of them in memory.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::num::{NonZeroU64, NonZeroU128};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use super::Fingerprint;
use super::table::{StoredTable, Table};
use crate::ContentError;

/// How far the writing of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writing {
    /// It was said that it will follow.
    Begun,
    /// It is written.
    Done,
}

/// Stands for the place of a text that has none yet.
const BEGUN: NonZeroU128 = NonZeroU128::MAX;

/// Texts that are being written.
pub(super) struct NewTexts {
    path: PathBuf,
    file: BufWriter<File>,
    written: u64,
    /// Offset and length of each text in bytes, in the upper and the lower half.
    places: Table,
}

impl NewTexts {
    /// None yet, in the file `name` of `dir`.
    pub(super) fn create(dir: &Path, name: &str) -> Result<Self, ContentError> {
        let path = dir.join(name);
        let file = BufWriter::new(File::create(&path).map_err(ContentError::reading(&path))?);
        Ok(Self { path, file, written: 0, places: Table::create(dir)? })
    }

    /// Notes that a text will follow.
    pub(super) fn begin(&mut self, name: &str) -> Result<(), ContentError> {
        self.places.set(Fingerprint::of(name), BEGUN)
    }

    /// How far a text is; `None` for one that was not begun.
    pub(super) fn writing(&mut self, name: &str) -> Result<Option<Writing>, ContentError> {
        let place = self.places.get(Fingerprint::of(name))?;
        Ok(place.map(|place| if place == BEGUN { Writing::Begun } else { Writing::Done }))
    }

    /// Writes a text, and the end of its line.
    pub(super) fn add(&mut self, name: &str, text: &[u8]) -> Result<(), ContentError> {
        let mut write = |bytes: &[u8]| {
            self.file.write_all(bytes).map_err(|error| ContentError::reading(&self.path)(error))
        };
        write(text)?;
        write(b"\n")?;
        let length = NonZeroU64::MIN.saturating_add(text.len() as u64);
        let place = NonZeroU128::from(length) | (u128::from(self.written) << 64);
        self.written += length.get();
        self.places.set(Fingerprint::of(name), place)
    }

    /// Ends the file and writes that of the places. Both are on the disk afterwards.
    pub(super) fn store(&mut self, places: &Path) -> Result<(), ContentError> {
        self.file
            .flush()
            .and_then(|()| self.file.get_ref().sync_all())
            .map_err(ContentError::reading(&self.path))?;
        self.places.store(places)
    }
}

/// Texts that were written.
#[derive(Debug)]
pub(super) struct Texts {
    path: PathBuf,
    places: StoredTable,
}

impl Texts {
    /// Opens the texts in the file `path`, which lie where the file `places` says.
    ///
    /// # Errors
    /// [`ContentError::Damaged`] when `places` was not written whole.
    pub(super) fn open(path: &Path, places: &Path) -> Result<Self, ContentError> {
        Ok(Self { path: path.to_owned(), places: StoredTable::open(places)? })
    }

    /// The text of a name. Where somebody has changed the files, it may be another one.
    ///
    /// # Errors
    /// [`ContentError::Damaged`] when there should be one, but is not.
    pub(super) fn get(&self, name: &str) -> Result<Option<Vec<u8>>, ContentError> {
        let Some(place) = self.places.get(Fingerprint::of(name))? else {
            return Ok(None);
        };
        let (offset, length) = ((place.get() >> 64) as u64, place.get() as u64);
        let file = File::open(&self.path).map_err(ContentError::reading(&self.path))?;
        let end = file.metadata().map_err(ContentError::reading(&self.path))?.len();
        if offset.checked_add(length).is_none_or(|wanted| wanted > end) {
            return Err(ContentError::damaged(&self.path, format!("it ends before `{name}`")));
        }
        let mut text = vec![0; length as usize];
        file.read_exact_at(&mut text, offset).map_err(ContentError::reading(&self.path))?;
        match text.pop() {
            Some(b'\n') => Ok(Some(text)),
            _ => Err(ContentError::damaged(&self.path, format!("it has a part of a text for `{name}`"))),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// Stored texts in a folder of their own.
    fn stored(texts: &[(String, String)]) -> (tempfile::TempDir, Texts) {
        let dir = tempfile::tempdir().unwrap();
        let mut new = NewTexts::create(dir.path(), "texts").unwrap();
        for (name, text) in texts {
            new.add(name, text.as_bytes()).unwrap();
        }
        let places = dir.path().join("places");
        new.store(&places).unwrap();
        let texts = Texts::open(&dir.path().join("texts"), &places).unwrap();
        (dir, texts)
    }

    #[test]
    fn every_text_is_found_again_after_writing_and_reading() {
        let all: Vec<_> =
            (0..500).map(|number: usize| (format!("b{number}"), "x\n".repeat(number % 7))).collect();
        let (_dir, texts) = stored(&all);
        for (name, text) in &all {
            assert_eq!(texts.get(name).unwrap().as_deref(), Some(text.as_bytes()));
        }
        assert_eq!(texts.get("b500").unwrap(), None);
    }

    #[test]
    fn a_text_is_begun_until_it_is_done() {
        let dir = tempfile::tempdir().unwrap();
        let mut new = NewTexts::create(dir.path(), "texts").unwrap();
        assert_eq!(new.writing("a").unwrap(), None);
        new.begin("a").unwrap();
        assert_eq!(new.writing("a").unwrap(), Some(Writing::Begun));
        new.add("a", b"text").unwrap();
        assert_eq!(new.writing("a").unwrap(), Some(Writing::Done));
    }

    #[test]
    fn texts_that_were_cut_or_moved_are_damaged() {
        let (dir, texts) = stored(&[("a".to_owned(), "one".to_owned())]);
        for changed in ["", "one", "\none"] {
            std::fs::write(dir.path().join("texts"), changed).unwrap();
            assert!(matches!(texts.get("a"), Err(ContentError::Damaged { .. })), "{changed:?}");
        }
    }
}
