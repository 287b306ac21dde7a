//! From a block crate to a package: cargo, the component, its definition, the files for the browser, its texts.
//!
//! Nothing here decides whether a block is acceptable; a host does that when it installs the package.

mod cargo;
mod componentize;
mod contract;
mod describe;
mod locales;
mod public;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use blockhouse_sandbox::{Package, PackageError};

pub(crate) use cargo::CargoError;
pub(crate) use componentize::ComponentizeError;
pub(crate) use describe::DescribeError;
pub(crate) use locales::LocalesError;
pub(crate) use public::PublicError;

/// Why there is no package. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    /// cargo.
    #[error(transparent)]
    Cargo(#[from] CargoError),
    /// The compiled module cannot be read.
    #[error("cannot read the compiled module `{path}`")]
    Module {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The module is no block.
    #[error(transparent)]
    Componentize(#[from] ComponentizeError),
    /// The block does not say what it is.
    #[error(transparent)]
    Describe(#[from] DescribeError),
    /// The files for the browser.
    #[error(transparent)]
    Public(#[from] PublicError),
    /// The texts.
    #[error(transparent)]
    Locales(#[from] LocalesError),
    /// The output directory.
    #[error("cannot make the directory `{path}`")]
    Out {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The package file.
    #[error("cannot write the package")]
    Package(#[from] PackageError),
}

/// Builds the crate in `crate_dir` and writes `<name>-<version>.block` into `out`. Gives the file and what is in it.
pub(crate) fn build(crate_dir: &Path, out: &Path) -> Result<(PathBuf, Package), BuildError> {
    let path = cargo::build(crate_dir)?;
    let module = std::fs::read(&path).map_err(|source| BuildError::Module { path, source })?;
    let component = componentize::componentize(&module)?;
    let definition = describe::describe(&component)?;
    let public = public::collect(crate_dir)?;
    let package =
        Package::new(definition, Arc::from(component), public).with_locales(locales::collect(crate_dir)?);

    std::fs::create_dir_all(out).map_err(|source| BuildError::Out { path: out.to_owned(), source })?;
    let definition = &package.definition;
    let file = out.join(format!("{}-{}.block", definition.name, definition.version));
    package.write(&file)?;
    Ok((file, package))
}
