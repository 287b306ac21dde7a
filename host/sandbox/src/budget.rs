//! What the blocks of one request use together. A block that is rendered inside another has the limits of its own type,
//! and all that it uses counts besides with every block around it: whoever renders a hundred children pays for them. Of
//! the processor time, a child gets no more than half of what is left, so that one that loops does not take its parent
//! along.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::{Duration, Instant};

use crate::limits::{Exhausted, Limit, Limits};

tokio::task_local! {
    /// The budget of the innermost call that this task polls.
    static INNERMOST: Arc<Budget>;
}

/// What one call and the calls inside it have used. Only one of them runs at a time, so relaxed atomics are enough.
pub(crate) struct Budget {
    limits: Arc<Limits>,
    deadline: Instant,
    /// The processor time of this call.
    cpu: Duration,
    cpu_nanos: AtomicU64,
    host_calls: AtomicU64,
    writes: AtomicU64,
    file_reads: AtomicU64,
    file_bytes: AtomicU64,
    http_requests: AtomicU64,
    random_bytes: AtomicU64,
    log_bytes: AtomicU64,
    total_bytes: AtomicU64,
    around: Option<Arc<Budget>>,
    /// It was the budget of a block around this one that was used up.
    used_up_around: AtomicBool,
    /// Whether anything is counted. It is, but for measuring what counting costs.
    is_counted: bool,
}

/// Something that is counted: which counter, and its limit.
type Counter = fn(&Budget) -> (&AtomicU64, u64);

impl Budget {
    /// The budget of a call that starts now, inside the call that this task polls, if it polls one.
    pub(crate) fn start(limits: Arc<Limits>) -> Arc<Self> {
        Self::start_counting(limits, true)
    }

    /// The same; or one that has no end, if nothing is to be counted.
    pub(crate) fn start_counting(limits: Arc<Limits>, is_counted: bool) -> Arc<Self> {
        let around = Self::innermost();
        let left =
            around.as_ref().map(|around| around.chain().map(Budget::cpu_left).min().unwrap_or_default());
        let cpu = left.map_or(limits.cpu(), |left| limits.cpu().min(left / 2));
        Arc::new(Self {
            deadline: Instant::now() + limits.wall(),
            cpu,
            limits,
            cpu_nanos: AtomicU64::new(0),
            host_calls: AtomicU64::new(0),
            writes: AtomicU64::new(0),
            file_reads: AtomicU64::new(0),
            file_bytes: AtomicU64::new(0),
            http_requests: AtomicU64::new(0),
            random_bytes: AtomicU64::new(0),
            log_bytes: AtomicU64::new(0),
            total_bytes: AtomicU64::new(0),
            around,
            used_up_around: AtomicBool::new(false),
            is_counted,
        })
    }

    pub(crate) fn is_counted(&self) -> bool {
        self.is_counted
    }

    /// The budget of the call that this task polls.
    pub(crate) fn innermost() -> Option<Arc<Self>> {
        INNERMOST.try_with(Arc::clone).ok()
    }

    /// Runs a call on this budget.
    pub(crate) async fn scope<F: Future>(self: Arc<Self>, call: F) -> F::Output {
        INNERMOST.scope(self, call).await
    }

    /// How long the call may still take.
    pub(crate) fn time_left(&self) -> Duration {
        let first = self.chain().map(|budget| budget.deadline).min().unwrap_or(self.deadline);
        first.saturating_duration_since(Instant::now())
    }

    /// The time is over: whose it was.
    pub(crate) fn out_of_time(&self) -> Exhausted {
        self.used_up_around.store(self.deadline > Instant::now(), Relaxed);
        Exhausted(Limit::Wall)
    }

    /// Whether the call was stopped for what the blocks around it had used already.
    pub(crate) fn was_used_up_around(&self) -> bool {
        self.used_up_around.load(Relaxed)
    }

    /// Adds processor time that was spent.
    pub(crate) fn spend_cpu(&self, nanos: u64) {
        for budget in self.chain() {
            budget.cpu_nanos.fetch_add(nanos, Relaxed);
        }
    }

    fn cpu_left(&self) -> Duration {
        self.cpu.saturating_sub(self.cpu())
    }

    /// Processor time so far, with that of the calls inside.
    pub(crate) fn cpu(&self) -> Duration {
        Duration::from_nanos(self.cpu_nanos.load(Relaxed))
    }

    /// Whether there is processor time left, `pending` being spent and not yet added.
    pub(crate) fn check_cpu(&self, pending: Duration) -> Result<(), Exhausted> {
        let checked = self.check(Limit::Cpu, |budget| budget.cpu() + pending <= budget.cpu);
        // Who was given little has done nothing wrong by using it.
        if checked.is_err() && self.cpu < self.limits.cpu() / 3 {
            self.used_up_around.store(true, Relaxed);
        }
        checked
    }

    pub(crate) fn host_call(&self) -> Result<(), Exhausted> {
        self.charge(Limit::HostCalls, 1, |budget| (&budget.host_calls, u64::from(budget.limits.host_calls)))
    }

    pub(crate) fn write(&self) -> Result<(), Exhausted> {
        self.charge(Limit::Writes, 1, |budget| (&budget.writes, u64::from(budget.limits.writes)))
    }

    pub(crate) fn file_read(&self) -> Result<(), Exhausted> {
        self.charge(Limit::FileReads, 1, |budget| (&budget.file_reads, u64::from(budget.limits.file_reads)))
    }

    pub(crate) fn file_bytes(&self, bytes: usize) -> Result<(), Exhausted> {
        self.charge(Limit::FileBytes, bytes, |budget| (&budget.file_bytes, budget.limits.file_bytes as u64))
    }

    /// How many bytes of authors' files may still be read.
    pub(crate) fn file_bytes_left(&self) -> usize {
        let left = self.chain().map(|budget| {
            let read = usize::try_from(budget.file_bytes.load(Relaxed)).unwrap_or(usize::MAX);
            budget.limits.file_bytes.saturating_sub(read)
        });
        left.min().unwrap_or_default()
    }

    pub(crate) fn http_request(&self) -> Result<(), Exhausted> {
        self.charge(Limit::HttpRequests, 1, |budget| {
            (&budget.http_requests, u64::from(budget.limits.http_requests))
        })
    }

    pub(crate) fn random(&self, bytes: usize) -> Result<(), Exhausted> {
        self.charge(Limit::RandomBytes, bytes, |budget| {
            (&budget.random_bytes, budget.limits.random_bytes as u64)
        })
    }

    pub(crate) fn log(&self, bytes: usize) -> Result<(), Exhausted> {
        let charged =
            self.charge(Limit::LogBytes, bytes, |budget| (&budget.log_bytes, budget.limits.log_bytes as u64));
        // It stops no call, so nobody is to blame.
        self.used_up_around.store(false, Relaxed);
        charged
    }

    /// Charges bytes that the block hands to the host: values, events, answers.
    pub(crate) fn hand_over(&self, bytes: usize) -> Result<(), Exhausted> {
        self.charge(Limit::TotalBytes, bytes, |budget| {
            (&budget.total_bytes, budget.limits.total_bytes as u64)
        })
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Charges all budgets or none.
    fn charge(&self, limit: Limit, amount: usize, counter: Counter) -> Result<(), Exhausted> {
        if !self.is_counted {
            return Ok(());
        }
        let amount = u64::try_from(amount).unwrap_or(u64::MAX);
        self.check(limit, |budget| {
            let (used, most) = counter(budget);
            used.load(Relaxed).saturating_add(amount) <= most
        })?;
        for budget in self.chain() {
            counter(budget).0.fetch_add(amount, Relaxed);
        }
        Ok(())
    }

    fn check(&self, limit: Limit, has_room: impl Fn(&Budget) -> bool) -> Result<(), Exhausted> {
        match self.chain().find(|budget| !has_room(budget)) {
            None => Ok(()),
            Some(full) => {
                self.used_up_around.store(!std::ptr::eq(full, self), Relaxed);
                Err(Exhausted(limit))
            }
        }
    }

    /// This budget and those around it.
    fn chain(&self) -> impl Iterator<Item = &Budget> {
        std::iter::successors(Some(self), |budget| budget.around.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn budget(limits: Limits) -> Arc<Budget> {
        Budget::start(Arc::new(limits))
    }

    #[tokio::test]
    async fn what_a_child_uses_is_used_for_its_parent_too() {
        let parent = budget(Limits { host_calls: 3, ..Limits::default() });
        let inside = async {
            let child = budget(Limits::default());
            assert_eq!(child.host_call(), Ok(()));
            assert_eq!(child.host_call(), Ok(()));
        };
        Arc::clone(&parent).scope(inside).await;
        assert_eq!(parent.host_call(), Ok(()));
        assert_eq!(parent.host_call(), Err(Exhausted(Limit::HostCalls)));
        assert!(!parent.was_used_up_around());
    }

    #[tokio::test]
    async fn a_child_that_finds_its_parents_budget_used_up_is_not_to_blame() {
        let parent = budget(Limits { writes: 1, ..Limits::default() });
        let inside = async {
            let child = budget(Limits::default());
            assert_eq!(child.write(), Ok(()));
            assert_eq!(child.write(), Err(Exhausted(Limit::Writes)));
            assert!(child.was_used_up_around());
        };
        parent.scope(inside).await;
    }

    #[tokio::test]
    async fn a_child_has_no_more_time_than_its_parent() {
        let parent = budget(Limits { wall_ms: 50, ..Limits::default() });
        let inside = async {
            let child = budget(Limits { wall_ms: 5_000, ..Limits::default() });
            assert!(child.time_left() <= Duration::from_millis(50));
            child.out_of_time();
            assert!(child.was_used_up_around());
        };
        parent.scope(inside).await;
    }
}
