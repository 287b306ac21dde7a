//! `blockhouse export`: a course or library of the store as files again.

use std::path::{Path, PathBuf};

use blockhouse_content::export;
use blockhouse_keys::LearningContextKey;

use crate::config::{Config, ConfigError};
use crate::host::{HostError, open_content};
use crate::progress;

/// What to export, and where to.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The key of the course or library, for example `course-v1:ORG+COURSE+RUN`.
    context: LearningContextKey,
    /// Where it goes: an archive for a name that ends in `.tar.gz` or `.zip`, otherwise a new folder.
    dest: PathBuf,
}

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportFailure {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The content store.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The export.
    #[error("nothing was exported")]
    Export(#[from] blockhouse_content::ExportError),
}

/// Exports. An import of the result gives the same version again.
pub(crate) fn run(args: Args, file: Option<&Path>) -> Result<(), ExportFailure> {
    let content = open_content(&Config::load(file)?)?;
    let bar = progress::bar();
    export(&content, &args.context, &args.dest, &mut |progress| progress::show(&bar, progress))?;
    bar.finish_and_clear();
    println!("{} is in {}", args.context, args.dest.display());
    Ok(())
}
