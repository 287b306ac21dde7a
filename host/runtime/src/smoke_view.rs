//! The report on a version that was just installed, for whoever wrote it: how each of its views fared when it was
//! called once, without any content, and what it used.

use blockhouse_sandbox::SmokeCall;
use serde::{Deserialize, Serialize};

/// One view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SmokeView {
    /// Its name.
    pub view: String,
    /// Why there was nothing to see, if there was not.
    pub failure: Option<String>,
    /// Microseconds of processor time.
    pub cpu_us: u64,
    /// Microseconds from start to end.
    pub wall_us: u64,
    /// Bytes of linear memory at its largest.
    pub memory_bytes: usize,
    /// Calls of the host.
    pub host_calls: u32,
    /// Bytes of the values, events and requests that it handed to the host.
    pub handed_bytes: usize,
    /// Bytes of what there was to see.
    pub output_bytes: usize,
}

impl From<SmokeCall> for SmokeView {
    fn from(SmokeCall { view, failure, cost }: SmokeCall) -> Self {
        let micros = |time: std::time::Duration| u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        Self {
            view: view.to_string(),
            failure: failure.map(|error| error.to_string()),
            cpu_us: micros(cost.cpu),
            wall_us: micros(cost.wall),
            memory_bytes: cost.memory_bytes,
            host_calls: cost.host_calls,
            handed_bytes: cost.handed_bytes,
            output_bytes: cost.output_bytes,
        }
    }
}
