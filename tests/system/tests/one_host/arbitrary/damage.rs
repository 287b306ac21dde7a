//! Arbitrary changes of bytes that were good: single bytes, parts that are missing, repeated or from elsewhere.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

/// One change.
#[derive(Clone, Debug)]
pub(super) enum Damage {
    /// Another byte.
    Byte(Index, u8),
    /// One bit the other way round, which a checksum sees and little else.
    Bit(Index, u8),
    /// So many bytes less.
    Cut(Index, usize),
    /// Bytes more.
    Insert(Index, Vec<u8>),
    /// Bytes of another place, once more.
    Repeat(Index, Index, usize),
    /// Nothing behind this.
    End(Index),
}

/// A few changes; seldom none.
pub(super) fn damage() -> impl Strategy<Value = Vec<Damage>> {
    let at = any::<Index>;
    let one = prop_oneof![
        4 => (at(), any::<u8>()).prop_map(|(at, byte)| Damage::Byte(at, byte)),
        4 => (at(), 0..8_u8).prop_map(|(at, bit)| Damage::Bit(at, bit)),
        1 => (at(), 1..64_usize).prop_map(|(at, length)| Damage::Cut(at, length)),
        1 => (at(), vec(any::<u8>(), 1..16)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        1 => (at(), at(), 1..64_usize).prop_map(|(from, to, length)| Damage::Repeat(from, to, length)),
        1 => at().prop_map(Damage::End),
    ];
    vec(one, 0..5)
}

/// The bytes with these changes, one after the other.
pub(super) fn damaged(good: &[u8], changes: &[Damage]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for change in changes {
        let place = |index: &Index| index.index(bytes.len().max(1));
        let end = |from: usize, length: usize| (from + length).min(bytes.len());
        match change {
            Damage::Byte(at, byte) => {
                let at = place(at);
                bytes.get_mut(at).into_iter().for_each(|found| *found = *byte);
            }
            Damage::Bit(at, bit) => {
                let at = place(at);
                bytes.get_mut(at).into_iter().for_each(|found| *found ^= 1 << bit);
            }
            Damage::Cut(at, length) => {
                let at = place(at).min(bytes.len());
                let end = end(at, *length);
                bytes.drain(at..end);
            }
            Damage::Insert(at, more) => {
                let at = place(at).min(bytes.len());
                bytes.splice(at..at, more.iter().copied());
            }
            Damage::Repeat(from, to, length) => {
                let (from, to) = (place(from).min(bytes.len()), place(to).min(bytes.len()));
                let copied = bytes[from..end(from, *length)].to_vec();
                bytes.splice(to..to, copied);
            }
            Damage::End(at) => bytes.truncate(place(at)),
        }
    }
    bytes
}
