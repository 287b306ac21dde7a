//! The head of a table's file: that it is one, how large it is, and to which page a key belongs.

use super::super::Fingerprint;
use super::page::{PAGE, RECORDS};

/// How the file begins.
const MAGIC: [u8; 16] = *b"blockhouse table";

/// Bytes of the head. It has a page to itself, so that the others lie where those of a disk do.
pub(super) const HEAD: usize = 40;

/// How many pages a key may be in at most. As pages are filled to three quarters on average, and the seed is nobody's
/// choice, two full ones side by side are rare already.
const PROBES: u64 = 8;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Header {
    /// How many pages there are, at least one.
    pub(super) pages: u64,
    /// Spreads keys over pages. Drawn by lot for each table: whoever chooses the names of blocks cannot make them share a
    /// page.
    pub(super) seed: u64,
    /// How many keys have a value.
    pub(super) records: u64,
}

impl Header {
    /// The pages in which a key may be, in the order in which they are looked at. It is in none after one with room.
    ///
    /// The order of keys by page is the same in tables of any size, so that a table grows from front to back.
    pub(super) fn pages_of(&self, key: Fingerprint) -> impl Iterator<Item = u64> + use<> {
        let pages = self.pages;
        let spread = key.first_half().wrapping_mul(self.seed | 1);
        let first = ((u128::from(spread) * u128::from(pages)) >> 64) as u64;
        (0..PROBES.min(pages)).map(move |step| (first + step) % pages)
    }

    /// Whether a table should grow before it takes another record.
    pub(super) fn is_full(&self) -> bool {
        self.records >= self.pages * RECORDS / 4 * 3
    }

    /// Where a page begins in the file.
    pub(super) fn offset(page: u64) -> u64 {
        (page + 1) * PAGE as u64
    }

    pub(super) fn to_bytes(self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        let parts = MAGIC
            .into_iter()
            .chain([self.pages, self.seed, self.records].into_iter().flat_map(u64::to_le_bytes));
        for (byte, part) in bytes.iter_mut().zip(parts) {
            *byte = part;
        }
        bytes
    }

    /// The head of a file of a length; `None` when it is no table, or not a whole one.
    pub(super) fn from_bytes(bytes: &[u8; HEAD], length: u64) -> Option<Self> {
        let (magic, rest) = bytes.split_first_chunk::<16>()?;
        let ([pages, seed, records], []) = rest.as_chunks::<8>() else {
            return None;
        };
        let header = Self {
            pages: u64::from_le_bytes(*pages),
            seed: u64::from_le_bytes(*seed),
            records: u64::from_le_bytes(*records),
        };
        let whole = header.pages > 0
            && header.pages.checked_add(1)?.checked_mul(PAGE as u64)? == length
            && header.records <= header.pages * RECORDS;
        (*magic == MAGIC && whole).then_some(header)
    }
}
