//! Collects the block's texts: `locales/<tag>.ftl` in the crate. They are read here already, so that whoever writes
//! them sees what is wrong, and not the operator who installs the package.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use blockhouse_i18n::{CatalogueError, Catalogues};

/// Why the texts cannot be packed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LocalesError {
    /// The operating system refused, or a file is not UTF-8.
    #[error("cannot read `{path}`")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A catalogue that no host takes.
    #[error("the texts in `locales/` cannot be used")]
    Catalogue(#[from] CatalogueError),
}

/// Locale to catalogue. A block without `locales/` has none; other files there are notes for translators.
pub(crate) fn collect(crate_dir: &Path) -> Result<BTreeMap<String, Arc<str>>, LocalesError> {
    let directory = crate_dir.join("locales");
    let mut found = BTreeMap::new();
    if !directory.is_dir() {
        return Ok(found);
    }
    let read = |path: &Path| {
        let path = path.to_owned();
        move |source| LocalesError::Read { path, source }
    };
    for entry in std::fs::read_dir(&directory).map_err(read(&directory))? {
        let path = entry.map_err(read(&directory))?.path();
        let locale = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
        if let Some(locale) = locale.filter(|_| path.extension().is_some_and(|extension| extension == "ftl"))
        {
            found.insert(locale, Arc::from(std::fs::read_to_string(&path).map_err(read(&path))?));
        }
    }
    Catalogues::new(found.iter().map(|(locale, text)| (locale.as_str(), &**text)))?;
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collected(files: &[(&str, &str)]) -> Result<BTreeMap<String, Arc<str>>, LocalesError> {
        let directory = tempfile::tempdir().unwrap();
        std::fs::create_dir(directory.path().join("locales")).unwrap();
        for (name, text) in files {
            std::fs::write(directory.path().join("locales").join(name), text).unwrap();
        }
        collect(directory.path())
    }

    #[test]
    fn a_catalogue_has_the_locale_of_its_file() {
        let found = collected(&[("en.ftl", "a = A\n"), ("pt-BR.ftl", "a = B\n"), ("NOTES.md", "")]).unwrap();
        assert_eq!(found.keys().collect::<Vec<_>>(), ["en", "pt-BR"]);
    }

    #[test]
    fn a_broken_catalogue_is_found_before_anybody_installs_it() {
        assert!(matches!(collected(&[("en.ftl", "= A\n")]), Err(LocalesError::Catalogue(_))));
    }

    #[test]
    fn a_block_without_texts_is_fine() {
        assert!(collect(tempfile::tempdir().unwrap().path()).unwrap().is_empty());
    }
}
