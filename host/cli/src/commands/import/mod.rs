//! `blockhouse import`: courses and libraries, and a table of what of them this host can show.
//!
//! Each is imported by itself: one that cannot be used is named with the reason and does not hold up the others.

mod into_library;
mod render;
mod table;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use blockhouse_content::{ContentStore, ImportError, ImportReport, Problem, find, import};
use blockhouse_keys::LibraryKey;
use blockhouse_server::{ServerConfig, ServerUrls};
use blockhouse_state::DatabaseUrl;
use indicatif::ProgressBar;

use crate::causes::on_one_line;
use crate::config::Config;
use crate::host::{HostError, open_content, open_data, open_runtime, open_storage, people};
use crate::plain::Plain;
use crate::progress;
use table::Table;

/// What to import.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folders, `.tar.gz` archives or library backups (`.zip`). Every course and library below a folder is imported.
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Take the blocks as drafts into this library, where authors edit them. It is made if it is not there.
    #[arg(long, value_name = "lib:ORG:SLUG")]
    into: Option<LibraryKey>,
    /// With --into: publish what was taken.
    #[arg(long, requires = "into")]
    publish: bool,
    /// With --into: the account whose change it is, and who becomes the admin of a library that is made: its number, or
    /// NUMBER:NAME.
    #[arg(long = "as", value_name = "ACCOUNT", requires = "into")]
    author: Option<String>,
}

/// Imports, then renders every block once for a learner who has done nothing yet. Succeeds when something was imported.
pub(crate) fn run(args: Args, file: Option<&Path>) -> Result<ExitCode, HostError> {
    let config = Config::load(file)?;
    if let Some(library) = &args.into {
        return into_library::run(&args, library, &config);
    }
    let secrets = open_data(&config)?;
    let content = open_content(&config)?;
    let bar = progress::bar();
    let (reports, failures) = import_all(&args.paths, &content, &bar);
    for (path, error) in &failures {
        eprintln!("blockhouse: {} was not imported: {}", path.display(), Plain(error));
    }
    if reports.is_empty() {
        return Ok(ExitCode::FAILURE);
    }

    let server = ServerConfig::new(config.public_url(), vec![secrets.key("session").to_vec()]);
    let urls = Arc::new(ServerUrls::new(&server)?);
    // Nobody's state is read or written: the learner of this check lives in a directory that goes away.
    let scratch =
        tempfile::tempdir().map_err(|source| HostError::Data { path: config.data.clone(), source })?;
    let threads =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(HostError::Threads)?;
    let table = threads.block_on(async {
        let state = DatabaseUrl::file(&scratch.path().join("state.sqlite"));
        let storage = open_storage(&config).await?;
        let (runtime, refused) =
            open_runtime(&config, &secrets, storage, &state, people(&config), urls, server.clock).await?;
        for error in &refused {
            eprintln!("left out a package: {}", Plain(on_one_line(error)));
        }
        let mut table = Table::default();
        for report in &reports {
            render::all(&runtime, &report.context, &mut table, &bar).await;
        }
        Ok::<_, HostError>(table)
    })?;
    bar.finish_and_clear();
    // The reader of a pipe may have seen enough; the import is done all the same.
    let _ = print_summary(&mut std::io::stdout().lock(), &reports, &table);
    Ok(ExitCode::SUCCESS)
}

/// Imports whatever is below the paths, and tells of each course and library as soon as it is in.
fn import_all(
    paths: &[PathBuf],
    content: &ContentStore,
    bar: &ProgressBar,
) -> (Vec<ImportReport>, Vec<(PathBuf, ImportError)>) {
    let (mut reports, mut failures) = (Vec::new(), Vec::new());
    for path in paths {
        let sources = match find(path) {
            Ok(sources) if sources.is_empty() => Err(ImportError::NothingFound(path.clone())),
            found => found,
        };
        for source in sources.unwrap_or_else(|error| {
            failures.push((path.clone(), error));
            Vec::new()
        }) {
            bar.reset();
            match import(&source, content, &mut |progress| progress::show(bar, progress)) {
                Ok(report) => {
                    let state = if report.unchanged { "unchanged, version" } else { "version" };
                    bar.suspend(|| {
                        let (title, context) = (&report.title, &report.context);
                        let _ = writeln!(
                            std::io::stdout(),
                            "{} ({context}): {state} {}",
                            Plain(title),
                            report.version
                        );
                    });
                    reports.push(report);
                }
                Err(error) => failures.push((source, error)),
            }
        }
    }
    (reports, failures)
}

/// The table, what does not show, and what an author should look at.
fn print_summary(out: &mut impl Write, reports: &[ImportReport], table: &Table) -> std::io::Result<()> {
    write!(out, "\n{}", Plain(table))?;
    let mut failures = table.failures().peekable();
    if failures.peek().is_some() {
        writeln!(out, "\nfailed to render:")?;
    }
    for failure in failures {
        writeln!(out, "  {}", Plain(failure))?;
    }
    for report in reports {
        print_problems(out, report.context.as_ref(), &report.problems)?;
    }
    Ok(())
}

fn print_problems(out: &mut impl Write, of: &str, problems: &[Problem]) -> std::io::Result<()> {
    if !problems.is_empty() {
        writeln!(out, "\nfound while reading {of}:")?;
    }
    for problem in problems {
        writeln!(out, "  {}", Plain(&problem.fault))?;
    }
    Ok(())
}
