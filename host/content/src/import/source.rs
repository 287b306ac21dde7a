//! The folder that is imported. Nothing outside of it is ever read, whatever names and links it contains.

use std::convert::Infallible;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use super::{ImportError, Progress};
use crate::Fault;
use crate::xml::MAX_FILE;

/// How deep folders are followed.
const MAX_FOLDERS: usize = 16;

/// A folder of author's files.
pub(super) struct Source<'a> {
    root: PathBuf,
    progress: &'a mut dyn FnMut(Progress),
    done: u64,
    total: u64,
}

impl<'a> Source<'a> {
    pub(super) fn open(folder: &Path, progress: &'a mut dyn FnMut(Progress)) -> Result<Self, ImportError> {
        let root =
            folder.canonicalize().map_err(|source| ImportError::Read { path: folder.to_owned(), source })?;
        let mut source = Self { root, progress, done: 0, total: 0 };
        let mut total = 0;
        let Ok(()) = source.each_file("", &mut |_| {
            total += 1;
            Ok::<_, Infallible>(())
        });
        source.total = total;
        Ok(source)
    }

    /// The folder's path.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Whether there is a file of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.locate(name).is_some()
    }

    /// The text of a file, without a byte order mark.
    pub(super) fn read(&mut self, name: &str) -> Result<String, Fault> {
        let file = self.open_file(name)?;
        let mut bytes = Vec::new();
        file.take(MAX_FILE + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| Fault::of_file(name, format!("cannot be read: {error}")))?;
        if bytes.len() as u64 > MAX_FILE {
            return Err(Fault::of_file(name, format!("larger than {} MiB; split it", MAX_FILE >> 20)));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes());
            Fault::at(name, &text, valid, "not UTF-8 from here on; save the file as UTF-8")
        })?;
        Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text))
    }

    /// Opens a file.
    pub(super) fn open_file(&mut self, name: &str) -> Result<File, Fault> {
        let path = self.locate(name).ok_or_else(|| {
            Fault::of_file(name, "the file is missing; add it, or remove the element that points to it")
        })?;
        let file = File::open(path).map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied => {
                Fault::of_file(name, "may not be read; correct the file's permissions")
            }
            _ => Fault::of_file(name, format!("cannot be read: {error}")),
        })?;
        self.done = (self.done + 1).min(self.total);
        self.tell(name);
        Ok(file)
    }

    /// The files below a folder, ordered, relative to the root. Hidden ones and links are left out.
    pub(super) fn files(&self, folder: &str) -> Vec<String> {
        let mut files = Vec::new();
        let Ok(()) = self.each_file(folder, &mut |file| {
            files.push(file);
            Ok::<_, Infallible>(())
        });
        files.sort();
        files
    }

    /// The same in no order, one at a time, until one of them fails.
    pub(super) fn each_file<E>(
        &self,
        folder: &str,
        each: &mut dyn FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        self.each_within(folder, 0, each)
    }

    fn each_within<E>(
        &self,
        folder: &str,
        depth: usize,
        each: &mut dyn FnMut(String) -> Result<(), E>,
    ) -> Result<(), E> {
        for entry in fs::read_dir(self.root.join(folder)).into_iter().flatten().flatten() {
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else {
                continue;
            };
            if name.starts_with('.') {
                continue;
            }
            let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
            if kind.is_file() {
                each(path)?;
            } else if kind.is_dir() && depth < MAX_FOLDERS {
                self.each_within(&path, depth + 1, each)?;
            }
        }
        Ok(())
    }

    /// Says that all is done.
    pub(super) fn finish(&mut self) {
        self.done = self.total;
        self.tell("");
    }

    fn tell(&mut self, what: &str) {
        (self.progress)(Progress { done: self.done, total: self.total, what: what.to_owned() });
    }

    /// The path of a file, if the name stays inside the folder, links included.
    fn locate(&self, name: &str) -> Option<PathBuf> {
        if !Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
            return None;
        }
        let path = self.root.join(name).canonicalize().ok()?;
        (path.starts_with(&self.root) && path.is_file()).then_some(path)
    }
}
