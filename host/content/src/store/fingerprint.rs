//! Names in 16 bytes: what is found by a name needs to keep no more of it.

use sha2::{Digest, Sha256};

/// Half of the SHA-256 of a name. That two names have the same one is left to nobody's choice: it takes 2^64 attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Fingerprint([u8; 16]);

impl Fingerprint {
    pub(crate) fn of(name: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(name.as_bytes()).into();
        Self(*digest.first_chunk().unwrap_or(&[0; 16]))
    }

    pub(super) fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    pub(super) fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    /// Its first eight bytes.
    pub(super) fn first_half(self) -> u64 {
        u64::from_le_bytes(*self.0.first_chunk().unwrap_or(&[0; 8]))
    }
}
