//! Which files became a part of a block. All others come along with the blocks as they are.

use std::num::NonZeroU128;

use crate::ContentError;
use crate::store::{Fingerprint, Table};

/// The files that blocks are made of, in a table: there may be as many as blocks.
pub(super) struct Used {
    files: Table,
    /// What was read for the block at hand, of which it is not known yet whether it can be used.
    read: Vec<Fingerprint>,
}

impl Used {
    pub(super) fn new(files: Table) -> Self {
        Self { files, read: Vec::new() }
    }

    /// Notes that a file was read for the block at hand.
    pub(super) fn read(&mut self, name: &str) {
        self.read.push(Fingerprint::of(name));
    }

    /// Says that what was read since the last block makes this one.
    pub(super) fn keep(&mut self) -> Result<(), ContentError> {
        for name in self.read.drain(..) {
            self.files.set(name, NonZeroU128::MIN)?;
        }
        Ok(())
    }

    /// Says that what was read since the last block is faulty.
    pub(super) fn discard(&mut self) {
        self.read.clear();
    }

    /// Whether a file is a part of a block.
    pub(super) fn contains(&mut self, name: &str) -> Result<bool, ContentError> {
        Ok(self.files.get(Fingerprint::of(name))?.is_some())
    }
}
