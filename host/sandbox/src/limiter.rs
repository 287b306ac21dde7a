//! Sums what the guest allocates over the whole store. wasmtime asks before each allocation and each growth; a limit
//! that held for one memory at a time would be multiplied by the number of memories in the component.

use wasmtime::{Error, ResourceLimiter, Result};

use crate::limits::{Exhausted, Limit, Limits};

/// Memory and tables of one store. Neither ever shrinks while the store lives, so the sum is also the peak.
pub(crate) struct Limiter {
    memory: Sum,
    table_elements: Sum,
    memories: usize,
    tables: usize,
    instances: usize,
}

struct Sum {
    used: usize,
    most: usize,
    /// What the last growth added: taken back when wasmtime says that it failed after all.
    pending: usize,
    limit: Limit,
}

impl Sum {
    fn new(most: usize, limit: Limit) -> Self {
        Self { used: 0, most, pending: 0, limit }
    }

    /// A growth past our limit ends the call: a guest that is told -1 would only trap with a less telling reason. One
    /// within it, but past the maximum that the guest itself declared, is refused as the guest expects.
    fn grow(&mut self, current: usize, desired: usize, declared: Option<usize>) -> Result<bool> {
        self.pending = 0;
        let more = desired.saturating_sub(current);
        let used = self.used.saturating_add(more);
        if used > self.most {
            return Err(Error::from(Exhausted(self.limit)));
        }
        if declared.is_some_and(|most| desired > most) {
            return Ok(false);
        }
        self.pending = more;
        self.used = used;
        Ok(true)
    }

    fn undo(&mut self) {
        self.used -= std::mem::take(&mut self.pending);
    }
}

impl Limiter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            memory: Sum::new(limits.memory_bytes, Limit::Memory),
            table_elements: Sum::new(limits.table_elements, Limit::TableElements),
            memories: limits.memories,
            tables: limits.tables,
            instances: limits.instances,
        }
    }

    /// Bytes of linear memory in use.
    pub(crate) fn memory_bytes(&self) -> usize {
        self.memory.used
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        self.memory.grow(current, desired, maximum)
    }

    fn memory_grow_failed(&mut self, _error: Error) -> Result<()> {
        self.memory.undo();
        Ok(())
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> Result<bool> {
        self.table_elements.grow(current, desired, maximum)
    }

    fn table_grow_failed(&mut self, _error: Error) -> Result<()> {
        self.table_elements.undo();
        Ok(())
    }

    fn instances(&self) -> usize {
        self.instances
    }

    fn tables(&self) -> usize {
        self.tables
    }

    fn memories(&self) -> usize {
        self.memories
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limiter(memory_bytes: usize) -> Limiter {
        Limiter::new(&Limits { memory_bytes, ..Limits::default() })
    }

    #[test]
    fn two_memories_share_one_limit() {
        let mut limiter = limiter(100);
        assert!(limiter.memory_growing(0, 60, None).unwrap());
        assert!(limiter.memory_growing(0, 40, None).unwrap());
        let error = limiter.memory_growing(40, 41, None).unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&Exhausted(Limit::Memory)));
        assert_eq!(limiter.memory_bytes(), 100);
    }

    #[test]
    fn a_growth_that_failed_is_not_counted() {
        let mut limiter = limiter(100);
        assert!(limiter.memory_growing(0, 60, None).unwrap());
        limiter.memory_grow_failed(Error::msg("no address space")).unwrap();
        assert_eq!(limiter.memory_bytes(), 0);
    }

    #[test]
    fn a_growth_past_the_declared_maximum_is_refused_without_ending_the_call() {
        let mut limiter = limiter(100);
        assert!(!limiter.memory_growing(0, 60, Some(50)).unwrap());
        limiter.memory_grow_failed(Error::msg("past the maximum")).unwrap();
        assert_eq!(limiter.memory_bytes(), 0);
    }
}
