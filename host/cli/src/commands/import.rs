//! `blockhouse import`: a course or library in OLX, and a table of what of it this host can show.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use blockhouse_content::{ImportReport, Progress, import};
use blockhouse_fields::UserId;
use blockhouse_keys::LearningContextKey;
use blockhouse_runtime::{Runtime, RuntimeError, View, ViewRequest, Visitor};
use blockhouse_server::{ServerConfig, ServerUrls};
use indicatif::{ProgressBar, ProgressStyle};

use crate::config::Config;
use crate::host::{HostError, open_content, open_data, open_runtime};

/// What to import.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder of a course or library: the one with `course.xml` or `library.xml`.
    source: PathBuf,
}

/// Imports, then renders every block once for a learner who has done nothing yet.
pub(crate) fn run(args: Args, file: Option<&Path>) -> Result<ExitCode, HostError> {
    let config = Config::load(file)?;
    let secrets = open_data(&config)?;
    let mut content = open_content(&config)?;
    let bar = progress_bar();
    let report = import(&args.source, &mut content, &mut |progress: Progress| {
        bar.set_length(progress.total);
        bar.set_position(progress.done);
        bar.set_message(progress.what);
    })?;
    bar.finish_and_clear();
    println!("{} ({})", report.title, report.context);

    let server = ServerConfig::new(config.public_url(), vec![secrets.key("session").to_vec()]);
    let urls = Arc::new(ServerUrls::new(&server)?);
    // Nobody's state is read or written: the learner of this check lives in a directory that goes away.
    let scratch = tempfile::tempdir().map_err(|source| HostError::Data { path: config.data.clone(), source })?;
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(HostError::Threads)?;
    let outcomes = threads.block_on(async {
        let runtime = open_runtime(&config, &secrets, &scratch.path().join("state.sqlite"), urls).await?;
        Ok::<_, HostError>(render_all(&runtime, &report.context, &bar).await)
    })?;
    print_table(&outcomes);
    print_problems(&report, &outcomes);
    Ok(ExitCode::SUCCESS)
}

/// What became of the blocks of one type.
#[derive(Default)]
struct Outcome {
    rendered: usize,
    not_installed: usize,
    failed: Vec<String>,
}

async fn render_all(
    runtime: &Runtime,
    context: &LearningContextKey,
    bar: &ProgressBar,
) -> BTreeMap<String, Outcome> {
    let usages = runtime.content().context(context).map(|context| context.usages()).unwrap_or_default();
    let visitor = Visitor { user: UserId::Learner(0), locale: "en".to_owned() };
    let mut outcomes: BTreeMap<String, Outcome> = BTreeMap::new();
    bar.set_length(usages.len() as u64);
    bar.reset();
    for usage in usages {
        bar.set_message(format!("rendering {}", usage.block_id()));
        let request = ViewRequest { visitor: visitor.clone(), usage: usage.clone(), view: View::Student };
        let result = runtime.view(request).await;
        let outcome = outcomes.entry(usage.block_type().to_owned()).or_default();
        match result {
            Ok(_) => outcome.rendered += 1,
            Err(RuntimeError::NotInstalled { .. }) => outcome.not_installed += 1,
            Err(error) => outcome.failed.push(format!("{usage}: {error}")),
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    outcomes
}

fn print_table(outcomes: &BTreeMap<String, Outcome>) {
    println!("\n{:<24} {:>8} {:>8} {:>13} {:>8}", "block type", "blocks", "rendered", "not installed", "failed");
    let mut total = [0; 4];
    for (block_type, outcome) in outcomes {
        let failed = outcome.failed.len();
        let row = [outcome.rendered + outcome.not_installed + failed, outcome.rendered, outcome.not_installed, failed];
        print_row(block_type, row);
        for (sum, count) in total.iter_mut().zip(row) {
            *sum += count;
        }
    }
    print_row("total", total);
}

fn print_row(name: &str, [blocks, rendered, not_installed, failed]: [usize; 4]) {
    println!("{name:<24} {blocks:>8} {rendered:>8} {not_installed:>13} {failed:>8}");
}

fn print_problems(report: &ImportReport, outcomes: &BTreeMap<String, Outcome>) {
    let failed: Vec<_> = outcomes.values().flat_map(|outcome| &outcome.failed).collect();
    if !failed.is_empty() {
        println!("\nfailed to render:");
        failed.iter().for_each(|failure| println!("  {failure}"));
    }
    if !report.problems.is_empty() {
        println!("\nfound while reading:");
        report.problems.iter().for_each(|problem| println!("  {}", problem.fault));
    }
}

fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
