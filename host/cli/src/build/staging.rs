//! A directory in which another language's tool finds the contract, with a world that has just what the block has.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use tempfile::TempDir;

use super::contract;

/// What a block says that it is, asked natively, before there is a component.
#[derive(Debug, Deserialize)]
pub(crate) struct Outline {
    /// The interfaces that it implements, as the contract names them.
    pub(crate) exports: Vec<String>,
    /// The granted interfaces that it wants to use.
    pub(crate) capabilities: Vec<String>,
}

/// The interfaces that every block may use.
const ALWAYS: [&str; 9] = ["fields", "usage", "files", "user", "publish", "log", "clock", "random", "i18n"];

impl Outline {
    /// The interfaces that the block imports. A grade needs no import of its own: `publish` is always there.
    pub(crate) fn imports(&self) -> Vec<&str> {
        let interfaces = self.capabilities.iter().map(String::as_str);
        ALWAYS.into_iter().chain(interfaces.filter(|name| contract::has_interface(name))).collect()
    }

    /// The world with these imports and exports.
    fn world(&self) -> String {
        let imports = self.imports().into_iter().map(|name| format!("import {name};"));
        let exports = self.exports.iter().map(|name| format!("export {name};"));
        let items: Vec<_> = imports.chain(exports).collect();
        format!("world guest {{ {} }}\n", items.join(" "))
    }
}

/// The directory; it goes with this value.
pub(crate) struct Staging {
    directory: TempDir,
}

impl Staging {
    /// Writes the contract and the block's world to `wit/`.
    pub(crate) fn new(outline: &Outline) -> io::Result<Self> {
        let staging = Self { directory: tempfile::tempdir()? };
        let wit = staging.path("wit");
        fs::create_dir(&wit)?;
        for (name, text) in contract::FILES {
            fs::write(wit.join(name), text)?;
        }
        fs::write(wit.join("guest.wit"), outline.world())?;
        Ok(staging)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}

/// Copies a directory, links followed, without what `leave` names.
pub(crate) fn copy(from: &Path, to: &Path, leave: &[&str]) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        if leave.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target, leave)?;
        } else {
            fs::copy(&path, &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_has_what_the_block_has() {
        let outline = Outline {
            exports: vec!["definition".to_owned(), "handlers".to_owned()],
            capabilities: vec!["publish-grades".to_owned()],
        };
        let world = outline.world();
        assert!(
            world.contains("import fields;") && world.ends_with("export definition; export handlers; }\n")
        );
        assert!(!world.contains("publish-grades"), "{world}");
    }
}
