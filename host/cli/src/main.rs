//! The `blockhouse` command: serve courses, import them, build and look into blocks.
//!
//! One file per command under `commands/`; this one only chooses.

mod build;
mod causes;
mod commands;
mod config;
mod events;
mod grants;
mod host;
mod housekeeping;
mod logging;
mod packages;
mod plain;
mod progress;
mod secrets;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::plain::Plain;

/// A request makes some hundred small values and drops them again, on any thread. With this allocator the host takes a
/// fifth more votes in a second than with the system's (`scripts/bench`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Hosts learning blocks that nobody has to trust.
#[derive(Parser)]
#[command(name = "blockhouse", version, about)]
struct Cli {
    /// The configuration file; without it, `blockhouse.toml` in the working directory if there is one.
    #[arg(long, global = true, env = "BLOCKHOUSE_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the imported courses over HTTP.
    Serve(commands::serve::Args),
    /// Import courses and libraries and show what of them can be rendered.
    Import(commands::import::Args),
    /// Write a course or library as a folder or an archive.
    Export(commands::export::Args),
    /// Look whether libraries and bundles are whole, and mend what a crash has left behind.
    Fsck(commands::fsck::Args),
    /// Make a package of a block in Rust, JavaScript or Python.
    Build(commands::build::Args),
    /// Install packages, each as the current version of its block type.
    Install(commands::install::Args),
    /// List installed versions of block types, choose among them, take some away.
    Versions(commands::versions::Args),
    /// Make machine code of a component: standard input to standard output, for `serve` and `install`.
    #[command(hide = true)]
    Compile,
    /// Show what a package contains and wants.
    Inspect(commands::inspect::Args),
    /// Show what blocks may use.
    Limits(commands::limits::Args),
    /// Show which capabilities blocks have.
    Grants(commands::grants::Args),
    /// Show which blocks cost how much on the host that is serving now.
    Top(commands::top::Args),
    /// Run a recorded call again, and see whether it comes to the same end.
    Replay(commands::replay::Args),
    /// Start a new block.
    New(commands::new::Args),
    /// Look at learners' rows, take some away, write many out.
    State(commands::state::Args),
    /// Show the parts of an opaque key.
    Key(commands::key::Args),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(code) => code,
        Err(error) => {
            report(&*error);
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<ExitCode, Box<dyn std::error::Error>> {
    let config = cli.config;
    match cli.command {
        Command::Serve(args) => commands::serve::run(args, config.as_deref())?,
        Command::Import(args) => return Ok(commands::import::run(args, config.as_deref())?),
        Command::Export(args) => commands::export::run(args, config.as_deref())?,
        Command::Fsck(args) => return Ok(commands::fsck::run(&args, config.as_deref())?),
        Command::Build(args) => commands::build::run(args)?,
        Command::Install(args) => commands::install::run(args, config.as_deref())?,
        Command::Versions(args) => commands::versions::run(args, config.as_deref())?,
        Command::Compile => commands::compile::run()?,
        Command::Inspect(args) => commands::inspect::run(args)?,
        Command::Grants(args) => commands::grants::run(args, config.as_deref())?,
        Command::Limits(args) => commands::limits::run(args, config.as_deref())?,
        Command::Top(args) => commands::top::run(args, config.as_deref())?,
        Command::Replay(args) => return Ok(commands::replay::run(&args, config.as_deref())?),
        Command::New(args) => commands::new::run(args)?,
        Command::State(args) => commands::state::run(args, config.as_deref())?,
        Command::Key(args) => return Ok(commands::key::run(args)),
    }
    Ok(ExitCode::SUCCESS)
}

/// The error and what caused it, one line each.
fn report(error: &(dyn std::error::Error + 'static)) {
    eprintln!("blockhouse: {}", Plain(error));
    for cause in causes::chain(error).skip(1) {
        eprintln!("  because: {}", Plain(cause));
    }
}
