//! Which blocks a request is about: the learning context says yes, definitions are loaded, types looked up.

use std::collections::HashMap;
use std::sync::Arc;

use blockhouse_content::{Access, Definition, LearningContext, Version};
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::{BlockType, Export, Output};

use crate::authored::Authored;
use crate::{Mediator, Runtime, RuntimeError, Visitor};

/// How many blocks one request may involve.
const MAX_TREE: usize = 1000;

/// A block that the visitor may see.
pub(crate) struct Admitted {
    pub(crate) context: Arc<dyn LearningContext>,
    pub(crate) access: Access,
    pub(crate) version: Version,
    pub(crate) definition: Arc<Definition>,
}

/// A block that can be run.
pub(crate) struct Loaded {
    pub(crate) version: Version,
    pub(crate) definition: Arc<Definition>,
    pub(crate) block_type: BlockType<Mediator>,
    pub(crate) authored: Arc<Authored>,
}

impl Loaded {
    pub(crate) fn usage(&self) -> &UsageKey {
        &self.definition.usage
    }

    /// The sandbox answers a call with the output of its kind; anything else is a defect of the host.
    pub(crate) fn wrong_output(&self, output: &Output) -> RuntimeError {
        RuntimeError::BlockFailed {
            usage: self.usage().clone(),
            block_type: self.definition.block_type.clone(),
            source: blockhouse_sandbox::CallError::BadOutput(format!("{output:?}")),
        }
    }
}

/// The block that was asked for, and all below it. A child that cannot be run does not hinder the others.
pub(crate) struct Resolved {
    pub(crate) root: Arc<Loaded>,
    pub(crate) descendants: HashMap<UsageKey, Result<Arc<Loaded>, RuntimeError>>,
}

impl Resolved {
    pub(crate) fn has_public_view(&self) -> bool {
        self.root.block_type.exports().has(Export::PublicView)
    }

    pub(crate) fn runnable(&self) -> impl Iterator<Item = &Arc<Loaded>> {
        std::iter::once(&self.root).chain(self.descendants.values().filter_map(|child| child.as_ref().ok()))
    }
}

impl Runtime {
    /// Learners see the published version and no other (spec 3.4.6). Whether a block exists is told only to those who
    /// may see it.
    pub(crate) async fn admit(
        &self,
        visitor: &Visitor,
        usage: &UsageKey,
        version: Version,
    ) -> Result<Admitted, RuntimeError> {
        let parts = &self.inner.parts;
        let context = parts.contexts.open(&usage.context_key()).await?;
        let access = context.access(&visitor.user, &*parts.people, usage).await?;
        let needed = if version == Version::Published { Access::Learn } else { Access::Read };
        if access < needed {
            return Err(RuntimeError::Forbidden(usage.clone()));
        }
        let definition = context.definition(usage, version).await?;
        Ok(Admitted { context, access, version, definition })
    }

    pub(crate) async fn resolve(&self, admitted: &Admitted) -> Result<Arc<Resolved>, RuntimeError> {
        let root = self.load(Arc::clone(&admitted.definition), admitted.version).await?;
        let version = admitted.version.of_children();
        let mut descendants = HashMap::new();
        let mut waiting = root.definition.children.clone();
        while let Some(usage) = waiting.pop() {
            if descendants.len() == MAX_TREE || descendants.contains_key(&usage) {
                continue;
            }
            let child = match admitted.context.definition(&usage, version).await {
                Ok(definition) => {
                    waiting.extend(definition.children.iter().cloned());
                    self.load(definition, version).await
                }
                Err(error) => Err(error.into()),
            };
            descendants.insert(usage, child);
        }
        Ok(Arc::new(Resolved { root, descendants }))
    }

    pub(crate) async fn load(
        &self,
        definition: Arc<Definition>,
        version: Version,
    ) -> Result<Arc<Loaded>, RuntimeError> {
        if let Some(fault) = &definition.fault {
            let usage = definition.usage.clone();
            return Err(RuntimeError::BrokenContent { usage, reason: fault.to_string() });
        }
        let block_type = self.block_type(&definition).await?;
        let authored = self.authored(&definition, &block_type).await?;
        Ok(Arc::new(Loaded { version, definition, block_type, authored }))
    }
}
