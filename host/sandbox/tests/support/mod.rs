//! What the sandbox's tests share: guests made of `tests/guests/*.wat`, a host that remembers what was asked of it, and
//! a sandbox in a directory of its own.
#![allow(dead_code, unused_imports, unreachable_pub, reason = "each test binary uses another part")]

pub mod attack;
pub mod guest;
pub mod host;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use blockhouse_sandbox::{BlockType, Compiler, Finished, InstallError, Limits, Sandbox, SandboxConfig};
use tempfile::TempDir;

pub use attack::{ATTACKS, Attack};
pub use host::{Child, Recorder, view};

/// The reason why a test's limits are short: a loop that is stopped after a second makes a slow test.
pub fn limits() -> Limits {
    Limits { cpu_ms: 100, wall_ms: 5_000, memory_bytes: 32 << 20, ..Limits::default() }
}

pub struct Bench {
    pub sandbox: Arc<Sandbox<Recorder>>,
    pub directory: TempDir,
}

impl Bench {
    pub fn new(limits: Limits) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let sandbox = Arc::new(Sandbox::new(config(directory.path().to_owned(), limits)).unwrap());
        Self { sandbox, directory }
    }

    /// A bench for attacks: with limits that they soon run into, and what they ask for granted.
    pub fn under_attack() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let sandbox = Sandbox::new(config(directory.path().to_owned(), attack::limits())).unwrap();
        Self { sandbox: Arc::new(sandbox.granting(attack::grants())), directory }
    }

    /// Attacks once.
    pub async fn attack(&self, attack: &Attack) -> Finished<Recorder> {
        let block = self.sandbox.install(&attack.package()).unwrap();
        self.sandbox.run(&block, attack.call(), attack.host("hostile")).await
    }

    pub fn install(&self, name: &str) -> BlockType<Recorder> {
        self.try_install(name).unwrap()
    }

    pub fn try_install(&self, name: &str) -> Result<BlockType<Recorder>, InstallError> {
        self.sandbox.install(&guest::package(name))
    }

    pub async fn render(&self, block: &BlockType<Recorder>) -> Finished<Recorder> {
        self.render_with(block, Recorder::default()).await
    }

    pub async fn render_with(&self, block: &BlockType<Recorder>, host: Recorder) -> Finished<Recorder> {
        self.sandbox.run(block, view(), host).await
    }
}

pub fn config(artifacts: PathBuf, limits: Limits) -> SandboxConfig {
    SandboxConfig {
        artifacts,
        artifact_key: [7; 32],
        compiler: Compiler::ThisProcess,
        limits,
        limits_of: BTreeMap::new(),
        max_concurrent: 4,
    }
}
