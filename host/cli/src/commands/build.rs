//! `blockhouse build`: a package of a block, in Rust, JavaScript or Python.

use std::path::PathBuf;

use crate::build::{self, BuildError};

/// What to build.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folders of the blocks: with a Cargo.toml, a package.json or a pyproject.toml.
    #[arg(required = true, value_name = "FOLDER")]
    folders: Vec<PathBuf>,
    /// Where to write `NAME-VERSION.block`.
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

/// Builds one block after the other and says what was written.
pub(crate) fn run(args: Args) -> Result<(), BuildError> {
    for folder in &args.folders {
        eprintln!("building {}", folder.display());
        let (file, package) = build::build(folder, &args.out)?;
        println!("{} ({} bytes of wasm, sha256 {})", file.display(), package.component.len(), package.digest);
    }
    Ok(())
}
