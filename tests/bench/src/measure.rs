//! Times as medians of many, and ratios between things that were measured in turn, so that a machine whose speed drifts
//! changes both alike.

use std::time::{Duration, Instant};

/// How often each contender runs before anything counts.
const WARM_UP: usize = 200;

/// How many calls make one sample.
pub(crate) const BATCH: usize = 50;

/// How many samples each contender gives.
pub(crate) const SAMPLES: usize = 60;

/// The time per call of each sample of one contender.
#[derive(Default)]
pub(crate) struct Samples(Vec<Duration>);

impl Samples {
    pub(crate) fn median(&self) -> Duration {
        let mut sorted = self.0.clone();
        sorted.sort();
        sorted.get(sorted.len() / 2).copied().unwrap_or_default()
    }

    /// Runs one batch and keeps its time.
    pub(crate) async fn take<F: Future<Output = ()>>(&mut self, call: impl Fn() -> F) {
        let started = Instant::now();
        for _ in 0..BATCH {
            call().await;
        }
        self.0.push(started.elapsed() / BATCH as u32);
    }
}

pub(crate) async fn warm_up<F: Future<Output = ()>>(call: impl Fn() -> F) {
    for _ in 0..WARM_UP {
        call().await;
    }
}

/// Resident memory of this process in MiB.
pub(crate) fn resident_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or("0 kB");
    let kib: f64 = line.trim().trim_end_matches(" kB").trim().parse().unwrap_or_default();
    kib / 1024.0
}

pub(crate) fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}
