//! Measures the processor time of one call: what its thread spends while the call is being polled. Time in which the
//! call waits, in which other tasks run, or in which a child of the block is rendered is not its own.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use cpu_time::ThreadTime;

/// The clock of one call. Only the thread that polls the call touches it, and the executor orders one poll after the
/// other, so relaxed atomics are enough.
#[derive(Default)]
pub(crate) struct Meter {
    spent: AtomicU64,
    /// The thread's time at the last start; meaningless while stopped.
    since: AtomicU64,
}

impl Meter {
    fn start(&self) {
        self.since.store(thread_nanos(), Relaxed);
    }

    fn stop(&self) {
        self.spent.store(self.running_nanos(), Relaxed);
    }

    fn running_nanos(&self) -> u64 {
        let current = thread_nanos().saturating_sub(self.since.load(Relaxed));
        self.spent.load(Relaxed).saturating_add(current)
    }

    /// The time spent so far, asked from inside the call.
    pub(crate) fn running(&self) -> Duration {
        Duration::from_nanos(self.running_nanos())
    }

    /// The time spent, asked after the call.
    pub(crate) fn spent(&self) -> Duration {
        Duration::from_nanos(self.spent.load(Relaxed))
    }

    /// Runs the call with the clock on.
    pub(crate) async fn measure<F: Future>(&self, call: F) -> F::Output {
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

    fn burn(time: Duration) {
        let start = ThreadTime::now();
        while start.elapsed() < time {
            std::hint::spin_loop();
        }
    }

    #[tokio::test]
    async fn waiting_costs_nothing_and_working_does() {
        let meter = Meter::default();
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
        let meter = Meter::default();
        let part = async {
            tokio::task::yield_now().await;
            burn(Duration::from_millis(60));
        };
        meter.measure(meter.exclude(part)).await;
        assert!(meter.spent() < Duration::from_millis(30));
    }
}
