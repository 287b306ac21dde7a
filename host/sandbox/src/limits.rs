//! How much one call of a block may use. Every limit is finite, and every limit that is hit has a name.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The limits of one call. They hold for each call anew; nothing carries over to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Milliseconds of processor time, the time of rendered children not included.
    pub cpu_ms: u64,
    /// Milliseconds from the start of the call to its end, everything included.
    pub wall_ms: u64,
    /// Milliseconds that a call waits for its turn before it is told that the host is busy.
    pub queue_ms: u64,
    /// Bytes of linear memory, summed over all memories of the call.
    pub memory_bytes: usize,
    /// Linear memories.
    pub memories: usize,
    /// Table elements, summed over all tables of the call.
    pub table_elements: usize,
    /// Tables.
    pub tables: usize,
    /// Core instances inside the component.
    pub instances: usize,
    /// Bytes that one crossing of the boundary may bring from the block to the host.
    pub host_call_bytes: usize,
    /// Live handles of component resources.
    pub handles: usize,
    /// Calls of the host, log lines not included.
    pub host_calls: u32,
    /// Calls of the host that change something: fields set or forgotten, events published.
    pub writes: u32,
    /// Random bytes.
    pub random_bytes: usize,
    /// Bytes of log text. What comes after them is counted and dropped.
    pub log_bytes: usize,
    /// Bytes of one field's value, as JSON.
    pub field_value_bytes: usize,
    /// Bytes of a fragment: content, resources and arguments together.
    pub fragment_bytes: usize,
    /// Resources of a fragment, before repeated ones are taken out.
    pub fragment_resources: usize,
    /// Bytes of a handler's response, headers included, or of the JSON that another export returns.
    pub response_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const KIB: usize = 1024;
        const MIB: usize = 1024 * KIB;
        Self {
            cpu_ms: 1_000,
            wall_ms: 10_000,
            queue_ms: 1_000,
            memory_bytes: 64 * MIB,
            // QuickJS needs 3 memories, 3 tables and 13 instances; CPython 38 instances and 6 000 table elements.
            memories: 4,
            table_elements: 10_000,
            tables: 8,
            instances: 60,
            host_call_bytes: 4 * MIB,
            handles: 256,
            host_calls: 1_000,
            writes: 64,
            random_bytes: 64 * KIB,
            log_bytes: 64 * KIB,
            field_value_bytes: 512 * KIB,
            fragment_bytes: 2 * MIB,
            fragment_resources: 200,
            response_bytes: 2 * MIB,
        }
    }
}

impl Limits {
    /// The largest `memory_bytes`: what a 32-bit memory can address.
    pub const MOST_MEMORY: usize = 4 << 30;

    pub(crate) fn cpu(&self) -> Duration {
        Duration::from_millis(self.cpu_ms)
    }

    pub(crate) fn wall(&self) -> Duration {
        Duration::from_millis(self.wall_ms)
    }

    pub(crate) fn queue(&self) -> Duration {
        Duration::from_millis(self.queue_ms)
    }
}

/// A limit that a call ran into. Its text is the key of [`Limits`] that sets it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// `cpu_ms`
    Cpu,
    /// `wall_ms`
    Wall,
    /// `memory_bytes`
    Memory,
    /// `table_elements`
    TableElements,
    /// `memories`, `tables` or `instances`
    Instances,
    /// `host_call_bytes`
    HostCallBytes,
    /// `handles`
    Handles,
    /// `host_calls`
    HostCalls,
    /// `writes`
    Writes,
    /// `random_bytes`
    RandomBytes,
    /// `field_value_bytes`
    FieldValueBytes,
    /// `fragment_bytes`
    FragmentBytes,
    /// `fragment_resources`
    FragmentResources,
    /// `response_bytes`
    ResponseBytes,
}

impl Limit {
    /// The key of [`Limits`] that sets it.
    pub fn key(self) -> &'static str {
        match self {
            Limit::Cpu => "cpu_ms",
            Limit::Wall => "wall_ms",
            Limit::Memory => "memory_bytes",
            Limit::TableElements => "table_elements",
            Limit::Instances => "instances",
            Limit::HostCallBytes => "host_call_bytes",
            Limit::Handles => "handles",
            Limit::HostCalls => "host_calls",
            Limit::Writes => "writes",
            Limit::RandomBytes => "random_bytes",
            Limit::FieldValueBytes => "field_value_bytes",
            Limit::FragmentBytes => "fragment_bytes",
            Limit::FragmentResources => "fragment_resources",
            Limit::ResponseBytes => "response_bytes",
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.key())
    }
}

/// The error with which a quota ends a call: wasmtime carries it out of the guest as a trap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the block used up its limit `{0}`")]
pub(crate) struct Exhausted(pub(crate) Limit);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_an_error() {
        assert!(serde_json::from_str::<Limits>(r#"{"cpu": 5}"#).is_err());
    }

    #[test]
    fn what_is_not_given_keeps_its_default() {
        let limits: Limits = serde_json::from_str(r#"{"cpu_ms": 5}"#).unwrap();
        assert_eq!(limits, Limits { cpu_ms: 5, ..Limits::default() });
    }

    #[test]
    fn the_largest_answers_fit_through_one_crossing() {
        let limits = Limits::default();
        assert!(limits.fragment_bytes < limits.host_call_bytes);
        assert!(limits.response_bytes < limits.host_call_bytes);
        assert!(limits.field_value_bytes < limits.host_call_bytes);
    }
}
