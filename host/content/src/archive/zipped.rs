//! `.zip`.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::{ArchiveError, Budget, inside};
use crate::Progress;

/// Unpacks a zip file. Its progress counts entries.
pub(super) fn unpack(
    path: &Path,
    into: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), ArchiveError> {
    let unreadable = |source| ArchiveError::Unreadable { path: path.to_owned(), source };
    let damaged = |error: zip::result::ZipError| unreadable(error.into());
    let file = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut archive = ZipArchive::new(file).map_err(damaged)?;
    let mut budget = Budget::new();
    let total = archive.len();
    for index in 0..total {
        // An entry with a password is looked at as it lies there, so that the reason can be told.
        let (name, encrypted) = {
            let entry = archive.by_index_raw(index).map_err(damaged)?;
            (entry.name().map_err(damaged)?.into_owned(), entry.encrypted())
        };
        if encrypted {
            return Err(ArchiveError::Encrypted(name));
        }
        let mut entry = archive.by_index(index).map_err(damaged)?;
        budget.enter(entry.size())?;
        // Some tools write `\` for `/`; a name with one would mean a path on one system and a file on another.
        if name.contains(['\\', '\0']) {
            return Err(ArchiveError::Escapes(name));
        }
        let target = into.join(inside(Path::new(&name))?);
        if entry.is_dir() {
            fs::create_dir_all(&target).map_err(unreadable)?;
        } else if !entry.is_symlink() {
            budget.write(&mut entry, &target).map_err(unreadable)??;
        }
        progress(Progress { done: index as u64 + 1, total: total as u64, what: name });
    }
    Ok(())
}

/// Packs everything below `folder`. Equal content gives an equal file.
pub(super) fn pack(folder: &Path, to: File) -> io::Result<()> {
    // Without a time of change, as the tar file is: the format's own first day stands for it.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(zip::DateTime::default())
        .large_file(true);
    let mut archive = ZipWriter::new(to);
    let mut open = vec![(folder.to_owned(), String::new())];
    while let Some((folder, below)) = open.pop() {
        for path in entries(&folder)? {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                return Err(io::Error::other(format!("the name of {} is not text", path.display())));
            };
            let name = format!("{below}{name}");
            if path.is_dir() {
                open.push((path, format!("{name}/")));
            } else {
                archive.start_file(name, options)?;
                io::copy(&mut File::open(&path)?, &mut archive)?;
            }
        }
    }
    archive.finish()?.sync_all()
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::io::Write;

    use super::*;

    fn unpacked(names: &[&str]) -> (tempfile::TempDir, Result<(), ArchiveError>) {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let path = from.path().join("a.zip");
        let mut archive = ZipWriter::new(File::create(&path).unwrap());
        for name in names {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(b"hello").unwrap();
        }
        archive.add_symlink("link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
        archive.finish().unwrap();
        let result = unpack(&path, to.path(), &mut |_| ());
        (to, result)
    }

    #[test]
    fn files_arrive_in_their_folders_and_links_do_not() {
        let (folder, result) = unpacked(&["a/b.txt"]);
        result.unwrap();
        assert_eq!(fs::read(folder.path().join("a/b.txt")).unwrap(), b"hello");
        assert!(folder.path().join("link").symlink_metadata().is_err());
    }

    #[test]
    fn an_entry_cannot_leave_the_folder() {
        for name in ["../evil", "/evil", "a/../../evil", "a\\..\\evil"] {
            let (_, result) = unpacked(&[name]);
            assert!(matches!(result, Err(ArchiveError::Escapes(_))), "{name}: {result:?}");
        }
    }

    #[test]
    fn a_packed_folder_unpacks_as_it_was() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(from.path().join("sub")).unwrap();
        fs::write(from.path().join("sub/a"), "a").unwrap();
        fs::write(from.path().join("b"), "b").unwrap();
        let path = to.path().join("a.zip");
        pack(from.path(), File::create(&path).unwrap()).unwrap();
        unpack(&path, &to.path().join("out"), &mut |_| ()).unwrap();
        assert_eq!(fs::read(to.path().join("out/sub/a")).unwrap(), b"a");
        assert_eq!(fs::read(to.path().join("out/b")).unwrap(), b"b");
    }

    #[test]
    fn what_is_not_a_zip_file_is_said_to_be_unreadable() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        fs::write(&path, "no archive").unwrap();
        assert!(matches!(unpack(&path, folder.path(), &mut |_| ()), Err(ArchiveError::Unreadable { .. })));
    }
}
