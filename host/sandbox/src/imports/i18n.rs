//! `i18n`: texts in the reader's language, from the catalogues of the block's own package.

use blockhouse_i18n::Argument;
use wasmtime::Result;

use crate::bindings::i18n::{Argument as WitArgument, Host as I18nHost};
use crate::host::Host;
use crate::state::State;

impl<H: Host> I18nHost for State<H> {
    fn locale(&mut self) -> Result<String> {
        self.quota.host_call()?;
        Ok(self.host.locale())
    }

    fn text(&mut self, id: String, arguments: Vec<(String, WitArgument)>) -> Result<Option<String>> {
        self.quota.host_call()?;
        let arguments: Vec<(&str, Argument)> =
            arguments.iter().map(|(name, value)| (name.as_str(), argument(value))).collect();
        Ok(self.catalogues.text(&self.host.locale(), &id, &arguments))
    }
}

fn argument(argument: &WitArgument) -> Argument {
    match argument {
        WitArgument::Text(text) => Argument::Text(text.clone()),
        WitArgument::Number(number) => Argument::Number(*number),
    }
}
