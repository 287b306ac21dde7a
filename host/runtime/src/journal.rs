//! Which blocks are running now, in a file that outlives the process. When the whole host ends in the middle of a call,
//! the next start finds there what ran, and counts it against those versions until they have run well again.
//!
//! One call writes one record of fixed size and wipes it at its end: two writes into the cache of the operating system,
//! a few microseconds, which are lost only with the machine. A journal that cannot be written costs the record, not the
//! call.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};

use crate::costs::BlockVersion;

/// Bytes of one record.
const RECORD: usize = 256;

/// Running calls, in the data directory.
const RUNNING: &str = "running-calls";

/// Crashes that have not been made good, beside it.
const CRASHES: &str = "crashes.json";

/// What ran when a host ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Crash {
    /// Which version.
    #[serde(flatten)]
    pub block: BlockVersion,
    /// What was called.
    pub entry: String,
    /// How many times.
    pub times: u32,
}

/// The journal of one data directory.
pub struct Journal {
    file: File,
    crashes_path: PathBuf,
    state: Mutex<State>,
}

struct State {
    free: Vec<u64>,
    slots: u64,
    crashes: Vec<Crash>,
}

impl Journal {
    /// Opens the journal, takes down what ran when the last host ended, and starts anew.
    ///
    /// # Errors
    /// The files cannot be used, or another host that is running uses them.
    pub fn open(data: &Path) -> io::Result<Self> {
        let path = data.join(RUNNING);
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        file.try_lock()?;
        let mut left = Vec::new();
        file.read_to_end(&mut left)?;
        let crashes_path = data.join(CRASHES);
        let mut crashes = read_crashes(&crashes_path);
        let ran: BTreeMap<(BlockVersion, String), ()> =
            left.chunks(RECORD).filter_map(read_record).map(|found| (found, ())).collect();
        for (block, entry) in ran.into_keys() {
            tracing::error!(
                block_type = block.block_type,
                digest = block.digest,
                entry,
                "the host ended while this block was running"
            );
            match crashes.iter_mut().find(|crash| crash.block == block) {
                Some(crash) => {
                    crash.times += 1;
                    crash.entry = entry;
                }
                None => crashes.push(Crash { block, entry, times: 1 }),
            }
        }
        write_crashes(&crashes_path, &crashes)?;
        file.set_len(0)?;
        let state = Mutex::new(State { free: Vec::new(), slots: 0, crashes });
        Ok(Self { file, crashes_path, state })
    }

    /// The crashes that have not been made good.
    pub(crate) fn crashes(&self) -> Vec<Crash> {
        self.lock().crashes.clone()
    }

    /// Notes that a call begins. It has ended when what is returned is dropped.
    pub(crate) fn begin(&self, block: &BlockVersion, entry: &str) -> Running<'_> {
        let slot = {
            let mut state = self.lock();
            state.free.pop().unwrap_or_else(|| {
                state.slots += 1;
                state.slots - 1
            })
        };
        self.write(slot, &record(block, entry));
        Running { journal: self, slot }
    }

    /// A version has run well, or was released: its crashes are made good.
    pub(crate) fn forgive(&self, block: &BlockVersion) {
        let mut state = self.lock();
        if state.crashes.is_empty() || !state.crashes.iter().any(|crash| crash.block == *block) {
            return;
        }
        state.crashes.retain(|crash| crash.block != *block);
        if let Err(error) = write_crashes(&self.crashes_path, &state.crashes) {
            tracing::warn!(%error, "the list of crashes cannot be written");
        }
    }

    fn write(&self, slot: u64, record: &[u8; RECORD]) {
        if let Err(error) = self.file.write_all_at(record, slot * RECORD as u64) {
            tracing::warn!(%error, "the journal of running calls cannot be written");
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that is running.
pub(crate) struct Running<'a> {
    journal: &'a Journal,
    slot: u64,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.journal.write(self.slot, &[0; RECORD]);
        self.journal.lock().free.push(self.slot);
    }
}

/// `type digest entry` and a line break; what does not fit is cut off, and then read as nothing.
fn record(block: &BlockVersion, entry: &str) -> [u8; RECORD] {
    let mut record = [0; RECORD];
    let text = format!("{} {} {entry}\n", block.block_type, block.digest);
    for (place, byte) in record.iter_mut().zip(text.bytes()) {
        *place = byte;
    }
    record
}

fn read_record(record: &[u8]) -> Option<(BlockVersion, String)> {
    let end = record.iter().position(|&byte| byte == b'\n')?;
    let text = std::str::from_utf8(record.get(..end)?).ok()?;
    let mut words = text.split(' ');
    let (block_type, digest, entry) = (words.next()?, words.next()?, words.next()?);
    Some((BlockVersion { block_type: block_type.to_owned(), digest: digest.to_owned() }, entry.to_owned()))
}

/// A list that is damaged is forgotten.
fn read_crashes(path: &Path) -> Vec<Crash> {
    std::fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

fn write_crashes(path: &Path, crashes: &[Crash]) -> io::Result<()> {
    let new = path.with_extension("new");
    std::fs::write(&new, serde_json::to_vec(crashes)?)?;
    std::fs::rename(new, path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block() -> BlockVersion {
        BlockVersion { block_type: "poll".to_owned(), digest: "ab".repeat(32) }
    }

    #[test]
    fn a_call_that_has_ended_leaves_nothing() {
        let data = tempfile::tempdir().unwrap();
        let journal = Journal::open(data.path()).unwrap();
        drop(journal.begin(&block(), "student-view"));
        drop(journal);
        assert_eq!(Journal::open(data.path()).unwrap().crashes(), []);
    }

    #[test]
    fn a_call_that_was_running_is_found_at_the_next_start() {
        let data = tempfile::tempdir().unwrap();
        let journal = Journal::open(data.path()).unwrap();
        // As a process does that is killed: the call never ends.
        std::mem::forget(journal.begin(&block(), "student-view"));
        drop(journal);
        let crash = Crash { block: block(), entry: "student-view".to_owned(), times: 1 };
        assert_eq!(Journal::open(data.path()).unwrap().crashes(), std::slice::from_ref(&crash));
        assert_eq!(Journal::open(data.path()).unwrap().crashes(), [crash], "until it has run well");
        Journal::open(data.path()).unwrap().forgive(&block());
        assert_eq!(Journal::open(data.path()).unwrap().crashes(), []);
    }

    #[test]
    fn two_hosts_do_not_share_a_journal() {
        let data = tempfile::tempdir().unwrap();
        let _journal = Journal::open(data.path()).unwrap();
        assert!(Journal::open(data.path()).is_err());
    }
}
