//! `blockhouse build`: a package of a block crate.

use std::path::PathBuf;

use crate::build::{self, BuildError};

/// What to build.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The directories of the block crates.
    #[arg(required = true, value_name = "CRATE_DIR")]
    crates: Vec<PathBuf>,
    /// Where to write `NAME-VERSION.block`.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

/// Builds one crate after the other and says what was written.
pub(crate) fn run(args: Args) -> Result<(), BuildError> {
    for crate_dir in &args.crates {
        eprintln!("building {}", crate_dir.display());
        let (file, package) = build::build(crate_dir, &args.out)?;
        println!("{} ({} bytes of wasm, sha256 {})", file.display(), package.component.len(), package.digest);
    }
    Ok(())
}
