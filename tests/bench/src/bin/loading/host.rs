//! The hosts that are measured, each in a process of its own.

use std::error::Error;
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::{Duration, Instant};

use blockhouse_bench::resident_mib;
use blockhouse_runtime::{Policy, Registry, View};
use blockhouse_system_tests::{Host, learner, project, usage};

use crate::types::{TYPES, USED, name, used};

/// What all the types may take together while nobody uses them.
const WANTED_MIB: f64 = 200.0;

/// How long the first call of a type may take.
const WANTED_MS: f64 = 5.0;

/// How often each of the standard types is loaded.
const ROUNDS: usize = 30;

/// Of views that are kept, the second call would tell nothing.
fn policy(loaded: usize) -> Policy {
    let loaded_block_types = NonZeroUsize::new(loaded).unwrap_or(NonZeroUsize::MIN);
    Policy { kept_view_bytes: 0, loaded_block_types, ..Policy::default() }
}

/// Memory with all types installed and none used; then the first call of some.
pub(crate) async fn with_many_types(data: &Path) -> Result<(), Box<dyn Error>> {
    let host = Host::bare(data, policy(USED)).await;
    let without = resident_mib();
    let started = Instant::now();
    let refused = host.runtime.take_up(&Registry::open(&data.join("packages"))?)?;
    if let Some(error) = refused.into_iter().next() {
        return Err(error.into());
    }
    let (installed, loaded) = (host.runtime.installed().len(), host.runtime.loaded_block_types());
    if (installed, loaded) != (TYPES, 0) {
        return Err(format!("{installed} types are installed, and {loaded} loaded before any call").into());
    }
    let starting = started.elapsed();
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = resident_mib();
    println!("  a host that starts with them           {:>9.0} ms", milliseconds(starting));
    println!("  resident with none of them             {without:>9.1} MiB");
    println!("  resident with all of them, idle        {idle:>9.1} MiB   (wanted under {WANTED_MIB:.0})");
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for number in 0..USED {
        first.push(look(&host, number).await?);
        second.push(look(&host, number).await?);
    }
    println!(
        "\nthe first calls of {USED} of them, each with its block's first view; files in the page cache"
    );
    print(&format!("first (wanted under {WANTED_MS:.0} ms)"), first);
    print("second", second);
    let used = resident_mib();
    println!("  resident afterwards, {USED} being loaded   {used:>9.1} MiB");
    Ok(())
}

async fn look(host: &Host, number: usize) -> Result<Duration, Box<dyn Error>> {
    let started = Instant::now();
    host.view(&learner(1), &usage(&name(used(number)), "one"), View::Student).await?;
    Ok(started.elapsed())
}

/// The real blocks, which are larger: on a host that has room for one of them, so that each call loads its type.
pub(crate) async fn with_standard_types(data: &Path) -> Result<(), Box<dyn Error>> {
    let host = Host::bare(data, policy(1)).await;
    for entry in std::fs::read_dir(project().join("target/blocks"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "block") {
            host.runtime.install_file(&path)?;
        }
    }
    let names: Vec<_> = host.runtime.installed().iter().map(|entry| entry.name.clone()).collect();
    let (mut all, mut slowest) = (Vec::new(), (Duration::ZERO, String::new()));
    for name in names.iter().cycle().take(names.len() * ROUNDS) {
        let started = Instant::now();
        host.runtime.definition_of(name).await?.ok_or("a type that was installed is gone")?;
        all.push(started.elapsed());
        slowest = slowest.max((started.elapsed(), name.clone()));
    }
    println!(
        "\nthe {} standard block types, loaded {ROUNDS} times each; files in the page cache",
        names.len()
    );
    print(&format!("load (wanted under {WANTED_MS:.0} ms)"), all);
    println!("  the slowest was `{}`", slowest.1);
    Ok(())
}

fn print(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    let last = times.last().copied().unwrap_or_default();
    println!(
        "  {what:<30} p50 {:>7.2} ms   p99 {:>7.2} ms   longest {:>7.2} ms",
        milliseconds(at(50)),
        milliseconds(at(99)),
        milliseconds(last)
    );
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
