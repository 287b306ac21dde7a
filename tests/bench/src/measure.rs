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
        blockhouse_bench::median(self.0.clone())
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

pub(crate) fn ratio(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}
