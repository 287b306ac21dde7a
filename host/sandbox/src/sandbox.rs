//! The sandbox: what a process sets up once.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use wasmtime::Engine;
use wasmtime::component::Linker;

use crate::artifact::ArtifactStore;
use crate::compiler::{Compiler, Compilers};
use crate::debts::Debts;
use crate::fair_share::FairShare;
use crate::grants::Grants;
use crate::host::Host;
use crate::limits::Limits;
use crate::permits::Permits;
use crate::state::State;
use crate::taped::Taped;
use crate::{engine, imports, slow_lane};

/// How to set up a sandbox.
pub struct SandboxConfig {
    /// The directory for compiled components. It is made private to this user.
    pub artifacts: PathBuf,
    /// The secret with which compiled components are authenticated. Whoever knows it can make the host run any
    /// machine code.
    pub artifact_key: [u8; 32],
    /// Who makes them.
    pub compiler: Compiler,
    /// The limits of each call.
    pub limits: Limits,
    /// Those of block types that have others, by the name of the type.
    pub limits_of: BTreeMap<String, Limits>,
    /// How many calls may run at once, not counting children that are rendered inside a call. At least 1.
    pub max_concurrent: usize,
}

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A setting cannot work.
    #[error("`{key}` must be {must}")]
    Setting {
        /// The setting.
        key: &'static str,
        /// What it has to be.
        must: String,
    },
    /// wasmtime does not run on this machine.
    #[error("wasmtime cannot run here: {0:#}")]
    Engine(wasmtime::Error),
    /// The directory for compiled components is not usable.
    #[error("cannot use the artifact directory {}: {source}; make it writable or configure another one", path.display())]
    Artifacts {
        /// The directory.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

/// Runs blocks. One per process.
pub struct Sandbox<H: 'static> {
    pub(crate) engine: Engine,
    /// Whether calls have limits at all; see `unlimited.rs`.
    pub(crate) is_limited: bool,
    /// Places of the pool, each for one instance of a block.
    pub(crate) most_instances: usize,
    pub(crate) limits: Arc<Limits>,
    pub(crate) limits_of: BTreeMap<String, Arc<Limits>>,
    pub(crate) grants: Grants,
    pub(crate) permits: Permits,
    pub(crate) slow_lane: Arc<FairShare>,
    pub(crate) debts: Arc<Debts>,
    pub(crate) linker: Linker<State<Taped<H>>>,
    pub(crate) artifacts: Arc<ArtifactStore>,
    pub(crate) compilers: Arc<Compilers>,
}

impl<H: Host> Sandbox<H> {
    /// Sets up the engine, its pool and the artifact store.
    ///
    /// # Errors
    /// When a setting is out of its range, or the machine or the directory is not usable.
    pub fn new(config: SandboxConfig) -> Result<Self, SandboxError> {
        Self::limited(config, true)
    }

    pub(crate) fn limited(config: SandboxConfig, is_limited: bool) -> Result<Self, SandboxError> {
        let SandboxConfig { artifacts, artifact_key, compiler, limits, limits_of, max_concurrent } = config;
        let in_range = |key, value: usize, most: usize| match (1..=most).contains(&value) {
            true => Ok(()),
            false => Err(SandboxError::Setting { key, must: format!("between 1 and {most}") }),
        };
        in_range("max_concurrent", max_concurrent, 10_000)?;
        for limits in limits_of.values().chain([&limits]) {
            in_range("memory_bytes", limits.memory_bytes, Limits::MOST_MEMORY)?;
        }
        let pool = limits_of.values().fold(limits.clone(), |pool, limits| pool.at_least(limits));
        let engine = engine::new(&pool, max_concurrent, is_limited).map_err(SandboxError::Engine)?;
        let linker = imports::linker(&engine).map_err(SandboxError::Engine)?;
        let artifacts = ArtifactStore::open(artifacts.clone(), artifact_key, &engine)
            .map_err(|source| SandboxError::Artifacts { path: artifacts, source })?;
        let permits = Permits::new(max_concurrent, limits.queue());
        Ok(Self {
            engine,
            is_limited,
            most_instances: engine::places(max_concurrent),
            limits: Arc::new(limits),
            limits_of: limits_of.into_iter().map(|(name, limits)| (name, Arc::new(limits))).collect(),
            grants: Grants::default(),
            permits,
            slow_lane: slow_lane::new(),
            debts: Arc::new(Debts::new(slow_lane::processors())),
            linker,
            artifacts: Arc::new(artifacts),
            compilers: Arc::new(Compilers::new(compiler)),
        })
    }

    /// The same sandbox with other grants than the default ones. They hold for what is installed afterwards.
    #[must_use]
    pub fn granting(self, grants: Grants) -> Self {
        Self { grants, ..self }
    }

    /// What the operator granted.
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// The engine, for whoever wants to compare a call with what it costs without a host around it.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// The limits of each call of a block type.
    pub fn limits_of(&self, block_type: &str) -> &Arc<Limits> {
        self.limits_of.get(block_type).unwrap_or(&self.limits)
    }
}

impl<H> fmt::Debug for Sandbox<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("limits", &self.limits).finish_non_exhaustive()
    }
}
