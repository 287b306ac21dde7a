//! Calls that the operator wants recorded: so many of a block type, each in a file of its own, for `blockhouse replay`.
//! Nothing is recorded unasked, and nothing for ever.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use blockhouse_sandbox::{BlockType, Recording};
use tempfile::Builder;

use crate::costs::short;
use crate::{Mediator, Runtime, RuntimeError};

/// The most calls that are recorded for one asking.
pub const MOST_RECORDED: u32 = 100;

/// What the operator wants of one block type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordingOrder {
    /// How many calls more, [`MOST_RECORDED`] at most.
    pub calls: u32,
    /// Whether learners' data is taken out. Run again, such a recording may take another way.
    pub redacted: bool,
}

/// The open orders.
#[derive(Default)]
pub(crate) struct Recordings {
    /// Whether there are any, so that a call need not ask for the lock.
    any: AtomicBool,
    orders: Mutex<HashMap<String, RecordingOrder>>,
}

impl Recordings {
    fn orders(&self) -> MutexGuard<'_, HashMap<String, RecordingOrder>> {
        self.orders.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this call is to be recorded, and how.
    pub(crate) fn take(&self, block_type: &str) -> Option<RecordingOrder> {
        if !self.any.load(Ordering::Relaxed) {
            return None;
        }
        let mut orders = self.orders();
        let order = orders.get_mut(block_type)?;
        order.calls -= 1;
        let taken = *order;
        if taken.calls == 0 {
            orders.remove(block_type);
        }
        self.any.store(!orders.is_empty(), Ordering::Relaxed);
        Some(taken)
    }
}

impl Runtime {
    /// Records the next calls of a block type, in place of what was ordered for it before; none with 0.
    ///
    /// # Errors
    /// There is no such type here, or no directory for recordings.
    pub fn record_calls(&self, block_type: &str, order: RecordingOrder) -> Result<(), RuntimeError> {
        if self.policy().recordings.is_none() {
            return Err(RuntimeError::NoRecordings);
        }
        let found = self.inner.catalog.get(block_type);
        let found = found.ok_or_else(|| RuntimeError::NotInstalled { block_type: block_type.to_owned() })?;
        let calls = order.calls.min(MOST_RECORDED);
        let recordings = &self.inner.recordings;
        let mut orders = recordings.orders();
        match calls {
            0 => orders.remove(&found.name),
            _ => orders.insert(found.name.clone(), RecordingOrder { calls, ..order }),
        };
        recordings.any.store(!orders.is_empty(), Ordering::Relaxed);
        Ok(())
    }

    /// Writes a recording, on a thread that may wait for the disk. A call is not worse off because it cannot be written.
    pub(crate) async fn keep_recording(
        &self,
        block_type: &BlockType<Mediator>,
        order: RecordingOrder,
        recording: Recording,
    ) {
        let Some(directory) = self.policy().recordings.clone() else { return };
        let definition = block_type.definition();
        let recording = if order.redacted { recording.redacted(definition) } else { recording };
        let name = format!("{}-{}-", definition.name, short(block_type.digest()));
        let written = tokio::task::spawn_blocking(move || write(&directory, &name, &recording)).await;
        match written.map_err(std::io::Error::other).flatten() {
            Ok(path) => tracing::info!(path = %path.display(), "a call was recorded"),
            Err(error) => tracing::error!(%error, "a call could not be recorded"),
        }
    }
}

/// It may hold what a learner wrote, so nobody else on the machine reads it: a temporary file is its owner's alone.
fn write(directory: &Path, name: &str, recording: &Recording) -> std::io::Result<PathBuf> {
    std::fs::create_dir_all(directory)?;
    let mut file = Builder::new().prefix(name).suffix(".json").tempfile_in(directory)?;
    file.write_all(&recording.to_json().map_err(std::io::Error::other)?)?;
    let (_, path) = file.keep().map_err(|error| error.error)?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_calls_are_recorded_as_were_ordered() {
        let recordings = Recordings::default();
        assert_eq!(recordings.take("poll"), None);
        recordings.orders().insert("poll".to_owned(), RecordingOrder { calls: 2, redacted: true });
        recordings.any.store(true, Ordering::Relaxed);
        assert_eq!(recordings.take("html"), None);
        assert!(recordings.take("poll").is_some() && recordings.take("poll").is_some());
        assert_eq!(recordings.take("poll"), None);
        assert!(!recordings.any.load(Ordering::Relaxed));
    }
}
