//! Where each block's definition lies, as a file of fixed-size records in the order of their fingerprints.
//!
//! A record is 32 bytes: half of the SHA-256 of the usage key, then offset and length of the definition, in little
//! endian. So a course of ten thousand blocks takes 320 kB of memory while it is imported and while it is served; the keys
//! themselves stand in the definitions.

use std::path::Path;

use blockhouse_keys::UsageKey;
use sha2::{Digest, Sha256};

use crate::ContentError;

/// Bytes of a record.
const RECORD: usize = 32;

/// A usage key in 16 bytes. That two keys have the same one is left to nobody's choice: it takes 2^64 attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Fingerprint([u8; 16]);

impl Fingerprint {
    pub(crate) fn of(usage: &UsageKey) -> Self {
        Self::of_text(usage.as_str())
    }

    /// The same of a name that is no key.
    pub(crate) fn of_text(text: &str) -> Self {
        let digest: [u8; 32] = Sha256::digest(text.as_bytes()).into();
        Self(*digest.first_chunk().unwrap_or(&[0; 16]))
    }
}

/// Where a definition lies in the file `definitions`, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Span {
    pub(super) offset: u64,
    pub(super) length: u64,
}

/// All blocks of a version.
#[derive(Debug, Default, PartialEq)]
pub(super) struct BlockIndex(Box<[(Fingerprint, Span)]>);

impl BlockIndex {
    /// Of records in any order.
    pub(super) fn new(mut records: Vec<(Fingerprint, Span)>) -> Self {
        records.sort_unstable();
        Self(records.into())
    }

    /// How many blocks there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Where a block's definition is.
    pub(super) fn find(&self, usage: &UsageKey) -> Option<Span> {
        let Self(records) = self;
        let wanted = Fingerprint::of(usage);
        let at = records.binary_search_by_key(&wanted, |(fingerprint, _)| *fingerprint).ok()?;
        records.get(at).map(|(_, span)| *span)
    }

    /// As a file's contents.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let Self(records) = self;
        let mut bytes = Vec::with_capacity(records.len() * RECORD);
        for (Fingerprint(half), Span { offset, length }) in records {
            bytes.extend(half);
            bytes.extend(offset.to_le_bytes());
            bytes.extend(length.to_le_bytes());
        }
        bytes
    }

    /// Reads a file.
    ///
    /// # Errors
    /// [`ContentError::Damaged`] when it is not one that was written whole.
    pub(super) fn from_bytes(bytes: &[u8], path: &Path) -> Result<Self, ContentError> {
        let (records, rest) = bytes.as_chunks::<RECORD>();
        let records: Box<[_]> = records.iter().map(record).collect();
        if rest.is_empty() && records.is_sorted() {
            Ok(Self(records))
        } else {
            Err(ContentError::damaged(path, "it is no index of blocks; import the course again"))
        }
    }
}

fn record(bytes: &[u8; RECORD]) -> (Fingerprint, Span) {
    let (mut half, mut offset, mut length) = ([0; 16], [0; 8], [0; 8]);
    half.copy_from_slice(&bytes[..16]);
    offset.copy_from_slice(&bytes[16..24]);
    length.copy_from_slice(&bytes[24..]);
    (Fingerprint(half), Span { offset: u64::from_le_bytes(offset), length: u64::from_le_bytes(length) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn usage(name: usize) -> UsageKey {
        format!("block-v1:O+C+R+type@html+block@b{name}").parse().unwrap()
    }

    fn span(number: usize) -> Span {
        Span { offset: number as u64 * 10, length: 7 }
    }

    #[test]
    fn every_block_is_found_again_after_writing_and_reading() {
        let records = (0..500).map(|number| (Fingerprint::of(&usage(number)), span(number))).collect();
        let written = BlockIndex::new(records).to_bytes();
        let index = BlockIndex::from_bytes(&written, Path::new("blocks")).unwrap();
        assert_eq!(index.len(), 500);
        assert!((0..500).all(|number| index.find(&usage(number)) == Some(span(number))));
        assert_eq!(index.find(&usage(500)), None);
    }

    #[test]
    fn a_file_that_was_cut_or_shuffled_is_damaged() {
        let records = vec![(Fingerprint::of(&usage(1)), span(1)), (Fingerprint::of(&usage(2)), span(2))];
        let written = BlockIndex::new(records).to_bytes();
        let swapped = [&written[RECORD..], &written[..RECORD]].concat();
        for bytes in [&written[..RECORD + 1], swapped.as_slice()] {
            assert!(BlockIndex::from_bytes(bytes, Path::new("blocks")).is_err());
        }
    }
}
