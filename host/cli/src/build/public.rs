//! Collects the files that a block's page loads: everything below `public/` in the crate.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why the files cannot be packed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PublicError {
    /// The operating system refused.
    #[error("cannot read `{path}`")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A name that no URL has.
    #[error("`{}` has a name that cannot stand in a URL; rename it", .0.display())]
    Name(PathBuf),
}

/// Path in the package, `public/…`, to content. Names that begin with a dot are left out: spec 2.9.5 never serves them.
pub(crate) fn collect(crate_dir: &Path) -> Result<BTreeMap<String, Arc<[u8]>>, PublicError> {
    let mut files = BTreeMap::new();
    let directory = crate_dir.join("public");
    if directory.is_dir() {
        add(&directory, "public", &mut files)?;
    }
    Ok(files)
}

fn add(directory: &Path, name: &str, files: &mut BTreeMap<String, Arc<[u8]>>) -> Result<(), PublicError> {
    let read = |path: &Path| {
        let path = path.to_owned();
        move |source| PublicError::Read { path, source }
    };
    for entry in std::fs::read_dir(directory).map_err(read(directory))? {
        let path = entry.map_err(read(directory))?.path();
        let Some(file_name) = path.file_name().and_then(|name| name.to_str()) else {
            return Err(PublicError::Name(path));
        };
        if file_name.starts_with('.') {
            continue;
        }
        let name = format!("{name}/{file_name}");
        if path.is_dir() {
            add(&path, &name, files)?;
        } else {
            let bytes = std::fs::read(&path).map_err(read(&path))?;
            files.insert(name, Arc::from(bytes));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_below_public_is_taken_but_hidden_files() {
        let directory = tempfile::tempdir().unwrap();
        let public = directory.path().join("public");
        std::fs::create_dir_all(public.join("img")).unwrap();
        for name in ["a.js", "img/b.svg", ".DS_Store"] {
            std::fs::write(public.join(name), name).unwrap();
        }
        std::fs::write(directory.path().join("Cargo.toml"), "").unwrap();
        let files = collect(directory.path()).unwrap();
        assert_eq!(files.keys().collect::<Vec<_>>(), ["public/a.js", "public/img/b.svg"]);
    }

    #[test]
    fn a_block_without_files_is_fine() {
        let directory = tempfile::tempdir().unwrap();
        assert!(collect(directory.path()).unwrap().is_empty());
    }
}
