//! What it costs to keep learners' state: a handler with one durable write beside the same statements without a host,
//! a unit's worth of state beside one block's, and the memory that many learners leave behind.
//!
//! `scripts/bench` runs this beside a PostgreSQL that waits for its disk. Rates of single runs mean little on a shared
//! machine; contenders take turns, and the ratios hold.
//!
//! `storing prefetch` measures only the unit's worth of state.

#![allow(clippy::print_stdout, reason = "a table on standard output is what this program is for")]

mod bare;
mod host;
mod pgbench;
mod prefetch;

use std::error::Error;
use std::time::Duration;

use blockhouse_bench::median;
use blockhouse_state::DatabaseUrl;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::bare::Bare;
use crate::host::Saving;

/// Learners at the same time.
const LEARNERS: i64 = 64;

/// How long each contender runs, per round.
const TIME: Duration = Duration::from_secs(3);

/// Rounds of the contenders in turn.
const ROUNDS: usize = 5;

/// Learners after whom the resident memory is read.
const LEARNERS_FOR_MEMORY: i64 = 100_000;

/// As the host has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let data = tempfile::tempdir()?;
    let file = data.path().join("state.sqlite");
    if std::env::args().nth(1).as_deref() == Some("prefetch") {
        prefetch::ratio("SQLite", &DatabaseUrl::file(&file)).await?;
        return match std::env::var("BLOCKHOUSE_TEST_POSTGRES") {
            Ok(server) => prefetch::ratio("PostgreSQL", &server.parse()?).await,
            Err(_) => Ok(()),
        };
    }
    let sqlite = Saving::new(data.path(), &DatabaseUrl::file(&file)).await?;
    let bare = Bare::new(&file).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(sqlite.rate(LEARNERS, TIME).await?);
        theirs.push(bare.rate(TIME).await?);
    }
    report("SQLite", "one sqlx transaction after the other", ours, theirs);
    prefetch::ratio("SQLite", &DatabaseUrl::file(&file)).await?;

    match std::env::var("BLOCKHOUSE_TEST_POSTGRES") {
        Ok(server) => postgres(&server).await?,
        Err(_) => println!("\nPostgreSQL is left out: run this by scripts/with-services --durable"),
    }
    sqlite.memory(LEARNERS, LEARNERS_FOR_MEMORY).await
}

async fn postgres(server: &str) -> Result<(), Box<dyn Error>> {
    let name = format!("bench_{}", std::process::id());
    let mut administrator = PgConnection::connect(server).await?;
    sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut administrator).await?;
    let (base, _) = server.rsplit_once('/').ok_or("a URL without a database")?;
    let url = format!("{base}/{name}");

    let data = tempfile::tempdir()?;
    let host = Saving::new(data.path(), &url.parse()?).await?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(host.rate(LEARNERS, TIME).await?);
        theirs.push(pgbench::rate(&url, LEARNERS, TIME)?);
    }
    report("PostgreSQL", "pgbench, same statements and clients", ours, theirs);
    prefetch::ratio("PostgreSQL", &url.parse()?).await
}

fn report(database: &str, other: &str, ours: Vec<f64>, theirs: Vec<f64>) {
    let (ours, theirs) = (median(ours), median(theirs));
    println!(
        "\nhandler with one durable write, {database}, {LEARNERS} learners at once; medians of {ROUNDS} x {TIME:?}"
    );
    println!("  {other:<38} {theirs:>9.0} transactions/s");
    println!("  {:<38} {ours:>9.0} calls/s   {:.2} x", "through the host", ours / theirs);
}
