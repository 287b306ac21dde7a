//! `random`: 64 bits per call, of which a block can draw so many.

use wasmtime::Result;

use crate::bindings::random::Host as RandomHost;
use crate::host::Host;
use crate::state::State;

impl<H: Host> RandomHost for State<H> {
    fn u64(&mut self) -> Result<u64> {
        self.quota.host_call()?;
        self.quota.random(8)?;
        Ok(self.host.random_u64())
    }
}
