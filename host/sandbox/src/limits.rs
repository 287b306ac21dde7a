//! How much a block may use. Every limit is finite, and every limit that is hit has a name.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The limits of one call, the calls inside it included: what a rendered child uses counts with the block around it. They
/// hold for each call anew; nothing carries over to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Milliseconds of processor time.
    pub cpu_ms: u64,
    /// Milliseconds from the start of the call to its end, everything included.
    pub wall_ms: u64,
    /// Milliseconds that a call waits for its turn before it is told that the host is busy.
    pub queue_ms: u64,
    /// Bytes of linear memory, summed over all memories of one instance; a rendered child has an instance of its own.
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
    /// Calls of the host that change something: fields and files set or forgotten, events published.
    pub writes: u32,
    /// Files of authors, and of its own, that the block reads.
    pub file_reads: u32,
    /// Bytes of these files together. A file that has more than is left is not read, and the block is told.
    pub file_bytes: usize,
    /// Bytes of one file that the block keeps. A larger one is not kept, and the block is told.
    pub storage_file_bytes: usize,
    /// Files that it keeps for one person, and for all of them. What does not fit is not kept, and the block is told.
    pub storage_files: usize,
    /// Bytes of these files together.
    pub storage_bytes: usize,
    /// Requests to other servers, redirects not included.
    pub http_requests: u32,
    /// Bytes of such a request: address, headers and body together.
    pub http_request_bytes: usize,
    /// Bytes of the answer, headers and body together. What comes after them is not read.
    pub http_response_bytes: usize,
    /// Milliseconds that such a request may take from its start to the end of the answer, redirects included.
    pub http_ms: u64,
    /// Random bytes.
    pub random_bytes: usize,
    /// Bytes of log text. What comes after them is counted and dropped.
    pub log_bytes: usize,
    /// Bytes of one field's value, as JSON.
    pub field_value_bytes: usize,
    /// Bytes of what one person has in one block, as JSON, all its fields together.
    pub state_bytes: usize,
    /// Bytes that may be handed to the host altogether: values, events and answers.
    pub total_bytes: usize,
    /// How deep blocks may be rendered inside each other.
    pub nesting: usize,
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
            // A unit with fifty problems in it asks some 500 times.
            host_calls: 2_000,
            writes: 200,
            file_reads: 20,
            file_bytes: 4 * MIB,
            storage_file_bytes: MIB,
            storage_files: 100,
            storage_bytes: 8 * MIB,
            http_requests: 8,
            http_request_bytes: 512 * KIB,
            http_response_bytes: MIB,
            http_ms: 5_000,
            random_bytes: 64 * KIB,
            log_bytes: 64 * KIB,
            field_value_bytes: 512 * KIB,
            state_bytes: MIB,
            total_bytes: 32 * MIB,
            // Course, chapter, sequential, vertical, block and a few more; each level holds a wasm stack and an instance.
            nesting: 8,
            fragment_bytes: 2 * MIB,
            fragment_resources: 200,
            response_bytes: 2 * MIB,
        }
    }
}

impl Limits {
    /// The largest `memory_bytes`: what a 32-bit memory can address.
    pub const MOST_MEMORY: usize = 4 << 30;

    /// The same limits with some of them changed, as the settings of one block type have them.
    ///
    /// # Errors
    /// A key is unknown, or its value is no number that can be.
    pub fn with(&self, changes: &BTreeMap<String, u64>) -> Result<Self, LimitsError> {
        let mut all = serde_json::to_value(self)?;
        if let Some(all) = all.as_object_mut() {
            all.extend(changes.iter().map(|(key, value)| (key.clone(), (*value).into())));
        }
        Ok(serde_json::from_value(all)?)
    }

    /// The names of the limits and their values.
    pub fn list(&self) -> BTreeMap<String, u64> {
        let all = serde_json::to_value(self).ok();
        all.and_then(|all| serde_json::from_value(all).ok()).unwrap_or_default()
    }

    /// The same limits, with room in the pool of instances for the other's.
    pub(crate) fn at_least(&self, other: &Self) -> Self {
        Self {
            memory_bytes: self.memory_bytes.max(other.memory_bytes),
            memories: self.memories.max(other.memories),
            table_elements: self.table_elements.max(other.table_elements),
            tables: self.tables.max(other.tables),
            instances: self.instances.max(other.instances),
            ..self.clone()
        }
    }

    pub(crate) fn cpu(&self) -> Duration {
        Duration::from_millis(self.cpu_ms)
    }

    pub(crate) fn wall(&self) -> Duration {
        Duration::from_millis(self.wall_ms)
    }

    pub(crate) fn http_time(&self) -> Duration {
        Duration::from_millis(self.http_ms)
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
    /// `file_reads`
    FileReads,
    /// `file_bytes`
    FileBytes,
    /// `http_requests`
    HttpRequests,
    /// `http_request_bytes`
    HttpRequestBytes,
    /// `random_bytes`
    RandomBytes,
    /// `log_bytes`; it stops no call.
    LogBytes,
    /// `field_value_bytes`
    FieldValueBytes,
    /// `state_bytes`
    StateBytes,
    /// `total_bytes`
    TotalBytes,
    /// `fragment_bytes`
    FragmentBytes,
    /// `fragment_resources`
    FragmentResources,
    /// `response_bytes`
    ResponseBytes,
}

impl Limit {
    /// The key of [`Limits`] that sets it.
    pub const fn key(self) -> &'static str {
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
            Limit::FileReads => "file_reads",
            Limit::FileBytes => "file_bytes",
            Limit::HttpRequests => "http_requests",
            Limit::HttpRequestBytes => "http_request_bytes",
            Limit::RandomBytes => "random_bytes",
            Limit::LogBytes => "log_bytes",
            Limit::FieldValueBytes => "field_value_bytes",
            Limit::StateBytes => "state_bytes",
            Limit::TotalBytes => "total_bytes",
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

/// The limits of a block type that cannot be.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct LimitsError(#[from] serde_json::Error);

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
    fn a_block_type_changes_some_limits_and_keeps_the_others() {
        let limits = Limits::default().with(&[("cpu_ms".to_owned(), 5)].into()).unwrap();
        assert_eq!(limits, Limits { cpu_ms: 5, ..Limits::default() });
        let error = Limits::default().with(&[("cpu".to_owned(), 5)].into()).unwrap_err();
        assert!(error.to_string().contains("unknown field `cpu`"), "{error}");
    }

    #[test]
    fn every_limit_is_listed_and_finite() {
        let list = Limits::default().list();
        assert_eq!(list["cpu_ms"], 1_000);
        assert!(list.len() > 20 && list.values().all(|&limit| limit > 0 && limit < 1 << 32), "{list:?}");
    }

    #[test]
    fn the_largest_answers_fit_through_one_crossing() {
        let limits = Limits::default();
        assert!(limits.fragment_bytes < limits.host_call_bytes);
        assert!(limits.response_bytes < limits.host_call_bytes);
        assert!(limits.field_value_bytes < limits.host_call_bytes);
        assert!(limits.http_request_bytes < limits.host_call_bytes);
        assert!(limits.storage_file_bytes < limits.host_call_bytes);
    }
}
