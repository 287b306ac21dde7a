//! An installed block type: compiled, checked and linked once, so that a call only has to instantiate it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use blockhouse_fields::BlockDefinition;
use blockhouse_i18n::Catalogues;
use wasmtime::component::InstancePre;

use crate::exports::Exports;
use crate::state::State;
use crate::taped::Taped;

/// A block type that is ready to run. Cloning it is cheap.
pub struct BlockType<H: 'static> {
    inner: Arc<Inner<H>>,
}

pub(crate) struct Inner<H: 'static> {
    pub(crate) definition: Arc<BlockDefinition>,
    pub(crate) digest: String,
    pub(crate) exports: Exports,
    pub(crate) public: BTreeMap<String, String>,
    pub(crate) catalogues: Arc<Catalogues>,
    pub(crate) pre: InstancePre<State<Taped<H>>>,
}

impl<H> BlockType<H> {
    pub(crate) fn new(inner: Inner<H>) -> Self {
        Self { inner: Arc::new(inner) }
    }

    /// What the block says of itself.
    pub fn definition(&self) -> &Arc<BlockDefinition> {
        &self.inner.definition
    }

    /// SHA-256 of the package, in hex: the identity of this version.
    pub fn digest(&self) -> &str {
        &self.inner.digest
    }

    /// What the block can do.
    pub fn exports(&self) -> &Exports {
        &self.inner.exports
    }

    /// SHA-256 of a file of the package, in hex, by its path there: `public/…`. The file itself stays in the package.
    pub fn public(&self, path: &str) -> Option<&str> {
        self.inner.public.get(path).map(String::as_str)
    }

    pub(crate) fn catalogues(&self) -> &Arc<Catalogues> {
        &self.inner.catalogues
    }

    pub(crate) fn pre(&self) -> &InstancePre<State<Taped<H>>> {
        &self.inner.pre
    }
}

impl<H> Clone for BlockType<H> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone() }
    }
}

impl<H> fmt::Debug for BlockType<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BlockType")
            .field("name", &self.inner.definition.name)
            .field("version", &self.inner.definition.version)
            .field("digest", &self.inner.digest)
            .finish_non_exhaustive()
    }
}
