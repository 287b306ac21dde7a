//! What a neighbour of hostile blocks notices: for each attack on a limit, how the calls of an honest block of another
//! learning context fare meanwhile, and what memory the host has afterwards. Each row is measured beside the same
//! calls without the guest. Arguments are the attacks to measure; without any, all are.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use blockhouse_bench::resident_mib;
use blockhouse_sandbox::{Compiler, Limits, Sandbox, SandboxConfig};

use crate::attack::ATTACKS;
use crate::guest::package;
use crate::host::{Recorder, view};

#[path = "../../../../host/sandbox/tests/support/attack.rs"]
#[allow(unreachable_pub, reason = "the sandbox's tests share it")]
mod attack;
#[path = "../../../../host/sandbox/tests/support/guest.rs"]
#[allow(unreachable_pub, reason = "the sandbox's tests share it")]
mod guest;
#[path = "../../../../host/sandbox/tests/support/host.rs"]
#[allow(dead_code, unreachable_pub, reason = "the sandbox's tests share it")]
mod host;

/// The host's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many calls of the guest are under way at any moment.
const ATTACKERS: usize = 8;

/// How long a row is measured, half of it without the guest and half with it, in slices one after the other.
const SLICE: Duration = Duration::from_millis(500);
const SLICES: usize = 4;

type Blocks = Arc<Sandbox<Recorder>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let directory = tempfile::tempdir()?;
    // As much memory as a block has, and time enough that the neighbour has to live with loops.
    let memory_bytes = Limits::default().memory_bytes;
    let limits = Limits { cpu_ms: 500, wall_ms: 2_000, memory_bytes, ..attack::limits() };
    let sandbox = Sandbox::new(SandboxConfig {
        artifacts: directory.path().to_owned(),
        artifact_key: [7; 32],
        compiler: Compiler::ThisProcess,
        limits,
        limits_of: BTreeMap::new(),
        max_concurrent: 64,
    })?;
    let sandbox: Blocks = Arc::new(sandbox.granting(attack::grants()));
    let polite = sandbox.install(&package("polite"))?;
    let honest = || neighbour(&sandbox, &polite);
    honest().await;
    let before = resident_mib();
    println!("\na neighbour's view while {ATTACKERS} calls of a hostile block are under way");
    println!("  attack             limit                 without      with              attacks   resident");
    let chosen: Vec<String> = std::env::args().skip(1).collect();
    for attack in ATTACKS {
        if !chosen.is_empty() && !chosen.iter().any(|chosen| chosen == attack.name) {
            continue;
        }
        let block = sandbox.install(&attack.package())?;
        let (mut without, mut with) = (Vec::new(), Vec::new());
        let attacks = Arc::new(AtomicU64::new(0));
        for _ in 0..SLICES {
            without.extend(honest().await);
            let stop = Arc::new(AtomicBool::new(false));
            let attackers: Vec<_> = (0..ATTACKERS)
                .map(|_| {
                    let (sandbox, block) = (Arc::clone(&sandbox), block.clone());
                    let (stop, attacks) = (Arc::clone(&stop), Arc::clone(&attacks));
                    tokio::spawn(async move {
                        while !stop.load(Ordering::Relaxed) {
                            // How it ends is the tests' matter.
                            let _ = sandbox.run(&block, attack.call(), attack.host("hostile")).await;
                            attacks.fetch_add(1, Ordering::Relaxed);
                        }
                    })
                })
                .collect();
            with.extend(honest().await);
            stop.store(true, Ordering::Relaxed);
            for attacker in attackers {
                attacker.await?;
            }
        }
        let (without, with) = (p99(without), p99(with));
        println!(
            "  {:<18} {:<18} {:>7.0} µs {:>7.0} µs {:>6.2} x {:>8} {:>7.1} MiB",
            attack.name,
            attack.limit,
            without.as_secs_f64() * 1e6,
            with.as_secs_f64() * 1e6,
            with.as_secs_f64() / without.as_secs_f64(),
            attacks.load(Ordering::Relaxed),
            resident_mib() - before,
        );
    }
    println!(
        "  p99 of the neighbour's calls; wanted: 3 x at most. resident: what was added since the first row"
    );
    Ok(())
}

/// Calls of an honest block, one after the other, for a slice of time: how long each took.
async fn neighbour(sandbox: &Blocks, polite: &blockhouse_sandbox::BlockType<Recorder>) -> Vec<Duration> {
    let began = Instant::now();
    let mut took = Vec::new();
    while began.elapsed() < SLICE {
        let started = Instant::now();
        let host = Recorder { context: "honest", ..Recorder::default() };
        let finished = sandbox.run(polite, view(), host).await;
        assert!(finished.result.is_ok(), "the neighbour suffers: {:?}", finished.result);
        took.push(started.elapsed());
        // A learner reads before the next click; without a pause the neighbour would be a load of its own.
        tokio::time::sleep(Duration::from_micros(500)).await;
    }
    took
}

fn p99(mut took: Vec<Duration>) -> Duration {
    took.sort_unstable();
    let position = took.len().saturating_sub(1) * 99 / 100;
    took.get(position).copied().unwrap_or_default()
}
