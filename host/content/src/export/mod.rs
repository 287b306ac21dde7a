//! Export: a learning context becomes files again, which import as what it was. A course or a library of the first kind
//! is written as OLX; of a content library, the backup that it came from is given back.

mod block;
mod fault;
mod folder;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use blockhouse_keys::{LearningContextKey, UsageKey};

use crate::archive::Archive;
use crate::store::BACKUP;
use crate::{ContentError, ContentStore, Progress, PublishedContext};
use block::Export;
use folder::Folder;

/// Why nothing was exported. What was written before the failure is gone again.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The store has no such course or library.
    #[error("there is no `{0}` in the store; import it first or correct the key")]
    NoSuchContext(LearningContextKey),
    /// OLX folders hold courses and libraries of the first kind, and the store has no backup of this one.
    #[error("`{0}` cannot be written as OLX, and the store holds no backup of it; import its backup again")]
    NotInOlx(LearningContextKey),
    /// Nothing is overwritten.
    #[error("{} exists already; remove it or name another place", .0.display())]
    Exists(PathBuf),
    /// A file cannot be written.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The store cannot be read.
    #[error(transparent)]
    Store(#[from] ContentError),
    /// What the store holds is not the XML that the import put there.
    #[error("the definition of `{usage}` is not XML: {reason}; import the content again")]
    NotXml {
        /// The block.
        usage: UsageKey,
        /// What is wrong with it.
        reason: String,
    },
}

/// Writes a course or library as a folder, or as an archive if the name ends in `.tar.gz`, `.tgz` or `.zip`.
/// `progress` is called for every block and file.
///
/// # Errors
/// [`ExportError`]; `to` then does not exist.
pub fn export(
    from: &ContentStore,
    context: &LearningContextKey,
    to: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), ExportError> {
    let no_such = || ExportError::NoSuchContext(context.clone());
    let (source, files) =
        (from.context(context).ok_or_else(no_such)?, from.files(context).ok_or_else(no_such)?);
    if to.exists() {
        return Err(ExportError::Exists(to.to_owned()));
    }
    let mut folder = Folder::beside(to)?;
    if let LearningContextKey::Library(_) = context {
        let backup = files.join(BACKUP);
        if !backup.is_dir() {
            return Err(ExportError::NotInOlx(context.clone()));
        }
        folder.copy(&backup, progress)?;
    } else {
        folder.copy(&files, progress)?;
        Export::new(&source, uses(&source)?, &mut folder, progress).run()?;
    }
    match Archive::by_name(to) {
        Some(archive) => folder.pack(archive, source.root().block_type(), to),
        None => folder.rename(to),
    }
}

/// In how many places each block is used.
fn uses(context: &PublishedContext) -> Result<HashMap<UsageKey, usize>, ContentError> {
    let mut uses = HashMap::new();
    for usage in context.usages()? {
        for child in &context.definition(&usage)?.children {
            *uses.entry(child.clone()).or_default() += 1;
        }
    }
    Ok(uses)
}

#[cfg(test)]
mod tests;
