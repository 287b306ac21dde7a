//! `log`: lines for the block's own log. They are no host calls, so a talkative block is cut short, not stopped.

use wasmtime::Result;

use crate::bindings::log::{Host as LogHost, Level};
use crate::host::{Host, LogLevel};
use crate::state::State;

impl<H: Host> LogHost for State<H> {
    fn write(&mut self, level: Level, message: String) -> Result<()> {
        if self.quota.log_line(&message) {
            let level = match level {
                Level::Debug => LogLevel::Debug,
                Level::Info => LogLevel::Info,
                Level::Warn => LogLevel::Warn,
                Level::Error => LogLevel::Error,
            };
            self.host.log(level, &message);
        }
        Ok(())
    }
}
