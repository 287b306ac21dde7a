//! `random`: 64 bits per call, so the number of host calls bounds what a block can draw.

use wasmtime::Result;

use crate::bindings::random::Host as RandomHost;
use crate::host::Host;
use crate::state::State;

impl<H: Host> RandomHost for State<H> {
    fn u64(&mut self) -> Result<u64> {
        self.quota.host_call()?;
        Ok(self.host.random_u64())
    }
}
