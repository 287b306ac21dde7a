//! The folder that is imported. Nothing outside of it is ever read, whatever names and links it contains.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Component, Path, PathBuf};

use super::{ImportError, Progress};
use crate::Fault;
use crate::store::Fingerprint;
use crate::xml::MAX_FILE;

/// How deep folders are followed.
const MAX_FOLDERS: usize = 16;

/// A folder of author's files.
pub(super) struct Source<'a> {
    root: PathBuf,
    progress: &'a mut dyn FnMut(Progress),
    done: u64,
    total: u64,
    /// The names of the files that were read as text, in 16 bytes each.
    read: Vec<Fingerprint>,
}

impl<'a> Source<'a> {
    pub(super) fn open(folder: &Path, progress: &'a mut dyn FnMut(Progress)) -> Result<Self, ImportError> {
        let root =
            folder.canonicalize().map_err(|source| ImportError::Read { path: folder.to_owned(), source })?;
        let mut source = Self { root, progress, done: 0, total: 0, read: Vec::new() };
        let mut total = 0;
        source.each_file("", &mut |_| total += 1);
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

    /// How many texts were read so far.
    pub(super) fn mark(&self) -> usize {
        self.read.len()
    }

    /// Takes back that the texts since a mark were used, as they turned out to be faulty.
    pub(super) fn not_used(&mut self, since: usize) {
        self.read.truncate(since);
    }

    /// The files that were not read as text, ordered.
    pub(super) fn unread(&self) -> Vec<String> {
        let read: HashSet<_> = self.read.iter().collect();
        let mut unread = Vec::new();
        self.each_file("", &mut |file| {
            if !read.contains(&Fingerprint::of_text(&file)) {
                unread.push(file);
            }
        });
        unread.sort();
        unread
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
        self.read.push(Fingerprint::of_text(name));
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
        self.each_file(folder, &mut |file| files.push(file));
        files.sort();
        files
    }

    /// The same in no order, one at a time.
    fn each_file(&self, folder: &str, each: &mut dyn FnMut(String)) {
        let mut open = vec![(folder.to_owned(), 0)];
        while let Some((folder, depth)) = open.pop() {
            let Ok(entries) = fs::read_dir(self.root.join(&folder)) else {
                continue;
            };
            for entry in entries.flatten() {
                let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else {
                    continue;
                };
                let path = if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") };
                if name.starts_with('.') {
                    continue;
                } else if kind.is_file() {
                    each(path);
                } else if kind.is_dir() && depth < MAX_FOLDERS {
                    open.push((path, depth + 1));
                }
            }
        }
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
