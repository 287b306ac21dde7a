//! `clock`: the host's time, which stands still during a call.

use wasmtime::Result;

use crate::bindings::clock::Host as ClockHost;
use crate::host::Host;
use crate::state::State;

impl<H: Host> ClockHost for State<H> {
    fn now(&mut self) -> Result<u64> {
        self.quota.host_call()?;
        Ok(self.host.now_ms())
    }
}
