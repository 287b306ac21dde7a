//! The name of a file's contents.

use std::fmt;
use std::str::FromStr;

use blake2::Blake2b;
use blake2::digest::consts::U20;
use blake2::digest::{Digest as _, Output};
use serde::{Deserialize, Serialize};

use crate::hex;

/// BLAKE2b with 20 bytes: by this Blockstore and Open edX's Learning Core name contents too (spec 7.1.2, 7.6.2), so
/// that equal files have equal names everywhere. Written as 40 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 20]);

impl Digest {
    /// The digest of `contents`.
    pub fn of(contents: &[u8]) -> Self {
        let mut hasher = Hasher::new();
        hasher.update(contents);
        hasher.finish()
    }

    /// The digest that these bytes are; `None` unless they are twenty.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The twenty bytes.
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The digest as hexadecimal text.
    pub fn to_hex(self) -> String {
        hex::encode(&self.0)
    }
}

/// A text that is no digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a digest of 40 hex digits", .0.escape_debug())]
pub struct NotADigest(String);

/// Makes a digest of parts.
pub(crate) struct Hasher(Blake2b<U20>);

impl Hasher {
    pub(crate) fn new() -> Self {
        Self(Blake2b::new())
    }

    pub(crate) fn update(&mut self, part: &[u8]) {
        self.0.update(part);
    }

    pub(crate) fn finish(self) -> Digest {
        let output: Output<Blake2b<U20>> = self.0.finalize();
        Digest(output.into())
    }
}

impl FromStr for Digest {
    type Err = NotADigest;

    /// # Errors
    /// [`NotADigest`] for anything but 40 lower-case hexadecimal digits.
    fn from_str(text: &str) -> Result<Self, NotADigest> {
        let invalid = || NotADigest(text.to_owned());
        let digits = text.as_bytes();
        if digits.len() != 40 || !digits.iter().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f')) {
            return Err(invalid());
        }
        let mut bytes = [0; 20];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| invalid())?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| invalid())?;
        }
        Ok(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_hex())
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_hex())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_digest_is_blake2b_of_twenty_bytes() {
        // The figure is that of `printf '' | b2sum -l 160`.
        assert_eq!(Digest::of(b"").to_hex(), "3345524abf6bbe1809449224b5972c41790b6cf2");
    }

    #[test]
    fn a_digest_reads_back_from_its_text_and_from_nothing_else() {
        let digest = Digest::of(b"tide");
        assert_eq!(digest.to_hex().parse::<Digest>().unwrap(), digest);
        for text in ["", "3345", &digest.to_hex().to_uppercase(), &"é".repeat(20), &"g".repeat(40)] {
            assert!(text.parse::<Digest>().is_err(), "{text}");
        }
    }
}
