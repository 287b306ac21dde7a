//! The folder that is written: aside first, in its place when it is whole.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::TempDir;

use super::ExportError;
use crate::Progress;
use crate::archive::Archive;

/// A folder in the making. Dropped before it is placed, it leaves nothing behind.
pub(super) struct Folder {
    temporary: TempDir,
}

impl Folder {
    /// Begins a folder on the same file system as `to`, so that it can be renamed.
    pub(super) fn beside(to: &Path) -> Result<Self, ExportError> {
        let parent = match to.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        fs::create_dir_all(parent).map_err(writing(parent))?;
        let temporary =
            tempfile::Builder::new().prefix(".export-").tempdir_in(parent).map_err(writing(parent))?;
        fs::create_dir(temporary.path().join(CONTENT)).map_err(writing(temporary.path()))?;
        Ok(Self { temporary })
    }

    /// Whether a file of this name can be written: it stays inside the folder, and nothing is there or in its way.
    pub(super) fn has_room(&self, name: &str) -> bool {
        is_plain(name)
            && fs::symlink_metadata(self.path().join(name))
                .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        is_plain(name) && self.path().join(name).is_file()
    }

    /// The beginning of a file's text.
    pub(super) fn read(&self, name: &str, most: u64) -> io::Result<String> {
        let mut text = String::new();
        File::open(self.path().join(name))?.take(most).read_to_string(&mut text)?;
        Ok(text)
    }

    /// Writes a file for which there is room. What came along with the blocks is never replaced.
    pub(super) fn write(&mut self, name: &str, text: &str) -> Result<(), ExportError> {
        let path = self.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(writing(parent))?;
        }
        let mut file = File::create_new(&path).map_err(writing(&path))?;
        file.write_all(text.as_bytes()).map_err(writing(&path))
    }

    /// Copies everything below `from`, if it exists. The progress counts the files found so far.
    pub(super) fn copy(
        &mut self,
        from: &Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), ExportError> {
        let mut done = 0;
        let mut open = vec![(from.to_owned(), self.path())];
        while let Some((from, to)) = open.pop() {
            let entries = match fs::read_dir(&from) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(writing(&from)(error)),
            };
            fs::create_dir_all(&to).map_err(writing(&to))?;
            for entry in entries {
                let entry = entry.map_err(writing(&from))?;
                let target = to.join(entry.file_name());
                if entry.path().is_dir() {
                    open.push((entry.path(), target));
                } else {
                    fs::copy(entry.path(), &target).map_err(writing(&target))?;
                    done += 1;
                    let what = entry.file_name().to_string_lossy().into_owned();
                    progress(Progress { done, total: done, what });
                }
            }
        }
        Ok(())
    }

    /// Makes the folder `to`.
    pub(super) fn rename(self, to: &Path) -> Result<(), ExportError> {
        fs::rename(self.path(), to).map_err(writing(to))
    }

    /// Makes the archive `to`, with everything in a folder called `name`.
    pub(super) fn pack(self, form: Archive, name: &str, to: &Path) -> Result<(), ExportError> {
        let archive = self.temporary.path().join("archive");
        let file = File::create(&archive).map_err(writing(&archive))?;
        form.pack(&self.path(), name, file).map_err(writing(to))?;
        fs::rename(&archive, to).map_err(writing(to))
    }

    fn path(&self) -> PathBuf {
        self.temporary.path().join(CONTENT)
    }
}

/// Where the content lies in the temporary folder, whose own permissions are for its owner alone.
const CONTENT: &str = "content";

/// Whether a name stays inside the folder that it is joined to.
fn is_plain(name: &str) -> bool {
    !name.contains(['\\', '\0'])
        && Path::new(name).components().all(|part| matches!(part, Component::Normal(_)))
}

fn writing(path: &Path) -> impl FnOnce(io::Error) -> ExportError {
    let path = path.to_owned();
    move |source| ExportError::Write { path, source }
}
