//! `blockhouse fsck`: whether what authors have written holds together, and mending what a crash has left behind.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use blockhouse_content::{Fsck, StorageError};

use crate::config::{Config, ConfigError};
use crate::host::{HostError, open_storage};

/// What to do about what is found.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Mend what can be mended: take away what belongs to nothing, make known again what was forgotten.
    #[arg(long)]
    mend: bool,
    /// How many minutes nobody must have touched what belongs to nothing, before it counts as left behind. Longer than
    /// any upload or import takes, unless no host is running.
    #[arg(long, value_name = "MINUTES", default_value_t = 60)]
    age: u64,
}

/// Why nothing was looked at.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FsckError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The storage cannot be opened.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The storage cannot be read.
    #[error("the storage of libraries and bundles cannot be read")]
    Storage(#[from] StorageError),
}

/// Looks at everything, and prints what must not be. Fails when something is left that cannot be mended, and without
/// `--mend` when there is anything. May run beside hosts in use.
pub(crate) fn run(args: &Args, file: Option<&Path>) -> Result<ExitCode, FsckError> {
    let config = Config::load(file)?;
    let threads =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(HostError::Threads)?;
    let findings = threads.block_on(async {
        let storage = open_storage(&config).await?;
        let how = Fsck { mend: args.mend, age: Duration::from_secs(args.age.saturating_mul(60)) };
        Ok::<_, FsckError>(storage.fsck(how).await?)
    })?;
    for finding in &findings {
        let mended = if args.mend && finding.can_be_mended() { " (mended)" } else { "" };
        println!("{finding}{mended}");
    }
    let left = findings.iter().filter(|finding| !(args.mend && finding.can_be_mended())).count();
    if left == 0 {
        println!("libraries and bundles are whole");
        return Ok(ExitCode::SUCCESS);
    }
    let advice = if findings.iter().any(|finding| finding.can_be_mended()) && !args.mend {
        "; --mend mends what can be mended"
    } else {
        "; what is missing comes back when it is written or imported again"
    };
    println!("{left} left{advice}");
    Ok(ExitCode::FAILURE)
}
