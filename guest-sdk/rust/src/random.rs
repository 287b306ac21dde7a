//! Randomness from the host. wasm has none of its own.

/// 64 random bits.
pub fn u64() -> u64 {
    crate::backend::random_u64()
}
