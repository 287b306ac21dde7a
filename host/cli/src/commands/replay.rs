//! `blockhouse replay`: runs a recorded call again, on the version of the block that it was recorded with, and says
//! whether it came to the same end; where the block broke off, with the place.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use blockhouse_runtime::RegistryError;
use blockhouse_sandbox::{
    InstallError, Outcome, Output, Package, PackageError, Recording, RecordingError, Replay, Replayed,
    Sandbox,
};

use crate::config::{Config, ConfigError};
use crate::host::{HostError, open_data, open_registry, open_sandbox, package_files};
use crate::plain::Plain;

/// Which recording.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The recording: a file below `recordings` in the data directory.
    #[arg(value_name = "FILE.json")]
    file: PathBuf,
    /// The package that it was recorded with, where it is not installed here; or another version of it, to see whether
    /// that one does the same.
    #[arg(long, value_name = "FILE.block")]
    package: Option<PathBuf>,
}

/// Why a recording cannot be run again.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReplayError {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The data directory.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The installed packages.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The file cannot be read.
    #[error("cannot read `{path}`")]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is no recording.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// The package cannot be read.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// The package cannot be run.
    #[error(transparent)]
    Install(#[from] InstallError),
    /// The version is not here.
    #[error("version {version} of `{block_type}` is not installed here; give its package with --package")]
    NotInstalled {
        /// The type.
        block_type: String,
        /// The version.
        version: String,
    },
    /// Nothing runs here.
    #[error("no runtime for the call: {0}")]
    Threads(std::io::Error),
}

/// Runs the recording, and prints what came of it. The exit code says whether it came to the same end.
pub(crate) fn run(args: &Args, file: Option<&Path>) -> Result<ExitCode, ReplayError> {
    let config = Config::load(file)?;
    let secrets = open_data(&config)?;
    let text =
        std::fs::read(&args.file).map_err(|source| ReplayError::Read { path: args.file.clone(), source })?;
    let recording = Recording::from_json(&text)?;
    let package = match &args.package {
        Some(path) => Package::read(path)?,
        None => installed(&config, &recording)?,
    };
    let sandbox: Sandbox<Replay> = open_sandbox(&config, &secrets)?;
    let block = sandbox.install(&package)?;
    let threads = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(ReplayError::Threads)?;
    // A call may be moved between threads, as in a host that serves.
    let replayed = threads.block_on(sandbox.replay(&block, &recording));
    print(&replayed);
    Ok(verdict(&recording, &replayed))
}

fn installed(config: &Config, recording: &Recording) -> Result<Package, ReplayError> {
    if let Ok(package) = open_registry(config)?.package(&recording.digest) {
        return Ok(package);
    }
    let mut packages =
        package_files(&config.blocks())?.into_iter().filter_map(|path| Package::read(&path).ok());
    packages.find(|package| package.digest == recording.digest).ok_or_else(|| ReplayError::NotInstalled {
        block_type: recording.block_type.clone(),
        version: recording.version.clone(),
    })
}

fn print(replayed: &Replayed) {
    for line in &replayed.lines {
        println!("log: {}", Plain(line));
    }
    match &replayed.outcome {
        Outcome::Answered(Output::Fragment(fragment)) => println!("{}", Plain(&fragment.content)),
        Outcome::Answered(Output::Response(response)) => {
            println!("{} {}", response.status, Plain(String::from_utf8_lossy(&response.body)));
        }
        Outcome::Answered(Output::Json(text) | Output::Text(text)) => println!("{}", Plain(text)),
        Outcome::Answered(Output::Score(score)) => println!("{score}"),
        Outcome::Answered(Output::Done) => println!("done"),
        Outcome::Answered(Output::Context(answer)) => println!("{answer:?}"),
        Outcome::Failed { error, backtrace } => {
            println!("{}", Plain(error));
            if let Some(backtrace) = backtrace {
                println!("{}", Plain(backtrace));
            }
        }
    }
    let cost = &replayed.cost;
    println!(
        "{:.2} ms of processor time, {} KiB of memory, {} host calls",
        cost.cpu.as_secs_f64() * 1e3,
        cost.memory_bytes / 1024,
        cost.host_calls
    );
}

fn verdict(recording: &Recording, replayed: &Replayed) -> ExitCode {
    match (&recording.outcome, &replayed.departure) {
        (_, Some(departure)) => {
            println!("it took another way; {}", Plain(departure));
            ExitCode::FAILURE
        }
        (Some(outcome), None) if *outcome != replayed.outcome => {
            println!("it asked the same and came to another end");
            ExitCode::FAILURE
        }
        (Some(_), None) => {
            println!("the same as when it was recorded");
            ExitCode::SUCCESS
        }
        (None, None) => {
            println!("it asked the same as when it was recorded; its end was taken out");
            ExitCode::SUCCESS
        }
    }
}
