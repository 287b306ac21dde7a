//! What an import tells: how far it is, what it found, and why it stopped.

use std::collections::BTreeMap;
use std::path::PathBuf;

use blockhouse_keys::{InvalidKey, LearningContextKey, UsageKey};

use crate::{ArchiveError, ContentError, Fault};

/// How far an import or export is. Its unit is that of the stage at hand: bytes of an archive, files, or blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What is done.
    pub done: u64,
    /// What there is to do in this stage.
    pub total: u64,
    /// The file or block at hand.
    pub what: String,
}

/// What an import did.
#[derive(Clone, Debug)]
pub struct ImportReport {
    /// The course or library.
    pub context: LearningContextKey,
    /// Its name.
    pub title: String,
    /// The version that is served now.
    pub version: u64,
    /// Whether that version was there before, as nothing changed since.
    pub unchanged: bool,
    /// How many blocks there are of each type, broken ones included.
    pub blocks: BTreeMap<String, usize>,
    /// What an author should look at, in the order of the course.
    pub problems: Vec<Problem>,
}

/// Something in the author's files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The block that it concerns; `None` for the course as a whole.
    pub usage: Option<UsageKey>,
    /// How bad it is.
    pub severity: Severity,
    /// Where it is and what to do.
    pub fault: Fault,
}

/// How bad a problem is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Imported, but perhaps not as meant.
    Warning,
    /// A block, an asset or a policy is lost.
    Error,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The folder cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The archive cannot be unpacked.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// There is neither a course nor a library.
    #[error("no course.xml, library.xml or package.toml in {}; name the folder that holds one", .0.display())]
    NothingFound(PathBuf),
    /// There are several.
    #[error("several courses or libraries below {}: {}; name one of them", path.display(), found.join(", "))]
    Several {
        /// The folder that was named.
        path: PathBuf,
        /// The folders that hold one, relative to it.
        found: Vec<String>,
    },
    /// The root file, `course.xml`, `library.xml` or `package.toml`, cannot be used.
    #[error("{0}")]
    Root(Fault),
    /// The names in the root file do not make a key.
    #[error("{file} does not name a course or library: {source}; correct the names in it")]
    Key {
        /// The root file.
        file: String,
        /// What is wrong with the key.
        source: InvalidKey,
    },
    /// The store cannot be written.
    #[error(transparent)]
    Store(#[from] ContentError),
}
