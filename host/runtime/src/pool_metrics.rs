//! The pool of instances in the metrics.

use metrics::gauge;

use crate::Runtime;

impl Runtime {
    /// Notes how much of the pool is in use at this moment. Whoever reads the metrics asks for it first.
    pub fn note_pool(&self) {
        let Some(pool) = self.inner.parts.sandbox.pool_use() else { return };
        for (kind, used) in [
            ("instances", pool.instances as f64),
            ("memories", pool.memories as f64),
            ("tables", pool.tables as f64),
            ("stacks", pool.stacks as f64),
        ] {
            gauge!("blockhouse_pool_in_use", "kind" => kind).set(used);
        }
        gauge!("blockhouse_pool_instances_most").set(pool.most_instances as f64);
        gauge!("blockhouse_pool_kept_bytes").set(pool.kept_bytes as f64);
    }
}
