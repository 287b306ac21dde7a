//! One call of one block: instantiate, run, and see what came of it.

use std::sync::Arc;

use blockhouse_sandbox::{Call, Output};

use crate::changes::Changes;
use crate::mediate::{BlockMediator, Mediator};
use crate::outbound::Sent;
use crate::prefetch::Prefetched;
use crate::resolve::Loaded;
use crate::{Runtime, RuntimeError, View};

/// What kind of call is running.
#[derive(Clone, Debug)]
pub(crate) enum Stage {
    /// A view; children are rendered in the same one.
    View(View),
    /// A handler; events are taken.
    Handler {
        /// Whether it is to happen once only, so that what was answered before has to be known.
        receipts: bool,
        /// What it has sent to other servers.
        sent: Arc<Sent>,
    },
    /// A block is told of a reset.
    Reset,
}

/// A call that ended well.
pub(crate) struct Called {
    pub(crate) block: Arc<Loaded>,
    pub(crate) output: Output,
    pub(crate) changes: Changes,
    /// Whether anybody would have been answered the same.
    pub(crate) for_everybody: bool,
    pub(crate) now_ms: u64,
}

impl Runtime {
    pub(crate) async fn call(&self, prefetched: Prefetched, call: Call) -> Result<Called, RuntimeError> {
        let Prefetched { scene } = prefetched;
        let block = Arc::clone(&scene.resolved.root);
        let now_ms = scene.now_ms;
        let (output, changes) = self.run(BlockMediator::new(scene, Arc::clone(&block), 0), call).await?;
        let for_everybody = !changes.personal;
        Ok(Called { block, output, changes, for_everybody, now_ms })
    }

    /// Runs one block, the root or a child. Of a call that fails, no change is left.
    pub(crate) async fn run(
        &self,
        mediator: BlockMediator,
        call: Call,
    ) -> Result<(Output, Changes), RuntimeError> {
        let block = Arc::clone(&mediator.place.block);
        let finished = self.supervise(&block.block_type, call, Mediator::Block(Box::new(mediator))).await?;
        let name = &block.block_type.definition().name;
        match finished.result {
            Ok(output) => Ok((output, finished.host.into_changes())),
            Err(source) => {
                tracing::warn!(usage = %block.usage(), block_type = name, error = %source, "block failed");
                Err(RuntimeError::BlockFailed {
                    usage: block.usage().clone(),
                    block_type: block.definition.block_type.clone(),
                    source,
                })
            }
        }
    }
}
