//! What the limits cost, measured by leaving them out: no ticks in the code, no clock, no counters, no turn to wait
//! for. There for `scripts/bench` alone, behind a feature; a host that serves has no way to it.

use crate::host::Host;
use crate::sandbox::{Sandbox, SandboxConfig, SandboxError};

impl<H: Host> Sandbox<H> {
    /// A sandbox whose calls have none of the limits that can be left out. What the pool of instances needs to be a pool
    /// stays: a block has no more memory than a slot of it.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn without_limits(config: SandboxConfig) -> Result<Self, SandboxError> {
        Self::limited(config, false)
    }
}
