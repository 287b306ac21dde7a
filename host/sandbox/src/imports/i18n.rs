//! `i18n`: texts in the reader's language.

use wasmtime::Result;

use crate::bindings::i18n::Host as I18nHost;
use crate::host::Host;
use crate::state::State;

impl<H: Host> I18nHost for State<H> {
    fn locale(&mut self) -> Result<String> {
        self.quota.host_call()?;
        Ok(self.host.locale())
    }
}
