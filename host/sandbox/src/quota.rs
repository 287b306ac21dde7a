//! Counts what a call asks of the host. An exhausted quota ends the call with a typed trap, except for the log, whose
//! overflow is dropped.

use std::sync::Arc;

use crate::budget::Budget;
use crate::limits::{Exhausted, Limit};

/// What a log line costs beyond its text, so that empty lines are not free.
const LOG_LINE_BYTES: usize = 16;

/// The counters of one call, and the budget that it shares with others.
pub(crate) struct Quota {
    budget: Arc<Budget>,
    pub(crate) host_calls: u32,
    pub(crate) writes: u32,
    /// Of values, events and requests.
    pub(crate) handed_bytes: usize,
    pub(crate) log_bytes: usize,
    pub(crate) log_lines_dropped: u64,
}

impl Quota {
    pub(crate) fn new(budget: Arc<Budget>) -> Self {
        Self { budget, host_calls: 0, writes: 0, handed_bytes: 0, log_bytes: 0, log_lines_dropped: 0 }
    }

    /// Charges one call of the host.
    pub(crate) fn host_call(&mut self) -> Result<(), Exhausted> {
        self.budget.host_call()?;
        self.host_calls += 1;
        Ok(())
    }

    /// Charges one call of the host that changes something.
    pub(crate) fn write(&mut self) -> Result<(), Exhausted> {
        self.host_call()?;
        self.budget.write()?;
        self.writes += 1;
        Ok(())
    }

    /// Checks the size of a value that is to be kept.
    pub(crate) fn value(&mut self, json: &str) -> Result<(), Exhausted> {
        if json.len() > self.budget.limits().field_value_bytes {
            return Err(Exhausted(Limit::FieldValueBytes));
        }
        self.hand_over(json.len())
    }

    fn hand_over(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.budget.hand_over(bytes)?;
        self.handed_bytes += bytes;
        Ok(())
    }

    /// Charges one reading of an author's file and says how many bytes it may have.
    pub(crate) fn file_read(&mut self) -> Result<usize, Exhausted> {
        self.host_call()?;
        self.budget.file_read()?;
        Ok(self.budget.file_bytes_left())
    }

    /// Charges the bytes of an author's file.
    pub(crate) fn file_bytes(&self, bytes: usize) -> Result<(), Exhausted> {
        self.budget.file_bytes(bytes)
    }

    /// Charges a file that is to be kept.
    pub(crate) fn file_write(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.write()?;
        self.hand_over(bytes)
    }

    /// Charges a request to another server.
    pub(crate) fn http_request(&mut self, bytes: usize) -> Result<(), Exhausted> {
        self.host_call()?;
        self.budget.http_request()?;
        if bytes > self.budget.limits().http_request_bytes {
            return Err(Exhausted(Limit::HttpRequestBytes));
        }
        self.hand_over(bytes)
    }

    /// Charges random bytes and gives their number back.
    pub(crate) fn random(&mut self, bytes: u64) -> Result<usize, Exhausted> {
        let drawn = usize::try_from(bytes).unwrap_or(usize::MAX);
        self.budget.random(drawn)?;
        Ok(drawn)
    }

    /// Whether there is room for a log line; if not, the line is counted as dropped.
    pub(crate) fn log_line(&mut self, message: &str) -> bool {
        let bytes = message.len().saturating_add(LOG_LINE_BYTES);
        if self.budget.log(bytes).is_err() {
            self.log_lines_dropped += 1;
            return false;
        }
        self.log_bytes += bytes;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::Limits;

    fn quota(limits: Limits) -> Quota {
        Quota::new(Budget::start(Arc::new(limits)))
    }

    #[test]
    fn a_write_is_also_a_host_call() {
        let mut quota = quota(Limits { host_calls: 1, writes: 5, ..Limits::default() });
        assert_eq!(quota.write(), Ok(()));
        assert_eq!(quota.write(), Err(Exhausted(Limit::HostCalls)));
    }

    #[test]
    fn a_short_line_still_fits_after_a_long_one_was_dropped() {
        let mut quota = quota(Limits { log_bytes: 30, ..Limits::default() });
        assert!(!quota.log_line("far too long for it"));
        assert!(quota.log_line("short"));
        assert_eq!((quota.log_bytes, quota.log_lines_dropped), (21, 1));
    }
}
