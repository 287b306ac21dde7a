//! `blockhouse state`: look at learners' rows, take some away, write many out. It works on the database itself, beside
//! hosts that run: a reset is a commit like any other, and a handler that runs at the same time is run again. A reset
//! puts a host together, because the block is told.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use blockhouse_fields::UserId;
use blockhouse_keys::{InvalidKey, LearningContextKey, UsageKey};
use blockhouse_runtime::{Notice, ResetKind, ResetRequest, Runtime, RuntimeError, Score};
use blockhouse_server::{ServerConfig, ServerUrls};
use blockhouse_state::{LearnerStore, PastRecord, RecordsOf, StateError, Stores};
use clap::Subcommand;
use serde_json::{Value, json};

use crate::config::{Config, ConfigError};
use crate::host::{HostError, open_data, open_runtime, open_storage, people};
use crate::plain::Plain;

/// Rows in one page of an export.
const PAGE: u32 = 500;

/// What to do.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand)]
enum Action {
    /// Show one learner's row of a block, and what it has been, as JSON.
    Show(One),
    /// Take a learner's row of a block away, with fields and score.
    Reset {
        #[command(flatten)]
        one: One,
        /// Only the score; the fields stay.
        #[arg(long, conflicts_with = "fields")]
        score: bool,
        /// Only the fields; the score stays.
        #[arg(long)]
        fields: bool,
    },
    /// Show how much of a block a learner has done, or set it.
    Completion {
        #[command(flatten)]
        one: One,
        /// From 0.0 to 1.0.
        #[arg(long, value_name = "FRACTION", value_parser = fraction)]
        set: Option<f64>,
    },
    /// Show a learner's score in a block, or give one.
    Score {
        #[command(flatten)]
        one: One,
        /// Give so many points.
        #[arg(long, value_name = "POINTS", requires = "possible")]
        earned: Option<f64>,
        /// Of so many.
        #[arg(long, value_name = "POINTS", requires = "earned")]
        possible: Option<f64>,
        /// A better score stays.
        #[arg(long, requires = "earned")]
        only_if_higher: bool,
    },
    /// Write rows as lines of JSON to standard output.
    #[command(group = clap::ArgGroup::new("of").required(true))]
    Export {
        /// All rows of a learning context.
        #[arg(long, value_name = "KEY", group = "of")]
        context: Option<String>,
        /// All learners' rows of a block.
        #[arg(long, value_name = "KEY", group = "of")]
        block: Option<String>,
        /// All rows of a learner.
        #[arg(long, value_name = "NUMBER", group = "of")]
        learner: Option<i64>,
    },
}

/// One learner in one block.
#[derive(clap::Args)]
struct One {
    /// The learner's number.
    #[arg(long, value_name = "NUMBER")]
    learner: i64,
    /// The block's usage key.
    #[arg(value_name = "USAGE")]
    usage: String,
}

/// Why nothing was done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StateCommandError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A key.
    #[error(transparent)]
    Key(#[from] InvalidKey),
    /// The database.
    #[error("the state store did not answer as it should")]
    Store(#[from] StateError),
    /// A host that the block can be told on.
    #[error(transparent)]
    Host(#[from] HostError),
    /// The change.
    #[error("nothing was changed")]
    Runtime(#[from] RuntimeError),
    /// Nothing is known.
    #[error("it is not known how much of `{usage}` learner {learner} has done")]
    NoCompletion {
        /// Whose.
        learner: i64,
        /// Of which block.
        usage: UsageKey,
    },
    /// Points that no score has.
    #[error("a score needs 0 <= earned <= possible")]
    NotAScore,
    /// Nothing was scored.
    #[error("learner {learner} has no score in `{usage}`")]
    NoScore {
        /// Whose.
        learner: i64,
        /// In which block.
        usage: UsageKey,
    },
    /// There is no such row.
    #[error(
        "learner {learner} has no row for `{usage}`; look with `blockhouse state export --learner {learner}`"
    )]
    NoRow {
        /// Whose.
        learner: i64,
        /// For which block.
        usage: UsageKey,
    },
    /// Standard output.
    #[error("the rows cannot be written")]
    Output(#[from] io::Error),
    /// The threads that the database needs.
    #[error("no threads can be started")]
    Threads(#[source] io::Error),
}

/// Does it on the database of the configuration.
pub(crate) fn run(args: Args, file: Option<&Path>) -> Result<(), StateCommandError> {
    let config = Config::load(file)?;
    let threads = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(StateCommandError::Threads)?;
    threads.block_on(async {
        match act(args.action, &config).await {
            // Whoever reads only the first lines of an export closes the pipe.
            Err(StateCommandError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    })
}

async fn act(action: Action, config: &Config) -> Result<(), StateCommandError> {
    let clock = ServerConfig::new(config.public_url(), Vec::new()).clock;
    let store = &Stores::open(&config.database()?, config.authors_ttl(), clock).await?.learners;
    match action {
        Action::Show(one) => {
            let (user, usage) = one.parse()?;
            let record = store.record(&user, &usage).await?;
            let record =
                record.ok_or(StateCommandError::NoRow { learner: one.learner, usage: usage.clone() })?;
            let history = store.history(&user, &usage).await?;
            let mut shown = record.to_json();
            if let Some(object) = shown.as_object_mut() {
                object
                    .insert("history".to_owned(), history.iter().map(PastRecord::to_json).collect::<Value>());
            }
            println!("{shown:#}");
        }
        Action::Reset { one, score, fields } => {
            let (user, usage) = one.parse()?;
            let what = match (score, fields) {
                (true, _) => ResetKind::Score,
                (_, true) => ResetKind::Fields,
                (false, false) => ResetKind::Row,
            };
            if store.record(&user, &usage).await?.is_none() {
                return Err(StateCommandError::NoRow { learner: one.learner, usage });
            }
            reset(config, ResetRequest { learner: one.learner, usage, what }).await?;
        }
        Action::Completion { one, set } => {
            let (user, usage) = one.parse()?;
            if let Some(fraction) = set {
                open_host(config).await?.set_completion(one.learner, &usage, fraction).await?;
            }
            let none = StateCommandError::NoCompletion { learner: one.learner, usage: usage.clone() };
            println!("{:#}", store.completion(&user, &usage).await?.ok_or(none)?.to_json());
        }
        Action::Score { one, earned, possible, only_if_higher } => {
            let (user, usage) = one.parse()?;
            if let (Some(earned), Some(possible)) = (earned, possible) {
                let score = Score::checked(earned, possible).ok_or(StateCommandError::NotAScore)?;
                open_host(config).await?.set_score(one.learner, &usage, score, only_if_higher).await?;
            }
            let none = StateCommandError::NoScore { learner: one.learner, usage: usage.clone() };
            let record = store.record(&user, &usage).await?;
            let Score { earned, possible } = record.and_then(|record| record.score).ok_or(none)?;
            println!("{:#}", json!({ "earned": earned, "possible": possible }));
        }
        Action::Export { context, block, learner } => {
            let of = match (context, block, learner) {
                (Some(context), _, _) => RecordsOf::Context(context.parse::<LearningContextKey>()?),
                (_, Some(block), _) => RecordsOf::Block(block.parse::<UsageKey>()?),
                (_, _, learner) => RecordsOf::Learner(UserId::Learner(learner.unwrap_or_default())),
            };
            export(&of, store).await?;
        }
    }
    Ok(())
}

/// A host of this command's own, which knows the same blocks as those that serve.
async fn open_host(config: &Config) -> Result<Runtime, HostError> {
    let secrets = open_data(config)?;
    let server = ServerConfig::new(config.public_url(), vec![secrets.key("session").to_vec()]);
    let urls = Arc::new(ServerUrls::new(&server)?);
    let (storage, database) = (open_storage(config).await?, config.database()?);
    let (runtime, _refused) =
        open_runtime(config, &secrets, storage, &database, people(config), urls, server.clock).await?;
    Ok(runtime)
}

/// Tells what the block had to do with it.
async fn reset(config: &Config, request: ResetRequest) -> Result<(), StateCommandError> {
    let ResetRequest { learner, usage, .. } = request.clone();
    match open_host(config).await?.reset(request).await? {
        Notice::Told => eprintln!("learner {learner} begins `{usage}` again; the block was told"),
        Notice::NotWanted => eprintln!("learner {learner} begins `{usage}` again"),
        Notice::Failed(why) => {
            eprintln!(
                "learner {learner} begins `{usage}` again, but the block was told and failed: {}",
                Plain(why)
            );
        }
    }
    Ok(())
}

/// Page by page, so that memory stays bounded.
async fn export(of: &RecordsOf, store: &Arc<dyn LearnerStore>) -> Result<(), StateCommandError> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut after = 0;
    loop {
        let page = store.records(of, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for record in &page {
            writeln!(output, "{}", record.to_json())?;
        }
    }
    Ok(output.flush()?)
}

/// `0.5` on the command line.
fn fraction(text: &str) -> Result<f64, String> {
    let fraction = text.parse().ok().filter(|fraction| (0.0..=1.0).contains(fraction));
    fraction.ok_or_else(|| "give a number from 0.0 to 1.0".to_owned())
}

impl One {
    fn parse(&self) -> Result<(UserId, UsageKey), InvalidKey> {
        Ok((UserId::Learner(self.learner), self.usage.parse()?))
    }
}
