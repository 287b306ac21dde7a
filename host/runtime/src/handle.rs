//! The life of a handler call: admitted, resolved, prefetched, called, committed.

use blockhouse_content::Version;
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
    /// Which version of it: the one that the view was rendered with (spec 3.4.7).
    pub version: Version,
    /// Which of its handlers.
    pub handler: String,
    /// With what.
    pub request: Request,
}

impl Runtime {
    /// Calls a handler. Everything that it wrote is stored before this returns, or nothing is.
    ///
    /// When somebody else's commit comes first, the handler is run again on fresh content and state; that is safe because a block
    /// has no other effects than its writes.
    ///
    /// # Errors
    /// As [`Runtime::view`]; `Conflict` when it lost too many times in a row.
    #[tracing::instrument(skip_all, fields(usage = %request.usage, handler = request.handler))]
    pub async fn handle(&self, request: HandlerRequest) -> Result<Response, RuntimeError> {
        let visitor = request.visitor.on(request.version);
        let called = with_retries(|| async {
            let admitted = self.admit(&visitor, &request.usage, request.version).await?;
            let resolved = self.resolve(&admitted).await?;
            let prefetched = self.prefetch(&visitor, &admitted, &resolved, Stage::Handler).await?;
            let call = Call::Handle { name: request.handler.clone(), request: request.request.clone() };
            let called = self.call(prefetched, call).await?;
            self.author(&visitor, &admitted, &called).await?;
            self.commit(&visitor, called).await
        })
        .await?;
        match called.output {
            Output::Response(response) => Ok(response),
            other => Err(called.block.wrong_output(&other)),
        }
    }
}
