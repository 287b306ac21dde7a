//! Blocks inside of a block that a plug-in shows from another context. The plug-in names the outermost one only; those
//! inside are called by its name, a hyphen, and what they are called where they come from: `week-1-intro`.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use blockhouse_content::{ContentError, Definition, LearningContext, Version};
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::{BlockContent, ContextAnswer, ContextQuestion};

use super::PluginContext;

/// The most blocks that are looked at to find one.
const MOST: usize = 1_000;

/// A block inside, and the block that it stands in, as they are where they come from.
struct Found {
    parent: UsageKey,
    definition: Arc<Definition>,
}

impl PluginContext {
    /// What somebody inside of a block with this name is called here; none: it cannot be a key.
    pub(super) fn inner_usage(&self, outermost: &str, inner: &UsageKey) -> Option<UsageKey> {
        let id = format!("{outermost}-{}", inner.block_id());
        self.key.make_usage_key(inner.block_type(), &id).ok()
    }

    /// The block inside that a key means; none: there is none.
    pub(super) async fn inside(&self, usage: &UsageKey) -> Result<Option<Definition>, ContentError> {
        let ContextAnswer::Usages(names) = self.ask(ContextQuestion::Usages).await? else { return Ok(None) };
        for name in names {
            let rest = usage.block_id().strip_prefix(name.block_id.as_str());
            let Some(id) = rest.and_then(|rest| rest.strip_prefix('-')) else { continue };
            let Some(block) = self.block(name.clone()).await? else { continue };
            let BlockContent::Source(source) = &block.content else { continue };
            // One whose children the plug-in names shows those and no others.
            let Some(top) = self.document.sources.iter().find(|allowed| allowed.as_str() == source) else {
                continue;
            };
            if !block.children.is_empty() {
                continue;
            }
            let Some(Found { parent, definition }) = find(self, top, usage.block_type(), id).await? else {
                continue;
            };
            let parent = match parent == *top {
                true => self.usage(&name),
                false => self.inner_usage(&name.block_id, &parent),
            };
            let children = definition.children.iter();
            return Ok(Some(Definition {
                usage: usage.clone(),
                source: Some(definition.usage.clone()),
                children: children.filter_map(|child| self.inner_usage(&name.block_id, child)).collect(),
                parent,
                number: None,
                ..Definition::clone(&definition)
            }));
        }
        Ok(None)
    }
}

/// Looks below a block for one with this type and name, the nearest first.
async fn find(
    shown_in: &PluginContext,
    top: &UsageKey,
    block_type: &str,
    id: &str,
) -> Result<Option<Found>, ContentError> {
    let context = shown_in.runtime.inner.parts.contexts.open(&top.context_key()).await?;
    let (mut seen, mut waiting) = (HashSet::new(), VecDeque::from([top.clone()]));
    while let Some(parent) = waiting.pop_front() {
        let Some(definition) = published(&*context, &parent).await? else { continue };
        for child in &definition.children {
            if child.block_type() == block_type && child.block_id() == id {
                let found = published(&*context, child).await?;
                return Ok(found.map(|definition| Found { parent, definition }));
            }
            if seen.len() < MOST && seen.insert(child.clone()) {
                waiting.push_back(child.clone());
            }
        }
    }
    Ok(None)
}

/// A definition, if learners see it.
async fn published(
    context: &dyn LearningContext,
    usage: &UsageKey,
) -> Result<Option<Arc<Definition>>, ContentError> {
    match context.definition(usage, Version::Published).await {
        Ok(definition) => Ok(Some(definition)),
        Err(ContentError::NoSuchBlock(_) | ContentError::NoSuchVersion(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
