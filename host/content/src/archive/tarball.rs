//! `.tar.gz`.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::rc::Rc;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use tar::EntryType;

use super::{ArchiveError, Budget, MAX_BYTES, inside};
use crate::Progress;

/// Unpacks a gzipped tar file. Its progress counts the bytes read.
pub(super) fn unpack(
    path: &Path,
    into: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), ArchiveError> {
    let unreadable = |source| ArchiveError::Unreadable { path: path.to_owned(), source };
    let file = File::open(path).map_err(unreadable)?;
    let total = file.metadata().map_err(unreadable)?.len();
    // A bound on everything that is decompressed, headers and padding included.
    let done = Rc::new(Cell::new(0));
    let bounded = GzDecoder::new(Counted { file, done: done.clone() }).take(MAX_BYTES);
    let mut archive = tar::Archive::new(bounded);
    let mut budget = Budget::new();
    for entry in archive.entries().map_err(unreadable)? {
        let mut entry = entry.map_err(unreadable)?;
        budget.enter(entry.size())?;
        let name = entry.path().map_err(unreadable)?.into_owned();
        let target = into.join(inside(&name)?);
        match entry.header().entry_type() {
            EntryType::Directory => fs::create_dir_all(&target).map_err(unreadable)?,
            EntryType::Regular | EntryType::Continuous => {
                budget.write(&mut entry, &target).map_err(unreadable)??;
            }
            _ => {}
        }
        progress(Progress { done: done.get(), total, what: name.display().to_string() });
    }
    Ok(())
}

/// Packs everything below `folder`, in a folder called `name`.
pub(super) fn pack(folder: &Path, name: &str, to: File) -> io::Result<()> {
    let mut archive = tar::Builder::new(GzEncoder::new(to, Compression::default()));
    // Equal content gives an equal archive.
    archive.mode(tar::HeaderMode::Deterministic);
    archive.append_dir_all(name, folder)?;
    archive.into_inner()?.finish()?.sync_all()
}

/// A file that tells how far it was read.
struct Counted {
    file: File,
    done: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.done.set(self.done.get() + read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    /// An archive of entries with any names, as a tool of an attacker writes them.
    fn archive(entries: &[(&str, EntryType, &[u8])]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let file = File::create(folder.path().join("a.tar.gz")).unwrap();
        let mut archive = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
        for (name, kind, bytes) in entries {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(*kind);
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            header.as_mut_bytes().iter_mut().zip(name.bytes()).for_each(|(to, byte)| *to = byte);
            if *kind == EntryType::Symlink {
                header.set_link_name("/etc/passwd").unwrap();
            }
            header.set_cksum();
            archive.append(&header, *bytes).unwrap();
        }
        archive.into_inner().unwrap().finish().unwrap();
        folder
    }

    fn unpacked(entries: &[(&str, EntryType, &[u8])]) -> (tempfile::TempDir, Result<(), ArchiveError>) {
        let (from, to) = (archive(entries), tempfile::tempdir().unwrap());
        let result = unpack(&from.path().join("a.tar.gz"), to.path(), &mut |_| ());
        (to, result)
    }

    #[test]
    fn files_arrive_in_their_folders() {
        let (folder, result) = unpacked(&[("./course/a/b.txt", EntryType::Regular, b"hello")]);
        result.unwrap();
        assert_eq!(fs::read(folder.path().join("course/a/b.txt")).unwrap(), b"hello");
    }

    #[test]
    fn an_entry_cannot_leave_the_folder() {
        for name in ["../evil", "/evil", "a/../../evil"] {
            let (_, result) = unpacked(&[(name, EntryType::Regular, b"x")]);
            assert!(matches!(result, Err(ArchiveError::Escapes(_))), "{name}");
        }
    }

    #[test]
    fn links_are_left_out() {
        let (folder, result) = unpacked(&[("link", EntryType::Symlink, b""), ("hard", EntryType::Link, b"")]);
        result.unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn an_archive_that_claims_too_much_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tgz");
        let mut gzip = GzEncoder::new(File::create(&path).unwrap(), Compression::fast());
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_size(MAX_BYTES + 1);
        header.set_path("big").unwrap();
        header.set_cksum();
        io::Write::write_all(&mut gzip, header.as_bytes()).unwrap();
        gzip.finish().unwrap();
        assert!(matches!(unpack(&path, folder.path(), &mut |_| ()), Err(ArchiveError::TooLarge)));
    }

    #[test]
    fn what_is_not_an_archive_is_said_to_be_unreadable() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.tgz");
        fs::write(&path, "no archive").unwrap();
        assert!(matches!(unpack(&path, folder.path(), &mut |_| ()), Err(ArchiveError::Unreadable { .. })));
    }
}
