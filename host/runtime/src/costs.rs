//! What each version of each block type has cost since the host started: calls by outcome, and what they used. Counted
//! for operators, as metrics and as a list.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use blockhouse_sandbox::{CallError, Cost, Export, Output};
use metrics::{Counter, Histogram, counter, histogram};
use serde::Serialize;

use crate::Mediator;

/// How many of a version's last errors are kept.
const ERRORS: usize = 5;

/// A version of a block type: its name, and the digest of its package.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, serde::Deserialize)]
pub struct BlockVersion {
    /// The name of the type.
    pub block_type: String,
    /// SHA-256 of the package, in hex.
    pub digest: String,
}

impl BlockVersion {
    pub(crate) fn of(block_type: &blockhouse_sandbox::BlockType<Mediator>) -> Self {
        let name = block_type.definition().name.clone();
        Self { block_type: name, digest: block_type.digest().to_owned() }
    }
}

/// What the calls of one version came to.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Costs {
    /// The version that its author gave it.
    pub version: String,
    /// Calls that came to an end.
    pub calls: u64,
    /// How they ended.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Milliseconds of processor time, altogether.
    pub cpu_ms: f64,
    /// Milliseconds of processor time of the most expensive call.
    pub cpu_ms_most: f64,
    /// Milliseconds from start to end, altogether.
    pub wall_ms: f64,
    /// Bytes of memory of the largest call.
    pub memory_bytes_most: usize,
    /// Bytes of values, events and requests that were handed to the host.
    pub handed_bytes: u64,
    /// Bytes that were answered.
    pub output_bytes: u64,
    /// Bytes of log text that were kept.
    pub log_bytes: u64,
    /// Calls of the host.
    pub host_calls: u64,
    /// Those of them that changed something.
    pub writes: u64,
    /// The latest failures, newest first.
    pub last_errors: VecDeque<Failure>,
}

/// A call that failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// When: milliseconds since 1970.
    pub at_ms: u64,
    /// What was called.
    pub entry: String,
    /// How it failed.
    pub error: String,
}

/// The costs of all versions.
#[derive(Default)]
pub(crate) struct Ledger(Mutex<HashMap<BlockVersion, Entry>>);

struct Entry {
    costs: Costs,
    meters: Meters,
}

/// The metrics of one version. They are looked up by their labels once, not with each call.
struct Meters {
    cpu_microseconds: Counter,
    host_calls: Counter,
    handed_bytes: Counter,
    output_bytes: Counter,
    memory_bytes: Histogram,
    calls: BTreeMap<&'static str, Counter>,
}

impl Ledger {
    /// Enters a call that has ended.
    pub(crate) fn enter(
        &self,
        block: &BlockVersion,
        version: &str,
        entry: Export,
        result: &Result<Output, CallError>,
        cost: &Cost,
        now_ms: u64,
    ) {
        let outcome = outcome(result);
        let mut ledger = self.lock();
        if !ledger.contains_key(block) {
            let costs = Costs { version: version.to_owned(), ..Costs::default() };
            ledger.insert(block.clone(), Entry { costs, meters: Meters::of(block) });
        }
        let Some(Entry { costs, meters }) = ledger.get_mut(block) else { return };
        meters.count(block, outcome, cost);
        let cpu_ms = milliseconds(cost.cpu);
        costs.calls += 1;
        *costs.outcomes.entry(outcome).or_default() += 1;
        costs.cpu_ms += cpu_ms;
        costs.cpu_ms_most = costs.cpu_ms_most.max(cpu_ms);
        costs.wall_ms += milliseconds(cost.wall);
        costs.memory_bytes_most = costs.memory_bytes_most.max(cost.memory_bytes);
        costs.handed_bytes += cost.handed_bytes as u64;
        costs.output_bytes += cost.output_bytes as u64;
        costs.log_bytes += cost.log_bytes as u64;
        costs.host_calls += u64::from(cost.host_calls);
        costs.writes += u64::from(cost.writes);
        if let Err(error) = result {
            costs.last_errors.truncate(ERRORS - 1);
            let failure = Failure { at_ms: now_ms, entry: entry.to_string(), error: error.to_string() };
            costs.last_errors.push_front(failure);
        }
    }

    /// What is known of a version.
    pub(crate) fn of(&self, block: &BlockVersion) -> Costs {
        self.lock().get(block).map(|entry| entry.costs.clone()).unwrap_or_default()
    }

    /// The versions that were called.
    pub(crate) fn versions(&self) -> Vec<BlockVersion> {
        self.lock().keys().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<BlockVersion, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Meters {
    fn of(block: &BlockVersion) -> Self {
        let labels = [("block_type", block.block_type.clone()), ("digest", short(&block.digest))];
        Self {
            cpu_microseconds: counter!("blockhouse_block_cpu_microseconds_total", &labels),
            host_calls: counter!("blockhouse_block_host_calls_total", &labels),
            handed_bytes: counter!("blockhouse_block_handed_bytes_total", &labels),
            output_bytes: counter!("blockhouse_block_output_bytes_total", &labels),
            memory_bytes: histogram!("blockhouse_block_memory_bytes", &labels),
            calls: BTreeMap::new(),
        }
    }

    /// Counts a call.
    fn count(&mut self, block: &BlockVersion, outcome: &'static str, cost: &Cost) {
        let calls = self.calls.entry(outcome).or_insert_with(|| {
            counter!("blockhouse_block_calls_total", "block_type" => block.block_type.clone(),
                "digest" => short(&block.digest), "outcome" => outcome)
        });
        calls.increment(1);
        self.cpu_microseconds.increment(u64::try_from(cost.cpu.as_micros()).unwrap_or(u64::MAX));
        self.host_calls.increment(u64::from(cost.host_calls));
        self.handed_bytes.increment(cost.handed_bytes as u64);
        self.output_bytes.increment(cost.output_bytes as u64);
        self.memory_bytes.record(cost.memory_bytes as f64);
    }
}

/// As much of a digest as people compare.
pub(crate) fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// The outcome's name in the metrics.
fn outcome(result: &Result<Output, CallError>) -> &'static str {
    match result {
        Ok(_) => "ok",
        Err(CallError::NotExported(_)) => "not_exported",
        Err(CallError::Failed(_)) => "failed",
        Err(CallError::Trapped(_)) => "trapped",
        Err(CallError::OutOf(_)) => "out_of_limit",
        Err(CallError::OutOfShared(_)) => "out_of_shared_limit",
        Err(CallError::BadOutput(_)) => "bad_output",
        Err(CallError::Busy) => "busy",
        Err(CallError::Host(_)) => "host",
    }
}
