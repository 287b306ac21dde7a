//! What of the pool of instances is in use, for the operator: a pool that is nearly full makes calls wait.

use crate::host::Host;
use crate::sandbox::Sandbox;

/// Places in use at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PoolUse {
    /// Instances of components, one for each call and for each call inside it.
    pub instances: u64,
    /// The most of them that there can be.
    pub most_instances: u64,
    /// Linear memories.
    pub memories: usize,
    /// Tables.
    pub tables: usize,
    /// Stacks.
    pub stacks: usize,
    /// Bytes of memory that stay with places which are free, to be there sooner for the next call.
    pub kept_bytes: usize,
}

impl<H: Host> Sandbox<H> {
    /// What of the pool is in use; none on a machine that has no pool.
    pub fn pool_use(&self) -> Option<PoolUse> {
        let pool = self.engine.pooling_allocator_metrics()?;
        Some(PoolUse {
            instances: pool.component_instances(),
            most_instances: self.most_instances as u64,
            memories: pool.memories(),
            tables: pool.tables(),
            stacks: pool.stacks(),
            kept_bytes: pool.unused_memory_bytes_resident() + pool.unused_table_bytes_resident(),
        })
    }
}
