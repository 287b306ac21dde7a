//! The root of a course or library: which one it is, and which element its tree begins with.

use std::fs;
use std::path::{Path, PathBuf};

use blockhouse_keys::{InvalidKey, LearningContextKey, UsageKey};

use super::ImportError;
use super::backup::PACKAGE;
use super::names::block_id;
use super::source::Source;
use crate::archive::Archive;
use crate::{Fault, xml};

/// How many folders below the named one a root is looked for.
const SEARCH_DEPTH: usize = 8;

const ROOT_FILES: [&str; 2] = ["course.xml", "library.xml"];

/// What the root file says.
pub(super) struct Root {
    /// `course.xml` or `library.xml`.
    pub(super) file: &'static str,
    /// The key of the course or library.
    pub(super) context: LearningContextKey,
    /// The key of the root block.
    pub(super) usage: UsageKey,
    /// The run of a course: the name of its folder of policies and of the file of its root element.
    pub(super) run: String,
}

/// The folders at or below `folder` that hold a course or a library, ordered; an archive is found as it is. Each of
/// them can be imported.
///
/// # Errors
/// [`ImportError::Read`] when `folder` is neither an archive nor a folder that can be read.
pub fn find(folder: &Path) -> Result<Vec<PathBuf>, ImportError> {
    if Archive::by_name(folder).is_some() && folder.is_file() {
        return Ok(vec![folder.to_owned()]);
    }
    fs::read_dir(folder).map_err(|source| ImportError::Read { path: folder.to_owned(), source })?;
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        if ROOT_FILES.iter().chain([&PACKAGE]).any(|file| folder.join(file).is_file()) {
            found.push(folder);
        } else if depth < SEARCH_DEPTH {
            let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
            open.extend(
                entries
                    .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
                    .map(|entry| (entry.path(), depth + 1)),
            );
        }
    }
    found.sort();
    Ok(found)
}

/// Whether a folder holds the backup of a library rather than OLX.
pub(super) fn is_backup(source: &Source<'_>) -> bool {
    !ROOT_FILES.iter().any(|file| source.has(file)) && source.has(PACKAGE)
}

/// The one folder that holds a course or a library.
pub(super) fn only_one(folder: &Path) -> Result<PathBuf, ImportError> {
    let mut found = find(folder)?;
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (None, _) => Err(ImportError::NothingFound(folder.to_owned())),
        (Some(last), false) => {
            found.push(last);
            let name = |path: &PathBuf| path.strip_prefix(folder).unwrap_or(path).display().to_string();
            Err(ImportError::Several { path: folder.to_owned(), found: found.iter().map(name).collect() })
        }
    }
}

impl Root {
    /// Reads `course.xml` or `library.xml`.
    pub(super) fn read(source: &mut Source<'_>) -> Result<Self, ImportError> {
        let file = ROOT_FILES.into_iter().find(|file| source.has(file));
        let file = file.ok_or_else(|| ImportError::NothingFound(source.root().to_owned()))?;
        let text = source.read(file).map_err(ImportError::Root)?;
        let document = xml::parse(file, &text).map_err(ImportError::Root)?;
        let element = document.root_element();
        let tag = file.trim_end_matches(".xml");
        if element.tag_name().name() != tag {
            let message =
                format!("the root element is `<{}>`; it must be `<{tag}>`", element.tag_name().name());
            return Err(ImportError::Root(Fault::at(file, &text, element.range().start, message)));
        }
        let attribute = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| element.attribute(*name))
                .filter(|value| !value.is_empty())
                .ok_or_else(|| {
                    let name = names.first().copied().unwrap_or_default();
                    let message = format!("`<{tag}>` has no attribute `{name}`; add `{name}=\"…\"`");
                    ImportError::Root(Fault::at(file, &text, element.range().start, message))
                })
        };
        let org = attribute(&["org"])?;
        let (kind, name, run) = match tag {
            "course" => ("course", attribute(&["course"])?, attribute(&["url_name", "slug", "name"])?),
            _ => ("library", attribute(&["library"])?, ""),
        };
        let context = match kind {
            "course" => format!("course-v1:{org}+{name}+{run}"),
            _ => format!("library-v1:{org}+{name}"),
        };
        let invalid = |source| ImportError::Key { file: file.to_owned(), source };
        let context: LearningContextKey = context.parse().map_err(invalid)?;
        let usage = context.make_usage_key(kind, kind).map_err(invalid)?;
        Ok(Self { file, context, usage, run: run.to_owned() })
    }

    /// The key of a block. Characters that a key cannot hold become `_`.
    pub(super) fn usage_of(&self, block_type: &str, name: &str) -> Result<UsageKey, InvalidKey> {
        self.context.make_usage_key(&block_id(block_type), &block_id(name))
    }
}
