//! What WASI takes from the host. Less than a `Host`, so that a component can also be asked for its definition, when
//! there is no time and nobody to tell.

use crate::host::{Host, LogLevel};

/// Time, randomness and a log.
pub(crate) trait Ambient: Send + 'static {
    /// Milliseconds since 1970; the same during one call.
    fn now_ms(&self) -> u64;
    /// 64 random bits.
    fn random_u64(&mut self) -> u64;
    /// One line.
    fn log(&mut self, level: LogLevel, message: &str);
}

impl<H: Host> Ambient for H {
    fn now_ms(&self) -> u64 {
        Host::now_ms(self)
    }

    fn random_u64(&mut self) -> u64 {
        Host::random_u64(self)
    }

    fn log(&mut self, level: LogLevel, message: &str) {
        Host::log(self, level, message);
    }
}

/// Nobody: a definition is the same at every time.
impl Ambient for () {
    fn now_ms(&self) -> u64 {
        0
    }

    fn random_u64(&mut self) -> u64 {
        0
    }

    fn log(&mut self, _level: LogLevel, _message: &str) {}
}
