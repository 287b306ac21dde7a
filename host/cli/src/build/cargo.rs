//! Runs cargo for wasm and finds the core module that it made.
//!
//! The environment is handed on, so `scripts/ensure-wasm-target` can say which cargo and which sysroot to use.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

const TARGET: &str = "wasm32-unknown-unknown";

/// Why cargo made no module.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CargoError {
    /// There is no crate.
    #[error("`{}` has no Cargo.toml, package.json or pyproject.toml; give the folder of a block, or make one with `blockhouse new`", .0.display())]
    NoCrate(PathBuf),
    /// cargo cannot be started.
    #[error("`{program}` cannot be run; install Rust from https://rustup.rs or set WASM_CARGO")]
    Start {
        /// What was tried.
        program: String,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// cargo said why.
    #[error(
        "cargo could not build the crate, see above; where it finds no `std`, \
         run `rustup target add {TARGET}` or `eval \"$(scripts/ensure-wasm-target)\"` first"
    )]
    Failed,
    /// The crate is no cdylib.
    #[error("the crate makes no wasm module; write `[lib] crate-type = [\"cdylib\"]` in `{}`", .0.display())]
    NoModule(PathBuf),
}

/// What we read of cargo's messages.
#[derive(Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    manifest_path: PathBuf,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// Builds the crate in release mode. cargo's own messages go to the terminal.
pub(crate) fn build(crate_dir: &Path) -> Result<PathBuf, CargoError> {
    let no_crate = || CargoError::NoCrate(crate_dir.to_owned());
    // cargo names manifests by their real paths; and rustup chooses a toolchain by the directory it runs in.
    let crate_dir = crate_dir.canonicalize().map_err(|_| no_crate())?;
    let manifest = crate_dir.join("Cargo.toml");
    if !manifest.is_file() {
        return Err(no_crate());
    }
    let program = std::env::var("WASM_CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let output = Command::new(&program)
        .current_dir(&crate_dir)
        .args(["build", "--release", "--lib", "--target", TARGET, "--message-format=json-render-diagnostics"])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| CargoError::Start { program, source })?;
    if !output.status.success() {
        return Err(CargoError::Failed);
    }
    module(&output.stdout, &manifest).ok_or(CargoError::NoModule(manifest))
}

/// The module that cargo reports for this manifest.
fn module(messages: &[u8], manifest: &Path) -> Option<PathBuf> {
    messages
        .split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice::<Message>(line).ok())
        .filter(|message| message.reason == "compiler-artifact" && message.manifest_path == manifest)
        .flat_map(|message| message.filenames)
        .find(|file| file.extension().is_some_and(|extension| extension == "wasm"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_of_the_crate_itself_is_taken() {
        let messages =
            br#"{"reason":"compiler-artifact","manifest_path":"/dep/Cargo.toml","filenames":["/dep.wasm"]}
{"reason":"compiler-artifact","manifest_path":"/me/Cargo.toml","filenames":["/t/me.rlib","/t/me.wasm"]}
{"reason":"build-finished","success":true}"#;
        assert_eq!(module(messages, Path::new("/me/Cargo.toml")), Some(PathBuf::from("/t/me.wasm")));
    }

    #[test]
    fn a_directory_without_a_crate_is_named() {
        let error = build(Path::new("/nonexistent")).unwrap_err();
        assert!(error.to_string().contains("`/nonexistent` has no Cargo.toml,"));
    }
}
