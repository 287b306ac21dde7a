//! What the host adds to bare wasmtime, to its store and to HTTP: all in one run, as medians and ratios.
//!
//! `scripts/bench` builds the blocks and runs this; the words `views`, `limits`, `http` and `process` choose parts of it.
//! Times of single runs mean little on a shared machine; ratios hold.

#![allow(clippy::print_stdout, reason = "a table on standard output is what this program is for")]

mod bare;
mod fixture;
mod http;
mod limits;
mod measure;
mod read;

use std::error::Error;
use std::time::{Duration, Instant};

use blockhouse_bench::{median, resident_mib};

use crate::bare::Bare;
use crate::fixture::{Fixture, Store};
use crate::measure::{BATCH, SAMPLES, Samples, ratio, warm_up};
use crate::read::Read;

/// Bytes of views that are kept. Of none, what a call costs is seen.
pub(crate) const RENDERED: usize = 0;
const KEPT: usize = 32 << 20;

/// How long each HTTP contender is loaded, per round.
const HTTP_TIME: Duration = Duration::from_millis(1500);

/// Rounds of the HTTP contenders in turn.
const HTTP_ROUNDS: usize = 5;

/// Views after which the resident memory is read.
const VIEWS_FOR_MEMORY: usize = 10_000;

/// As the host has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> Result<(), Box<dyn Error>> {
    let threads = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    threads.block_on(async {
        tokio::spawn(async { bench().await.map_err(|error| error.to_string()) }).await??;
        Ok(())
    })
}

async fn bench() -> Result<(), Box<dyn Error>> {
    let chosen: Vec<_> = std::env::args().skip(1).collect();
    let wanted = |part: &str| chosen.is_empty() || chosen.iter().any(|name| name == part);
    let sqlite = Fixture::new(Store::Sqlite, RENDERED).await?;
    if wanted("views") {
        let memory = Fixture::new(Store::Memory, RENDERED).await?;
        views("html", "no learner state", &memory, &sqlite).await?;
        views("thumbs", "three stored fields", &memory, &sqlite).await?;
    }
    if wanted("limits") {
        limits::cost("html", "no learner state").await?;
        limits::cost("thumbs", "three stored fields").await?;
    }
    if wanted("http") {
        let kept = Fixture::new(Store::Sqlite, KEPT).await?;
        over_http("kept, since it is the same for everybody", &kept).await?;
        over_http("rendered for each request", &sqlite).await?;
    }
    if wanted("process") {
        memory_after_many_views(&sqlite).await?;
        start_up().await?;
    }
    Ok(())
}

/// (a), (b) and (c): one batch of each in turn.
async fn views(block: &str, what: &str, memory: &Fixture, sqlite: &Fixture) -> Result<(), Box<dyn Error>> {
    let bare = Bare::new(&memory.spare_sandbox()?, memory.package(block)?)?;
    let text = fixture::TEXT_JSON;
    let floor = || async { drop(bare.view(text).await) };
    let (mediated, stored) = (memory.contender(block), sqlite.contender(block));
    let usage = fixture::usage(block);
    let read = Read::new(&sqlite.database(), usage.to_string(), usage.context_key().to_string()).await?;
    let indexed = || async { drop(read.once().await) };
    // A contender that fails is fast; make sure that none does.
    read.once().await?;
    bare.view(text).await?;
    memory.check(block).await?;
    sqlite.check(block).await?;
    warm_up(floor).await;
    warm_up(&mediated).await;
    warm_up(&stored).await;
    warm_up(indexed).await;
    let [mut a, mut b, mut c, mut one] = [(); 4].map(|()| Samples::default());
    for _ in 0..SAMPLES {
        a.take(floor).await;
        b.take(&mediated).await;
        c.take(&stored).await;
        one.take(indexed).await;
    }
    let (a, b, c) = (a.median(), b.median(), c.median());
    println!("\n{block}: student-view, {what}; medians of {SAMPLES} x {BATCH} calls");
    println!("  (a) bare wasmtime, fresh instance      {:>9.1} µs", micros(a));
    println!("  (b) runtime, store in memory           {:>9.1} µs   {:.2} x (a)", micros(b), ratio(b, a));
    println!(
        "  (c) runtime, SQLite                    {:>9.1} µs   {:.2} x (a), (b) + {:.1} µs",
        micros(c),
        ratio(c, a),
        micros(c.saturating_sub(b))
    );
    println!("      one indexed read, SQLite by sqlx   {:>9.1} µs", micros(one.median()));
    Ok(())
}

/// (d): the JSON of a view beside a plain route with the same bytes, in turn.
async fn over_http(how: &str, fixture: &Fixture) -> Result<(), Box<dyn Error>> {
    let served = fixture.serve().await?;
    let (mut plain, mut view) = (Vec::new(), Vec::new());
    for _ in 0..HTTP_ROUNDS {
        plain.push(http::throughput(served.plain, "/", &served.cookie, HTTP_TIME).await?);
        view.push(http::throughput(served.host, &served.path, &served.cookie, HTTP_TIME).await?);
    }
    let (plain, view) = (median(plain), median(view));
    println!("\nhtml over HTTP, {how}; 16 clients in a closed loop, {} bytes", served.bytes);
    println!("  plain axum route                       {plain:>9.0} requests/s");
    println!("  (d) student_view as JSON               {view:>9.0} requests/s   {:.2} x plain", view / plain);
    Ok(())
}

async fn memory_after_many_views(fixture: &Fixture) -> Result<(), Box<dyn Error>> {
    let before = resident_mib();
    for _ in 0..VIEWS_FOR_MEMORY {
        fixture.check("html").await?;
    }
    println!(
        "\nresident memory: {before:.0} MiB, after {VIEWS_FOR_MEMORY} further views {:.0} MiB",
        resident_mib()
    );
    Ok(())
}

async fn start_up() -> Result<(), Box<dyn Error>> {
    let started = Instant::now();
    let fixture = Fixture::new(Store::Sqlite, KEPT).await?;
    let blocks = fixture.runtime.installed().len();
    println!(
        "start-up with {blocks} block types, all compiled before: {:.0} ms",
        started.elapsed().as_secs_f64() * 1e3
    );
    Ok(())
}

pub(crate) fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
