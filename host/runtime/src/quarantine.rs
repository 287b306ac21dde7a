//! Sets aside block versions that keep breaking off or using too much, so that they cost others nothing. After a while
//! one call is let through: if it ends well the version is back, and if not the while is twice as long.
//!
//! Only what the block's code did counts: a block that says in its own words what is wrong is in order, and so is one
//! that found the budget of the blocks around it used up. Failures count in a row, since a learner who knows how to
//! make a block fail must not take it away from all the others.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use blockhouse_sandbox::CallError;
use serde::Serialize;

use crate::costs::{BlockVersion, short};

/// Failures in a row until a version is set aside.
const THRESHOLD: u32 = 10;

/// How many failures it counts as that the whole host ended while a version was running.
pub(crate) const CRASH: u32 = 5;

/// The first time aside, in milliseconds; it doubles each time.
const FIRST_MS: u64 = 30_000;

/// The longest time aside, in milliseconds.
const LONGEST_MS: u64 = 3_600_000;

/// How a version stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum Standing {
    /// It runs.
    Good,
    /// It is set aside.
    SetAside {
        /// Until when: milliseconds since 1970. Then one call may try.
        until_ms: u64,
    },
}

#[derive(Default)]
struct Record {
    /// In a row.
    failures: u32,
    /// How many times it was set aside since it last ran well.
    times: u32,
    aside_until: Option<u64>,
}

/// The record of all versions that have failed.
#[derive(Default)]
pub(crate) struct Quarantine(Mutex<HashMap<BlockVersion, Record>>);

/// The version is set aside.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SetAside {
    pub(crate) until_ms: u64,
}

impl Quarantine {
    /// Whether the version may run now. When its time aside is over, the one who asks first tries it for all.
    pub(crate) fn admit(&self, block: &BlockVersion, now_ms: u64) -> Result<(), SetAside> {
        let mut records = self.lock();
        let Some(record) = records.get_mut(block) else { return Ok(()) };
        match record.aside_until {
            Some(until_ms) if until_ms > now_ms => Err(SetAside { until_ms }),
            Some(_) => {
                // Whoever comes while it is being tried waits as long as it was aside before.
                record.aside_until = Some(now_ms + pause(record.times));
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// A call has ended.
    pub(crate) fn ended(&self, block: &BlockVersion, error: Option<&CallError>, now_ms: u64) {
        match error {
            None | Some(CallError::Failed(_)) => {
                if self.lock().remove(block).is_some_and(|record| record.aside_until.is_some()) {
                    tracing::info!(
                        block_type = block.block_type,
                        digest = block.digest,
                        "a block runs again"
                    );
                    gauge(block, 0.0);
                }
            }
            Some(CallError::Trapped(_) | CallError::OutOf(_) | CallError::BadOutput(_)) => {
                self.failed(block, 1, now_ms);
            }
            // Not the block's fault, or no code of it ran.
            Some(
                CallError::NotExported(_) | CallError::OutOfShared(_) | CallError::Busy | CallError::Host(_),
            ) => {}
        }
    }

    /// Counts so many failures in a row.
    pub(crate) fn failed(&self, block: &BlockVersion, failures: u32, now_ms: u64) {
        let mut records = self.lock();
        let record = records.entry(block.clone()).or_default();
        record.failures = record.failures.saturating_add(failures);
        // One that was let through to try counts alone.
        if record.failures < THRESHOLD && record.times == 0 {
            return;
        }
        record.times = record.times.saturating_add(1);
        record.aside_until = Some(now_ms + pause(record.times));
        gauge(block, 1.0);
        tracing::error!(
            block_type = block.block_type,
            digest = block.digest,
            seconds = pause(record.times) / 1000,
            "a block is set aside: it kept failing"
        );
    }

    /// Lets a version run again. Returns whether it was set aside.
    pub(crate) fn release(&self, block: &BlockVersion) -> bool {
        gauge(block, 0.0);
        self.lock().remove(block).is_some_and(|record| record.aside_until.is_some())
    }

    /// How a version stands.
    pub(crate) fn standing(&self, block: &BlockVersion) -> Standing {
        match self.lock().get(block).and_then(|record| record.aside_until) {
            Some(until_ms) => Standing::SetAside { until_ms },
            None => Standing::Good,
        }
    }

    /// The versions that have failed.
    pub(crate) fn versions(&self) -> Vec<BlockVersion> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<BlockVersion, Record>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Milliseconds aside, the so-and-so-many-th time.
fn pause(times: u32) -> u64 {
    (FIRST_MS << times.saturating_sub(1).min(16)).min(LONGEST_MS)
}

fn gauge(block: &BlockVersion, value: f64) {
    metrics::gauge!("blockhouse_block_set_aside", "block_type" => block.block_type.clone(),
        "digest" => short(&block.digest))
    .set(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> BlockVersion {
        BlockVersion { block_type: "poll".to_owned(), digest: "abc".to_owned() }
    }

    fn trap() -> CallError {
        CallError::Trapped("it panicked".to_owned())
    }

    fn set_aside() -> Quarantine {
        let quarantine = Quarantine::default();
        for _ in 0..THRESHOLD {
            assert_eq!(quarantine.admit(&block(), 0), Ok(()));
            quarantine.ended(&block(), Some(&trap()), 0);
        }
        quarantine
    }

    #[test]
    fn a_version_that_keeps_failing_is_set_aside() {
        let quarantine = set_aside();
        assert_eq!(quarantine.admit(&block(), 1), Err(SetAside { until_ms: FIRST_MS }));
        let other = BlockVersion { digest: "def".to_owned(), ..block() };
        assert_eq!(quarantine.admit(&other, 1), Ok(()), "another version is another block");
    }

    #[test]
    fn a_good_call_between_failures_keeps_it_going() {
        let quarantine = Quarantine::default();
        for _ in 0..THRESHOLD * 2 {
            quarantine.ended(&block(), Some(&trap()), 0);
            quarantine.ended(&block(), None, 0);
        }
        assert_eq!(quarantine.standing(&block()), Standing::Good);
    }

    #[test]
    fn one_call_tries_when_the_time_is_over_and_others_wait_for_what_comes_of_it() {
        let quarantine = set_aside();
        assert_eq!(quarantine.admit(&block(), FIRST_MS), Ok(()));
        assert!(quarantine.admit(&block(), FIRST_MS).is_err());
        quarantine.ended(&block(), None, FIRST_MS);
        assert_eq!(quarantine.admit(&block(), FIRST_MS), Ok(()));
        assert_eq!(quarantine.standing(&block()), Standing::Good);
    }

    #[test]
    fn a_version_that_fails_again_is_set_aside_for_twice_as_long() {
        let quarantine = set_aside();
        assert_eq!(quarantine.admit(&block(), FIRST_MS), Ok(()));
        quarantine.ended(&block(), Some(&trap()), FIRST_MS);
        assert_eq!(quarantine.standing(&block()), Standing::SetAside { until_ms: 3 * FIRST_MS });
    }

    #[test]
    fn what_others_are_to_blame_for_does_not_count() {
        let quarantine = Quarantine::default();
        let errors = [
            CallError::Failed("no video is set".to_owned()),
            CallError::OutOfShared(blockhouse_sandbox::Limit::Cpu),
            CallError::Busy,
        ];
        for error in errors.iter().cycle().take(THRESHOLD as usize * 3) {
            quarantine.ended(&block(), Some(error), 0);
        }
        assert_eq!(quarantine.standing(&block()), Standing::Good);
    }

    #[test]
    fn two_crashes_of_the_host_are_enough() {
        let quarantine = Quarantine::default();
        quarantine.failed(&block(), CRASH, 0);
        assert_eq!(quarantine.standing(&block()), Standing::Good);
        quarantine.failed(&block(), CRASH, 0);
        assert!(quarantine.admit(&block(), 1).is_err());
    }

    #[test]
    fn the_operator_releases_it() {
        let quarantine = set_aside();
        assert!(quarantine.release(&block()));
        assert_eq!(quarantine.admit(&block(), 1), Ok(()));
        assert!(!quarantine.release(&block()));
    }
}
