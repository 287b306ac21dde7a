//! Measures the processor time of one call: what its thread spends while the call is being polled. Time in which the
//! call waits, in which other tasks run, or in which a child of the block is rendered is not its own.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use cpu_time::ThreadTime;

use crate::budget::Budget;

/// The clock of one call. Only the thread that polls the call touches it, and the executor orders one poll after the
/// other, so relaxed atomics are enough.
pub(crate) struct Meter {
    budget: Arc<Budget>,
    spent: AtomicU64,
    /// The thread's time at the last start; meaningless while stopped.
    since: AtomicU64,
}

impl Meter {
    /// A clock that stands still. What it measures is spent from the budget too.
    pub(crate) fn new(budget: Arc<Budget>) -> Self {
        Self { budget, spent: AtomicU64::new(0), since: AtomicU64::new(0) }
    }

    fn start(&self) {
        self.since.store(thread_nanos(), Relaxed);
    }

    fn stop(&self) {
        let current = self.current_nanos();
        self.spent.fetch_add(current, Relaxed);
        self.budget.spend_cpu(current);
    }

    fn current_nanos(&self) -> u64 {
        thread_nanos().saturating_sub(self.since.load(Relaxed))
    }

    /// The time since the clock was last started, asked from inside the call.
    pub(crate) fn current(&self) -> Duration {
        Duration::from_nanos(self.current_nanos())
    }

    /// The time spent, asked after the call.
    pub(crate) fn spent(&self) -> Duration {
        Duration::from_nanos(self.spent.load(Relaxed))
    }

    /// Runs the call with the clock on.
    pub(crate) async fn measure<F: Future>(&self, call: F) -> F::Output {
        if !self.budget.is_counted() {
            return call.await;
        }
        let mut call = pin!(call);
        poll_fn(|context| {
            self.start();
            let polled = call.as_mut().poll(context);
            self.stop();
            polled
        })
        .await
    }

    /// Runs a call that never waits with the clock on.
    pub(crate) fn measure_blocking<T>(&self, call: impl FnOnce() -> T) -> T {
        self.start();
        let answer = call();
        self.stop();
        answer
    }

    /// Runs a part of the call that is somebody else's time.
    pub(crate) async fn exclude<F: Future>(&self, part: F) -> F::Output {
        if !self.budget.is_counted() {
            return part.await;
        }
        let mut part = pin!(part);
        poll_fn(|context| {
            self.stop();
            let polled = part.as_mut().poll(context);
            self.start();
            polled
        })
        .await
    }
}

fn thread_nanos() -> u64 {
    u64::try_from(ThreadTime::now().as_duration().as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meter() -> Meter {
        Meter::new(Budget::start(Arc::default()))
    }

    fn burn(time: Duration) {
        let start = ThreadTime::now();
        while start.elapsed() < time {
            std::hint::spin_loop();
        }
    }

    #[tokio::test]
    async fn waiting_costs_nothing_and_working_does() {
        let meter = meter();
        let call = async {
            burn(Duration::from_millis(5));
            tokio::time::sleep(Duration::from_millis(60)).await;
            burn(Duration::from_millis(5));
        };
        meter.measure(call).await;
        assert!(meter.spent() >= Duration::from_millis(10));
        assert!(meter.spent() < Duration::from_millis(50));
    }

    #[tokio::test]
    async fn an_excluded_part_costs_nothing() {
        let meter = meter();
        let part = async {
            tokio::task::yield_now().await;
            burn(Duration::from_millis(60));
        };
        meter.measure(meter.exclude(part)).await;
        assert!(meter.spent() < Duration::from_millis(30));
    }
}
