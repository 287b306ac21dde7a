//! How a package becomes a block type: checked, compiled, linked and asked what it is, once; and how one that was
//! installed before comes back from the disk when it is needed. Where and when that is done is the caller's.

use std::collections::BTreeMap;
use std::sync::Arc;

use blockhouse_i18n::{CatalogueError, Catalogues};
use wasmtime::component::{Component, InstancePre};

use crate::approval::Approval;
use crate::artifact::Loaded;
use crate::block_type::{BlockType, Inner};
use crate::check::{self, Rejected};
use crate::exports::Exports;
use crate::grants::NotGranted;
use crate::host::Host;
use crate::package::Package;
use crate::sandbox::Sandbox;
use crate::state::State;
use crate::taped::Taped;
use crate::{describe, imports, wasi};

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

/// A component that is ready to be instantiated.
type Linked<H> = (InstancePre<State<Taped<H>>>, Exports);

impl<H: Host> Sandbox<H> {
    /// Makes a block type of a package: checks it, compiles it or loads what was compiled before, links it, and
    /// compares what it says of itself with its manifest. What came of it is kept for [`restore`](Self::restore). Blocks
    /// the thread, for seconds where it has to compile.
    ///
    /// # Errors
    /// Says what is wrong with the package and who can mend it.
    pub fn install(&self, package: &Package) -> Result<BlockType<H>, InstallError> {
        let name = &package.definition.name;
        let limits = self.limits_of(name);
        let capabilities = check::component(&package.component, limits)?;
        self.grants.check(&package.definition, &capabilities)?;
        let catalogues = catalogues(&package.locales)?;
        let component = self.compiled(package)?;
        let (pre, exports) = self.linked(name, &component)?;
        let described = describe::definition(&self.engine, &component, &exports, limits)?;
        check::manifest(&package.definition, &described)?;
        let approval = Approval::new(package, described, &exports, capabilities, limits);
        self.artifacts.store_approval(&package.digest, &approval.to_bytes()).map_err(InstallError::Keep)?;
        Ok(block_type(approval, catalogues, pre, exports))
    }

    /// What was found when a package was installed, as long as nothing has changed on which that depends: this host's
    /// key, its version and its engine, what it grants, and that it allows no less than it did.
    pub fn approval(&self, digest: &str) -> Option<Approval> {
        let approval = Approval::from_bytes(&self.artifacts.approval(digest)?)?;
        let limits = self.limits_of(&approval.definition().name);
        approval.holds(digest, limits, &self.grants).then_some(approval)
    }

    /// A block type that was installed before, without its package. Blocks the thread for a few milliseconds. None when
    /// what was kept is missing or must not be used: then it has to be installed again.
    pub fn restore(&self, digest: &str) -> Option<BlockType<H>> {
        let approval = self.approval(digest)?;
        let name = &approval.definition().name;
        let component = self.artifact(name, approval.component_digest())?;
        let restored = catalogues(approval.locales()).map_err(InstallError::from).and_then(|catalogues| {
            let (pre, exports) = self.linked(name, &component)?;
            Ok((catalogues, pre, exports))
        });
        match restored {
            Ok((catalogues, pre, exports)) => Some(block_type(approval, catalogues, pre, exports)),
            Err(error) => {
                tracing::warn!(block = name, digest, %error, "installing again");
                None
            }
        }
    }

    /// Gives the component the imports that its type was granted, and nothing else.
    fn linked(&self, name: &str, component: &Component) -> Result<Linked<H>, InstallError> {
        let contract = |error: wasmtime::Error| InstallError::Contract(format!("{error:#}"));
        let mut linker = self.linker.clone();
        for capability in self.grants.of(name) {
            imports::link(&mut linker, *capability).map_err(contract)?;
        }
        wasi::link(&mut linker, &self.engine, component).map_err(contract)?;
        let pre = linker.instantiate_pre(component).map_err(contract)?;
        let exports = Exports::of(component, &pre).map_err(InstallError::Contract)?;
        Ok((pre, exports))
    }

    /// An artifact that is missing, stale or not ours costs a compilation, never more.
    fn compiled(&self, package: &Package) -> Result<Component, InstallError> {
        if let Some(component) = self.artifact(&package.definition.name, &package.component_digest) {
            return Ok(component);
        }
        let artifact = self.compilers.compile(&self.engine, &package.component)?;
        self.artifacts.store(&package.component_digest, &artifact).map_err(InstallError::Keep)?;
        match self.artifacts.load(&self.engine, &package.component_digest) {
            Loaded::Ready(component) => Ok(component),
            Loaded::Absent => Err(InstallError::Compile("the compiled component is gone again".to_owned())),
            Loaded::Unusable(reason) => Err(InstallError::Compile(reason)),
        }
    }

    /// What was compiled before, if it may be run.
    fn artifact(&self, name: &str, component_digest: &str) -> Option<Component> {
        match self.artifacts.load(&self.engine, component_digest) {
            Loaded::Ready(component) => Some(component),
            Loaded::Absent => None,
            Loaded::Unusable(reason) => {
                tracing::warn!(block = name, digest = component_digest, reason, "compiling again");
                None
            }
        }
    }
}

fn catalogues(locales: &BTreeMap<String, Arc<str>>) -> Result<Catalogues, CatalogueError> {
    Catalogues::new(locales.iter().map(|(locale, text)| (locale.as_str(), &**text)))
}

fn block_type<H>(
    approval: Approval,
    catalogues: Catalogues,
    pre: InstancePre<State<Taped<H>>>,
    exports: Exports,
) -> BlockType<H> {
    let (digest, definition, public) = approval.into_parts();
    let (definition, catalogues) = (Arc::new(definition), Arc::new(catalogues));
    BlockType::new(Inner { definition, digest, exports, public, catalogues, pre })
}
