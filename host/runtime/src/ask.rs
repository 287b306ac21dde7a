//! What a block tells programs of itself, outside of any view: for a search index, or for a front end that shows no HTML.

use blockhouse_content::Version;
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::{Call, Output};
use serde_json::Value;

use crate::call::Stage;
use crate::{Runtime, RuntimeError, View, Visitor};

/// What to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// What a search index should know (spec 2.16).
    Index,
    /// The content as JSON, the same for every learner (spec 2.16).
    StudentViewData,
}

impl Runtime {
    /// Asks a block. `None` when it has no answer to such a question, or its type is not installed. Nothing that it
    /// writes meanwhile is kept.
    ///
    /// # Errors
    /// The block or its context does not exist or is not for this visitor; it failed.
    #[tracing::instrument(skip_all, fields(usage = %usage, question = ?question))]
    pub async fn ask(
        &self,
        visitor: &Visitor,
        usage: &UsageKey,
        version: Version,
        question: Question,
    ) -> Result<Option<Value>, RuntimeError> {
        let visitor = visitor.on(version);
        let admitted = self.admit(&visitor, usage, version).await?;
        let resolved = match self.resolve(&admitted).await {
            Err(RuntimeError::NotInstalled { .. }) => return Ok(None),
            resolved => resolved?,
        };
        let call = match question {
            Question::Index => Call::Index,
            Question::StudentViewData => Call::StudentViewData,
        };
        if !resolved.root.block_type.exports().has(call.export()) {
            return Ok(None);
        }
        let stage = Stage::View(View::Student);
        let prefetched = self.prefetch(&visitor, &admitted, &resolved, stage).await?;
        let called = self.call(prefetched, call).await?;
        match &called.output {
            Output::Json(text) => {
                serde_json::from_str(text).map(Some).map_err(|_| called.block.wrong_output(&called.output))
            }
            other => Err(called.block.wrong_output(other)),
        }
    }
}
