//! What a hostile call took of the machine's memory is given back. Alone in its binary: other tests running meanwhile
//! would be counted too.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]
#![cfg(target_os = "linux")]

mod support;

use blockhouse_sandbox::{CallError, Limit, Limits};
use support::{Bench, limits};

fn resident_bytes() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

#[tokio::test]
async fn a_hundred_calls_that_fill_their_memory_leave_little_behind() {
    let bench = Bench::new(Limits { cpu_ms: 2_000, memory_bytes: 64 << 20, ..limits() });
    let (hog, polite) = (bench.install("hog"), bench.install("polite"));
    assert!(bench.render(&polite).await.result.is_ok());
    let before = resident_bytes();
    for _ in 0..100 {
        assert_eq!(bench.render(&hog).await.result, Err(CallError::OutOf(Limit::Memory)));
    }
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < 32 << 20, "{} MiB are left behind", grown >> 20);
}
