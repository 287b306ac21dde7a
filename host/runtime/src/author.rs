//! Authored fields that a handler set become the block's new draft (spec 3.4.4).

use std::collections::BTreeMap;

use blockhouse_content::olx::{self, OlxBlock, OlxFields};
use blockhouse_content::{ContentError, Edit};
use blockhouse_sandbox::{Call, CallError, Export, Output};
use serde_json::Value;

use crate::call::Called;
use crate::changes::AuthoredChanges;
use crate::mediate::today;
use crate::resolve::{Admitted, Loaded};
use crate::{Mediator, Runtime, RuntimeError, Visitor};

impl Runtime {
    /// Comes before the commit: when somebody else's draft came first, the call is run again and no state was written.
    /// Not where the caller says on which draft the call is based: then it is theirs to look at what has changed.
    /// Gives the number of the new draft.
    pub(crate) async fn author(
        &self,
        visitor: &Visitor,
        admitted: &Admitted,
        called: &Called,
        based_on: Option<u64>,
    ) -> Result<Option<u64>, RuntimeError> {
        if called.changes.authored.is_empty() {
            return Ok(None);
        }
        let edit = Edit {
            usage: called.block.usage().clone(),
            author: visitor.user.clone(),
            based_on: based_on.or(called.block.definition.number),
            olx: self.write_olx(&called.block, &called.changes.authored).await?,
            now_ms: called.now_ms,
        };
        match admitted.context.save(edit).await {
            Ok(number) => Ok(Some(number)),
            Err(ContentError::Stale { .. }) if based_on.is_none() => Err(RuntimeError::Conflict),
            Err(error) => Err(error.into()),
        }
    }

    /// The block's element with some fields changed.
    pub(crate) async fn write_olx(
        &self,
        block: &Loaded,
        changes: &AuthoredChanges,
    ) -> Result<String, RuntimeError> {
        let mut values: BTreeMap<String, Value> = block
            .authored
            .iter()
            .filter(|(name, _)| !block.definition.overrides.contains_key(*name))
            .filter_map(|(name, json)| Some((name.clone(), serde_json::from_str(json).ok()?)))
            .collect();
        for (name, json) in changes {
            match json.as_ref().and_then(|json| serde_json::from_str(json).ok()) {
                Some(value) => values.insert(name.clone(), value),
                None => values.remove(name),
            };
        }
        if block.block_type.exports().has(Export::Olx) {
            return self.written_by_block(block, &values).await;
        }
        let definition = block.block_type.definition();
        let element = OlxBlock {
            block_type: block.definition.block_type.clone(),
            fields: OlxFields { values, warnings: Vec::new() },
            children: Vec::new(),
        };
        let broken = |reason| RuntimeError::BrokenContent { usage: block.usage().clone(), reason };
        let written = olx::write(&|_| Some(definition), &element, today((self.inner.parts.clock)()))
            .map_err(|error| broken(error.to_string()))?;
        if block.definition.children.is_empty() {
            return Ok(written);
        }
        // What the block includes is not a matter of its fields (spec 7.2.5).
        olx::with_children_of(&written, &block.definition.olx).map_err(|error| broken(error.to_string()))
    }

    async fn written_by_block(
        &self,
        block: &Loaded,
        values: &BTreeMap<String, Value>,
    ) -> Result<String, RuntimeError> {
        let call = Call::WriteOlx {
            element: block.definition.olx.to_string(),
            fields: serde_json::json!(values).to_string(),
        };
        let unattended = Mediator::Unattended(block.usage().context_key());
        let finished = self.inner.parts.sandbox.run(&block.block_type, call, unattended).await;
        match finished.result {
            Ok(Output::Text(olx)) => Ok(olx),
            Ok(other) => Err(block.wrong_output(&other)),
            Err(CallError::NotExported(_)) => Err(RuntimeError::Content(ContentError::NotEditable(
                "this block reads its OLX itself and does not write it; edit its OLX instead",
            ))),
            Err(CallError::Busy) => Err(RuntimeError::Busy),
            Err(source) => Err(RuntimeError::BlockFailed {
                usage: block.usage().clone(),
                block_type: block.definition.block_type.clone(),
                source,
            }),
        }
    }
}
