//! One page of a table's file: records from its front on, then zeros.

use std::num::NonZeroU128;

use super::super::Fingerprint;

/// Bytes of a page, in which a table is read and written: what a disk reads at once.
pub(super) const PAGE: usize = 4096;

/// Bytes of a record: its key, then its value in little endian. A value is never zero, so that zeros are no record.
const RECORD: usize = 32;

/// How many records a page has room for.
pub(super) const RECORDS: u64 = (PAGE / RECORD) as u64;

/// A page in memory.
pub(super) struct Page(Box<[u8; PAGE]>);

/// What a page says of a key.
pub(super) enum Found {
    /// The key's value.
    Value(NonZeroU128),
    /// The page has room: were the key in the table, it would be here.
    Absent,
    /// Another page may have it.
    Full,
}

/// What became of a record that a page was to take.
#[derive(Debug, PartialEq)]
pub(super) enum Put {
    Added,
    Replaced,
    NoRoom,
}

impl Page {
    pub(super) fn empty() -> Self {
        Self(Box::new([0; PAGE]))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &*self.0
    }

    pub(super) fn bytes_mut(&mut self) -> &mut [u8] {
        &mut *self.0
    }

    pub(super) fn find(&self, key: Fingerprint) -> Found {
        let mut records = 0;
        for (known, value) in self.records() {
            if known == key {
                return Found::Value(value);
            }
            records += 1;
        }
        if records < RECORDS { Found::Absent } else { Found::Full }
    }

    /// Gives a key its value, in the place of the one that it has.
    pub(super) fn put(&mut self, key: Fingerprint, value: NonZeroU128) -> Put {
        for record in self.0.as_chunks_mut::<RECORD>().0 {
            let put = match read(record) {
                Some((known, _)) if known == key => Put::Replaced,
                Some(_) => continue,
                None => Put::Added,
            };
            let (key_bytes, value_bytes) = record.split_at_mut(16);
            key_bytes.copy_from_slice(&key.to_bytes());
            value_bytes.copy_from_slice(&value.get().to_le_bytes());
            return put;
        }
        Put::NoRoom
    }

    pub(super) fn records(&self) -> impl Iterator<Item = (Fingerprint, NonZeroU128)> {
        self.0.as_chunks::<RECORD>().0.iter().map_while(read)
    }
}

fn read(record: &[u8; RECORD]) -> Option<(Fingerprint, NonZeroU128)> {
    let (key, value) = (record.first_chunk()?, record.last_chunk()?);
    Some((Fingerprint::from_bytes(*key), NonZeroU128::new(u128::from_le_bytes(*value))?))
}
