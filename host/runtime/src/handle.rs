//! The life of a handler call: admitted, resolved, prefetched, called, committed.

use std::sync::Arc;

use blockhouse_content::Version;
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::{Call, Output, Request, Response};
use blockhouse_state::{Event, EventKind, Score};

use crate::call::Stage;
use crate::commit::with_retries;
use crate::completion;
use crate::outbound::Sent;
use crate::submission::Submission;
use crate::{Runtime, RuntimeError, SubmissionKey, Visitor};

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
    /// The version of the draft that the caller has before them. What the handler writes into authored fields is kept
    /// only if that is still the newest; without it, the last one wins.
    pub based_on: Option<u64>,
}

/// What came of a call.
#[derive(Clone, Debug)]
pub struct Handled {
    /// The handler's answer.
    pub response: Response,
    /// The last score that the block published for itself, as it was published.
    pub score: Option<Score>,
    /// The last completion that the block published for itself.
    pub completion: Option<f64>,
    /// The number of the draft that came of it, where it set authored fields.
    pub draft: Option<u64>,
}

impl Runtime {
    /// Calls a handler. Everything that it wrote is stored before this returns, or nothing is.
    ///
    /// When somebody else's commit comes first, the handler is run again on fresh content and state; that is safe
    /// because a block has no other effects than its writes. What it sent to other servers, where it may, is not sent
    /// again.
    ///
    /// # Errors
    /// As [`Runtime::view`]; `Conflict` when it lost too many times in a row.
    pub async fn handle(&self, request: HandlerRequest) -> Result<Response, RuntimeError> {
        Ok(self.submit(request, None).await?.response)
    }

    /// The same, with what it published. With a key it happens only once: when a submission under this key was carried
    /// out before, its answer is given again and nothing is run.
    ///
    /// # Errors
    /// As [`Runtime::handle`]; `SubmissionKeyReused`; `AlreadySubmitted` when the answer is not known any more.
    #[tracing::instrument(skip_all, fields(usage = %request.usage, handler = request.handler))]
    pub async fn submit(
        &self,
        request: HandlerRequest,
        key: Option<SubmissionKey>,
    ) -> Result<Handled, RuntimeError> {
        let visitor = request.visitor.on(request.version);
        let sent = Arc::<Sent>::default();
        with_retries(|| async {
            sent.run_again();
            let admitted = self.admit(&visitor, &request.usage, request.version).await?;
            let resolved = self.resolve(&admitted).await?;
            let stage = Stage::Handler { receipts: key.is_some(), sent: Arc::clone(&sent) };
            let prefetched = self.prefetch(&visitor, &admitted, &resolved, stage).await?;
            let (usage, handler) = (resolved.root.usage(), &request.handler);
            let submission =
                key.clone().map(|key| Submission::new(key, &visitor.user, usage, handler, &request.request));
            let receipts =
                submission.as_ref().map(|submission| submission.receipts(&prefetched.scene.snapshot));
            if let Some((submission, receipts)) = submission.as_ref().zip(receipts.as_ref())
                && let Some(answer) = submission.earlier_answer(receipts)?
            {
                return Ok(Handled { response: answer, score: None, completion: None, draft: None });
            }
            let definition = resolved.root.block_type.definition();
            let mut called = if completion::is_ours(definition, &request.handler) {
                completion::answer(prefetched, &request.request)
            } else {
                let (name, request) = (request.handler.clone(), request.request.clone());
                self.call(prefetched, Call::Handle { name, request }).await?
            };
            if let Some((submission, receipts)) = submission.as_ref().zip(receipts)
                && let Output::Response(response) = &called.output
            {
                submission.sign(receipts, response, &mut called.changes);
            }
            let draft = self.author(&visitor, &admitted, &called, request.based_on).await?;
            let (score, completion) = published(&called.changes.events, &request.usage);
            let called = self.commit(&visitor, called).await?;
            match called.output {
                Output::Response(response) => Ok(Handled { response, score, completion, draft }),
                other => Err(called.block.wrong_output(&other)),
            }
        })
        .await
    }
}

/// The last score and completion that the block published for itself.
fn published(events: &[Event], usage: &UsageKey) -> (Option<Score>, Option<f64>) {
    events.iter().filter(|event| event.usage == *usage).fold((None, None), |(score, completion), event| {
        match &event.kind {
            EventKind::Grade(grade) => (Some(grade.score), completion),
            EventKind::Completion(fraction) => (score, Some(*fraction)),
            EventKind::Other(..) => (score, completion),
        }
    })
}
