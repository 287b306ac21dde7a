//! From a block's folder to a package: its language's tool, the component, its definition, the files for the browser,
//! its texts.
//!
//! Nothing here decides whether a block is acceptable; a host does that when it installs the package.

mod cargo;
mod componentize;
mod contract;
mod javascript;
mod language;
mod locales;
mod public;
mod python;
mod staging;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use blockhouse_sandbox::{InstallError, Package, PackageError};

pub(crate) use cargo::CargoError;
pub(crate) use componentize::ComponentizeError;
pub(crate) use language::LanguageError;
pub(crate) use locales::LocalesError;
pub(crate) use public::PublicError;

/// Why there is no package. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    /// cargo.
    #[error(transparent)]
    Cargo(#[from] CargoError),
    /// A tool of another language.
    #[error(transparent)]
    Language(#[from] LanguageError),
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
    Describe(#[from] InstallError),
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

/// Builds the block in `folder` and writes `<name>-<version>.block` into `out`. Gives the file and what is in it.
pub(crate) fn build(folder: &Path, out: &Path) -> Result<(PathBuf, Package), BuildError> {
    let component = component(folder)?;
    let definition = blockhouse_sandbox::describe(&component)?;
    let public = public::collect(folder)?;
    let package =
        Package::new(definition, Arc::from(component), public).with_locales(locales::collect(folder)?);

    std::fs::create_dir_all(out).map_err(|source| BuildError::Out { path: out.to_owned(), source })?;
    let definition = &package.definition;
    let file = out.join(format!("{}-{}.block", definition.name, definition.version));
    package.write(&file)?;
    Ok((file, package))
}

/// The project file says which language it is. A folder with a Cargo.toml is a crate, whatever else is in it.
fn component(folder: &Path) -> Result<Vec<u8>, BuildError> {
    if !folder.join("Cargo.toml").is_file() {
        if javascript::is(folder) {
            return Ok(javascript::componentize(folder)?);
        }
        if python::is(folder) {
            return Ok(python::componentize(folder)?);
        }
    }
    let path = cargo::build(folder)?;
    let module = std::fs::read(&path).map_err(|source| BuildError::Module { path, source })?;
    Ok(componentize::componentize(&module)?)
}
