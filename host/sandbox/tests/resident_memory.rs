//! What a hostile call took of the machine's memory is given back. Alone in its binary: other tests running meanwhile
//! would be counted too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![cfg(target_os = "linux")]

mod support;

use blockhouse_sandbox::{CallError, Limit, Limits};
use support::{ATTACKS, Attack, Bench, limits};
use tokio::join;
use tokio::sync::Mutex;

/// Held by the test that is counting.
static COUNTING: Mutex<()> = Mutex::const_new(());

/// What all the attacks together may leave: what the pool keeps of its slots, and of the stacks of its calls.
const LEFT: usize = 32 << 20;

fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[tokio::test]
async fn a_hundred_calls_that_fill_their_memory_leave_little_behind() {
    let _alone = COUNTING.lock().await;
    let bench = Bench::new(Limits { cpu_ms: 2_000, memory_bytes: 64 << 20, ..limits() });
    let (hog, polite) = (bench.install("hog"), bench.install("polite"));
    assert!(bench.render(&polite).await.result.is_ok());
    let before = resident_bytes();
    for _ in 0..100 {
        assert_eq!(bench.render(&hog).await.result, Err(CallError::OutOf(Limit::Memory)));
    }
    let left = resident_bytes().saturating_sub(before);
    assert!(left < LEFT, "{} MiB are left behind", left >> 20);
}

#[tokio::test]
async fn whatever_limit_is_run_into_the_memory_is_given_back() {
    let _alone = COUNTING.lock().await;
    let bench = Bench::under_attack();
    bench.attack(&Attack::named("chatter")).await;
    let before = resident_bytes();
    for attack in ATTACKS {
        for _ in 0..4 {
            // As many as one context may have under way.
            let (a, b, c) = join!(bench.attack(&attack), bench.attack(&attack), bench.attack(&attack));
            [a, b, c].iter().for_each(|finished| attack.assert_ended(finished));
        }
        let left = resident_bytes().saturating_sub(before);
        assert!(left < LEFT, "{} MiB are left behind after {}", left >> 20, attack.name);
    }
}
