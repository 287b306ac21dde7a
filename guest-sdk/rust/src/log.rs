//! Lines for the block's own log. What exceeds the host's limit is counted and dropped.

pub use crate::backend::LogLevel;

/// For whoever writes the block.
pub fn debug(message: &str) {
    crate::backend::log(LogLevel::Debug, message);
}

/// Worth knowing.
pub fn info(message: &str) {
    crate::backend::log(LogLevel::Info, message);
}

/// Something is odd, and the block goes on.
pub fn warn(message: &str) {
    crate::backend::log(LogLevel::Warn, message);
}

/// Something failed.
pub fn error(message: &str) {
    crate::backend::log(LogLevel::Error, message);
}
