//! The sandbox: what a process sets up once, and the installing of block types.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use blockhouse_i18n::{CatalogueError, Catalogues};
use wasmtime::Engine;
use wasmtime::component::{Component, Linker};

use crate::artifact::{ArtifactStore, Loaded};
use crate::block_type::{BlockType, Inner};
use crate::check::{self, Rejected};
use crate::compiler::{Compiler, Compilers};
use crate::describe;
use crate::exports::Exports;
use crate::fair_share::FairShare;
use crate::grants::{Grants, NotGranted};
use crate::host::Host;
use crate::limits::Limits;
use crate::package::Package;
use crate::permits::Permits;
use crate::state::State;
use crate::taped::Taped;
use crate::{engine, imports, slow_lane, wasi};

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

/// Why a package is no block type of this host.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// The component is not one that this host takes.
    #[error(transparent)]
    Rejected(#[from] Rejected),
    /// It wants what the operator did not grant.
    #[error(transparent)]
    NotGranted(#[from] NotGranted),
    /// wasmtime could not compile or link the component.
    #[error("the component does not compile: {0}")]
    Compile(String),
    /// It was still being compiled after the time that any honest component needs.
    #[error("the component was not compiled within {seconds} seconds; make it smaller")]
    TooLong {
        /// How long one may take.
        seconds: u64,
    },
    /// The compiling process has a problem of its own.
    #[error("the compiler does not work here: {0}")]
    Compiler(String),
    /// The compiled component cannot be kept.
    #[error("the compiled component cannot be kept: {0}; look at the directory of compiled components")]
    Keep(std::io::Error),
    /// A catalogue of its texts is not usable.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// An export is not as the contract has it.
    #[error("the component does not match the contract: {0}; build it against the WIT of this host")]
    Contract(String),
    /// The component gave no definition.
    #[error("the block does not describe itself: {0}")]
    Definition(String),
    /// The component and the manifest disagree.
    #[error(
        "the manifest says another `{0}` than the block itself; build the package again with `blockhouse build`"
    )]
    Manifest(&'static str),
}

impl InstallError {
    /// Whether another package would do better, on this same host.
    pub fn is_the_packages_fault(&self) -> bool {
        !matches!(self, Self::Compiler(_) | Self::Keep(_))
    }
}

/// Runs blocks. One per process.
pub struct Sandbox<H: 'static> {
    pub(crate) engine: Engine,
    limits: Arc<Limits>,
    limits_of: BTreeMap<String, Arc<Limits>>,
    grants: Grants,
    pub(crate) permits: Permits,
    pub(crate) slow_lane: Arc<FairShare>,
    linker: Linker<State<Taped<H>>>,
    artifacts: ArtifactStore,
    compilers: Compilers,
}

impl<H: Host> Sandbox<H> {
    /// Sets up the engine, its pool and the artifact store.
    ///
    /// # Errors
    /// When a setting is out of its range, or the machine or the directory is not usable.
    pub fn new(config: SandboxConfig) -> Result<Self, SandboxError> {
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
        let engine = engine::new(&pool, max_concurrent).map_err(SandboxError::Engine)?;
        let linker = imports::linker(&engine).map_err(SandboxError::Engine)?;
        let artifacts = ArtifactStore::open(artifacts.clone(), artifact_key, &engine)
            .map_err(|source| SandboxError::Artifacts { path: artifacts, source })?;
        let permits = Permits::new(max_concurrent, limits.queue());
        Ok(Self {
            engine,
            limits: Arc::new(limits),
            limits_of: limits_of.into_iter().map(|(name, limits)| (name, Arc::new(limits))).collect(),
            grants: Grants::default(),
            permits,
            slow_lane: slow_lane::new(),
            linker,
            artifacts,
            compilers: Compilers::new(compiler),
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

    /// Makes a block type of a package: checks it, compiles it or loads what was compiled before, links it, and
    /// compares what it says of itself with its manifest. Blocks the thread, for seconds where it has to compile.
    ///
    /// # Errors
    /// Says what is wrong with the package and who can mend it.
    pub fn install(&self, package: &Package) -> Result<BlockType<H>, InstallError> {
        let limits = self.limits_of(&package.definition.name);
        let capabilities = check::component(&package.component, limits)?;
        self.grants.check(&package.definition, &capabilities)?;
        let texts = package.locales.iter().map(|(locale, text)| (locale.as_str(), &**text));
        let catalogues = Catalogues::new(texts)?;
        let component = self.compiled(package)?;
        let mut linker = self.linker.clone();
        for capability in self.grants.of(&package.definition.name) {
            imports::link(&mut linker, *capability)
                .map_err(|error| InstallError::Contract(format!("{error:#}")))?;
        }
        wasi::link(&mut linker, &self.engine, &component)
            .map_err(|error| InstallError::Contract(format!("{error:#}")))?;
        let pre = linker
            .instantiate_pre(&component)
            .map_err(|error| InstallError::Contract(format!("{error:#}")))?;
        let exports = Exports::of(&component, &pre).map_err(InstallError::Contract)?;
        let described = describe::definition(&self.engine, &component, &exports, limits)?;
        check::manifest(&package.definition, &described)?;
        Ok(BlockType::new(Inner {
            definition: Arc::new(described),
            digest: package.digest.clone(),
            exports,
            public: package.public.clone(),
            catalogues: Arc::new(catalogues),
            pre,
        }))
    }

    /// An artifact that is missing, stale or not ours costs a compilation, never more.
    fn compiled(&self, package: &Package) -> Result<Component, InstallError> {
        match self.artifacts.load(&self.engine, &package.component_digest) {
            Loaded::Ready(component) => return Ok(component),
            Loaded::Absent => {}
            Loaded::Unusable(reason) => {
                tracing::warn!(
                    block = package.definition.name,
                    digest = package.component_digest,
                    reason,
                    "compiling again"
                );
            }
        }
        let artifact = self.compilers.compile(&package.component)?;
        self.artifacts.store(&package.component_digest, &artifact).map_err(InstallError::Keep)?;
        match self.artifacts.load(&self.engine, &package.component_digest) {
            Loaded::Ready(component) => Ok(component),
            Loaded::Absent => Err(InstallError::Compile("the compiled component is gone again".to_owned())),
            Loaded::Unusable(reason) => Err(InstallError::Compile(reason)),
        }
    }
}

impl<H> fmt::Debug for Sandbox<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox").field("limits", &self.limits).finish_non_exhaustive()
    }
}
