//! The life of a handler call: admitted, resolved, prefetched, called, committed.

use blockhouse_keys::UsageKey;
use blockhouse_sandbox::{Call, Output, Request, Response};

use crate::call::Stage;
use crate::commit::with_retries;
use crate::{Runtime, RuntimeError, Visitor};

/// A call of a handler.
#[derive(Clone, Debug)]
pub struct HandlerRequest {
    /// Who calls.
    pub visitor: Visitor,
    /// Which block.
    pub usage: UsageKey,
    /// Which of its handlers.
    pub handler: String,
    /// With what.
    pub request: Request,
}

impl Runtime {
    /// Calls a handler. Everything that it wrote is stored before this returns, or nothing is.
    ///
    /// When somebody else's commit comes first, the handler is run again on fresh state; that is safe because a block
    /// has no other effects than its writes.
    ///
    /// # Errors
    /// As [`Runtime::view`]; `Conflict` when it lost too many times in a row.
    #[tracing::instrument(skip_all, fields(usage = %request.usage, handler = request.handler))]
    pub async fn handle(&self, request: HandlerRequest) -> Result<Response, RuntimeError> {
        let admitted = self.admit(&request.visitor, &request.usage)?;
        let resolved = self.resolve(&admitted).await?;
        let called = with_retries(|| async {
            let prefetched = self.prefetch(&request.visitor, &admitted, &resolved, Stage::Handler).await?;
            let call = Call::Handle { name: request.handler.clone(), request: request.request.clone() };
            let called = self.call(prefetched, call).await?;
            self.commit(&request.visitor, called).await
        })
        .await?;
        match called.output {
            Output::Response(response) => Ok(response),
            other => Err(called.block.wrong_output(&other)),
        }
    }
}
