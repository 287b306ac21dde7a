//! The host's clock. It stands still during a call, so a call can be repeated to the same result.

/// Milliseconds since 1970-01-01T00:00:00Z.
pub fn now_ms() -> u64 {
    crate::backend::now_ms()
}
