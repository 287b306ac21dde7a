//! Runs the tools of other languages: one error for all of them, since all fail in the same ways.

use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Why another language's tool made no component.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LanguageError {
    /// It cannot be started.
    #[error("`{program}` cannot be run; {hint}")]
    Start {
        /// What was tried.
        program: String,
        /// How to get it.
        hint: &'static str,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It said why.
    #[error("`{0}` failed, see above")]
    Failed(String),
    /// The block does not say what it is.
    #[error("the block cannot be asked what it exports: {0}")]
    Outline(String),
    /// The project file is not usable.
    #[error("`{}` {problem}", path.display())]
    Project {
        /// Which.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The staging directory.
    #[error("cannot put the block's files together")]
    Stage(#[from] io::Error),
}

/// Runs a command to its end; what it reports goes to the terminal.
pub(crate) fn run(command: &mut Command, hint: &'static str) -> Result<Vec<u8>, LanguageError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|source| LanguageError::Start { program: program.clone(), hint, source })?;
    if output.status.success() { Ok(output.stdout) } else { Err(LanguageError::Failed(program)) }
}
