//! Every call of a block's code passes here: it is refused to versions that are set aside, stands in the journal while it
//! runs, and is entered with its costs when it has ended.

use std::collections::{BTreeMap, BTreeSet};

use blockhouse_sandbox::{BlockType, Call, CallError, Finished, Limit};
use serde::Serialize;

use crate::costs::{BlockVersion, Costs, Ledger};
use crate::journal::{Crash, Journal};
use crate::quarantine::{CRASH, Quarantine, SetAside, Standing};
use crate::{Mediator, Runtime, RuntimeError};

/// What is known of the versions that run.
pub(crate) struct Supervisor {
    ledger: Ledger,
    quarantine: Quarantine,
    journal: Option<Journal>,
}

/// What an operator sees of one version.
#[derive(Clone, Debug, Serialize)]
pub struct BlockReport {
    /// Which version.
    #[serde(flatten)]
    pub block: BlockVersion,
    /// Whether it is the one that is called now.
    pub installed: bool,
    /// How it stands.
    pub standing: Standing,
    /// How often the host has ended while it ran, since it last ran well.
    pub crashes: u32,
    /// What it has cost since the host started.
    pub costs: Costs,
}

impl Supervisor {
    /// What ran when the last host ended counts from the start.
    pub(crate) fn new(journal: Option<Journal>, now_ms: u64) -> Self {
        let quarantine = Quarantine::default();
        for Crash { block, times, .. } in journal.iter().flat_map(Journal::crashes) {
            quarantine.failed(&block, CRASH.saturating_mul(times), now_ms);
        }
        Self { ledger: Ledger::default(), quarantine, journal }
    }

    /// How a version stands.
    pub(crate) fn standing(&self, block: &BlockVersion) -> Standing {
        self.quarantine.standing(block)
    }

    /// A version could not be loaded, so that a call of it failed before it began.
    pub(crate) fn failed_to_load(&self, block: &BlockVersion, now_ms: u64) {
        self.quarantine.failed(block, 1, now_ms);
    }
}

impl Runtime {
    /// Runs one call of a block's code.
    ///
    /// # Errors
    /// The version is set aside, or the host is busy. How the block fared is in what is returned.
    pub(crate) async fn supervise(
        &self,
        block_type: &BlockType<Mediator>,
        call: Call,
        mediator: Mediator,
    ) -> Result<Finished<Mediator>, RuntimeError> {
        let Supervisor { ledger, quarantine, journal } = &self.inner.supervisor;
        let (clock, block, entry) = (self.inner.parts.clock, BlockVersion::of(block_type), call.export());
        quarantine
            .admit(&block, clock())
            .map_err(|SetAside { until_ms }| RuntimeError::set_aside(&block.block_type, until_ms, clock()))?;
        let running = journal.as_ref().map(|journal| journal.begin(&block, &entry.to_string()));
        let sandbox = &self.inner.parts.sandbox;
        let mut finished = match self.inner.recordings.take(&block.block_type) {
            None => sandbox.run(block_type, call, mediator).await,
            Some(order) => {
                let (finished, recording) = sandbox.record(block_type, call, mediator).await;
                self.keep_recording(block_type, order, recording).await;
                finished
            }
        };
        drop(running);
        if finished.host.state_bytes() > self.limits_of(&block_type.definition().name).state_bytes {
            finished.result = finished.result.and(Err(CallError::OutOf(Limit::StateBytes)));
        }
        let version = &block_type.definition().version;
        ledger.enter(&block, version, entry, &finished.result, &finished.cost, clock());
        quarantine.ended(&block, finished.result.as_ref().err(), clock());
        match &finished.result {
            Err(CallError::Busy) => return Err(RuntimeError::Busy),
            Ok(_) => {
                if let Some(journal) = journal {
                    journal.forgive(&block);
                }
            }
            Err(_) => {}
        }
        Ok(finished)
    }

    /// All versions that are installed, were called, or have failed.
    pub fn block_reports(&self) -> Vec<BlockReport> {
        let Supervisor { ledger, quarantine, journal } = &self.inner.supervisor;
        let installed: BTreeMap<_, _> = self
            .inner
            .catalog
            .entries()
            .iter()
            .map(|found| (found.block_version(), found.version.clone()))
            .collect();
        let crashes = journal.as_ref().map(Journal::crashes).unwrap_or_default();
        let versions: BTreeSet<_> = installed
            .keys()
            .cloned()
            .chain(ledger.versions())
            .chain(quarantine.versions())
            .chain(crashes.iter().map(|crash| crash.block.clone()))
            .collect();
        versions
            .into_iter()
            .map(|block| {
                let found = installed.get(&block);
                let mut costs = ledger.of(&block);
                if let Some(version) = found {
                    costs.version.clone_from(version);
                }
                BlockReport {
                    installed: found.is_some(),
                    standing: quarantine.standing(&block),
                    crashes: crashes
                        .iter()
                        .filter(|crash| crash.block == block)
                        .map(|crash| crash.times)
                        .sum(),
                    costs,
                    block,
                }
            })
            .collect()
    }

    /// Lets a version run again that was set aside, and forgets its crashes. Returns whether it was set aside.
    pub fn release_block(&self, block: &BlockVersion) -> bool {
        let Supervisor { quarantine, journal, .. } = &self.inner.supervisor;
        if let Some(journal) = journal {
            journal.forgive(block);
        }
        quarantine.release(block)
    }
}
