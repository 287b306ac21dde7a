//! `blockhouse state`: look at learners' rows, take some away, write many out. It works on the database itself, beside
//! hosts that run: a reset is a commit like any other, and a handler that runs at the same time is run again.

use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use blockhouse_fields::UserId;
use blockhouse_keys::{InvalidKey, LearningContextKey, UsageKey};
use blockhouse_state::{
    LearnerStore, PastRecord, Record, RecordsOf, Reset, ResetKind, Score, StateError, Stores,
};
use clap::Subcommand;
use serde_json::{Value, json};

use crate::config::{Config, ConfigError};

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
        let stores = Stores::open(&config.database()?, config.authors_ttl(), now_ms).await?;
        match act(args.action, &stores.learners).await {
            // Whoever reads only the first lines of an export closes the pipe.
            Err(StateCommandError::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    })
}

async fn act(action: Action, store: &Arc<dyn LearnerStore>) -> Result<(), StateCommandError> {
    match action {
        Action::Show(one) => {
            let (user, usage) = one.parse()?;
            let record = store.record(&user, &usage).await?;
            let record =
                record.ok_or(StateCommandError::NoRow { learner: one.learner, usage: usage.clone() })?;
            let history = store.history(&user, &usage).await?;
            let mut shown = as_json(&record);
            if let Some(object) = shown.as_object_mut() {
                object.insert("history".to_owned(), history.iter().map(past_as_json).collect());
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
            store.reset(Reset { user, usage: usage.clone(), what, now_ms: now_ms() }).await?;
            eprintln!("learner {} begins `{usage}` again", one.learner);
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

/// Page by page, so that memory stays bounded.
async fn export(of: &RecordsOf, store: &Arc<dyn LearnerStore>) -> Result<(), StateCommandError> {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut after = 0;
    loop {
        let page = store.records(of, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        for record in &page {
            writeln!(output, "{}", as_json(record))?;
        }
    }
    Ok(output.flush()?)
}

impl One {
    fn parse(&self) -> Result<(UserId, UsageKey), InvalidKey> {
        Ok((UserId::Learner(self.learner), self.usage.parse()?))
    }
}

fn as_json(record: &Record) -> Value {
    json!({
        "learner": record.learner,
        "block_type": record.block_type,
        "usage": record.usage,
        "context": record.context,
        "state": state(record.state.as_deref()),
        "grade": record.score.map(|Score { earned, .. }| earned),
        "max_grade": record.score.map(|Score { possible, .. }| possible),
        "created": record.created.to_string(),
        "modified": record.modified.to_string(),
    })
}

fn past_as_json(past: &PastRecord) -> Value {
    json!({
        "state": state(past.state.as_deref()),
        "grade": past.score.map(|Score { earned, .. }| earned),
        "max_grade": past.score.map(|Score { possible, .. }| possible),
        "created": past.created.to_string(),
    })
}

/// The stored object; as text where it is damaged, because whoever exports wants what is there.
fn state(text: Option<&str>) -> Value {
    let Some(text) = text else { return Value::Null };
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or(Duration::ZERO);
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}
