//! Import: an OLX folder becomes a new version of a learning context.
//!
//! A file that cannot be used costs its own block, which stays in the tree and says what is wrong; it never costs the
//! course. Only one file and those of the blocks above it are in memory at a time; what is to be known of all blocks and
//! files lies in tables on the disk.

mod assets;
mod backup;
mod define;
mod inherit;
mod kinds;
mod names;
mod pointer;
mod policy;
mod report;
mod root;
mod source;
mod used;
mod walk;

use std::path::Path;

use crate::ContentStore;
use crate::archive::Archive;
pub(crate) use kinds::{is_container, is_part};
pub(crate) use names::block_id;
pub(crate) use pointer::{has_at_most_a_name, has_content};
pub use report::{ImportError, ImportReport, Problem, Progress, Severity};
use root::Root;
pub use root::find;
use source::Source;
use used::Used;
use walk::Walk;

/// Imports the course or library in `source` and makes it the version that `into` serves.
///
/// `source` is a folder that holds `course.xml`, `library.xml` or the `package.toml` of a library backup, or below
/// which exactly one folder does; or a `.tar.gz` or `.zip` of such a folder. Importing the same content again
/// publishes nothing new. `progress` is called for every file.
///
/// # Errors
/// [`ImportError`] when there is no course, when its root does not say which one it is, or when the store cannot be
/// written. Whatever is wrong with a single block is in the report instead.
pub fn import(
    source: &Path,
    into: &ContentStore,
    progress: &mut dyn FnMut(Progress),
) -> Result<ImportReport, ImportError> {
    import_of(source, into, Of::Published, progress)
}

/// The same for authors: of a backup, each entity is taken at its draft.
///
/// # Errors
/// As [`import`].
pub(crate) fn import_drafts(
    source: &Path,
    into: &ContentStore,
    progress: &mut dyn FnMut(Progress),
) -> Result<ImportReport, ImportError> {
    import_of(source, into, Of::Drafts, progress)
}

/// Which versions of what has several are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Of {
    Published,
    Drafts,
}

fn import_of(
    source: &Path,
    into: &ContentStore,
    of: Of,
    progress: &mut dyn FnMut(Progress),
) -> Result<ImportReport, ImportError> {
    if let Some(archive) = Archive::by_name(source).filter(|_| source.is_file()) {
        let reading = |error| ImportError::Read { path: source.to_owned(), source: error };
        let unpacked = tempfile::tempdir().map_err(reading)?;
        archive.unpack(source, unpacked.path(), progress)?;
        return import_folder(unpacked.path(), into, of, progress);
    }
    import_folder(source, into, of, progress)
}

fn import_folder(
    folder: &Path,
    into: &ContentStore,
    of: Of,
    progress: &mut dyn FnMut(Progress),
) -> Result<ImportReport, ImportError> {
    let mut source = Source::open(&root::only_one(folder)?, progress)?;
    if root::is_backup(&source) {
        return backup::import(&mut source, into, of);
    }
    let root = Root::read(&mut source)?;
    let mut writer = into.new_version(&root.context)?;
    let mut used = Used::new(writer.scratch()?);
    let walked = Walk::new(&mut source, &root, &mut writer, &mut used)?.run()?;
    let mut problems = walked.problems;
    assets::copy(&mut source, &mut used, &mut writer, &mut problems)?;
    let title = walked.title.unwrap_or_else(|| root.context.to_string());
    let published = writer.publish(&title, &root.usage)?;
    source.finish();
    into.reload()?;
    Ok(ImportReport {
        context: root.context,
        title,
        version: published.version,
        unchanged: published.unchanged,
        blocks: walked.blocks,
        problems,
    })
}

#[cfg(test)]
mod tests;
