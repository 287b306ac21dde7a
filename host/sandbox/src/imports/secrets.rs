//! `secrets`: what the operator gave this block type. No secret is ever logged here.

use wasmtime::Result;

use crate::bindings::secrets::Host as SecretsHost;
use crate::host::Host;
use crate::state::State;

impl<H: Host> SecretsHost for State<H> {
    fn get(&mut self, name: String) -> Result<Result<Option<String>, String>> {
        self.quota.host_call()?;
        Ok(self.host.secret(&name))
    }
}
