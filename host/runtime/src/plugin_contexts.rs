//! Learning contexts that a plug-in answers for: a block type whose component exports `learning-context` (spec 6).
//!
//! The component is told a document and a question and nothing else, so it cannot confuse two contexts, and whatever it
//! answers is held against what the host knows: it may show blocks of other contexts only where they are among the
//! document's sources, which whoever saved the document was allowed to learn from, and it gives nobody more than to
//! learn.

mod inside;

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use async_trait::async_trait;
use blockhouse_content::{
    Access, AuthorFile, ContentError, ContextDocument, ContextKind, Definition, LearningContext, People,
    Person, Version,
};
use blockhouse_fields::UserId;
use blockhouse_keys::{LearningContextKey, PluginContextKey, UsageKey};
use blockhouse_sandbox::{
    BlockContent, BlockName, BlockType, Call, CallError, ContextAccess, ContextAnswer, ContextBlock,
    ContextPerson, ContextQuestion, Export, Output,
};
use lru::LruCache;

use crate::runtime::Inner;
use crate::{Mediator, Runtime, RuntimeError};

/// How many answers are kept, and how long one of them may be.
const KEPT: NonZeroUsize = NonZeroUsize::new(2_000).unwrap();
const KEPT_BYTES: usize = 16 * 1024;

/// Why a plug-in gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum PluginContextError {
    /// No block type of this name, or one that is no kind of learning context.
    #[error("no kind of learning context is installed for `{0}`; ask the operator to install its block type")]
    NoSuchKind(PluginContextKey),
    /// The plug-in could not be asked, or broke off.
    #[error(transparent)]
    Runtime(RuntimeError),
    /// It says what is wrong, mostly with the document.
    #[error("{0}")]
    Refused(String),
}

/// All kinds of learning contexts that are plug-ins.
pub(crate) struct PluginContexts {
    /// The runtime holds the kinds, so they must not hold it.
    runtime: Weak<Inner>,
}

impl PluginContexts {
    pub(crate) fn new(runtime: Weak<Inner>) -> Self {
        Self { runtime }
    }
}

#[async_trait]
impl ContextKind for PluginContexts {
    fn namespace(&self) -> &str {
        blockhouse_content::PLUGINS
    }

    async fn open(&self, key: &LearningContextKey) -> Result<Option<Arc<dyn LearningContext>>, ContentError> {
        let (LearningContextKey::Plugin(plugin), Some(inner)) = (key, self.runtime.upgrade()) else {
            return Ok(None);
        };
        let runtime = Runtime { inner };
        let kind = match runtime.context_kind(plugin).await {
            Ok(kind) => kind,
            Err(PluginContextError::NoSuchKind(_)) => return Err(ContentError::NoSuchKind(key.clone())),
            Err(error) => return Err(ContentError::Unavailable(Arc::new(error))),
        };
        let document = runtime.inner.parts.documents.document(plugin).await;
        let document = document.map_err(|error| ContentError::Unavailable(Arc::new(error)))?;
        Ok(document.map(|document| {
            let (key, plugin) = (key.clone(), plugin.clone());
            Arc::new(PluginContext { runtime, kind, key, plugin, document }) as Arc<dyn LearningContext>
        }))
    }
}

/// One context, with its document as it was when the request came.
struct PluginContext {
    runtime: Runtime,
    kind: BlockType<Mediator>,
    key: LearningContextKey,
    plugin: PluginContextKey,
    document: ContextDocument,
}

#[async_trait]
impl LearningContext for PluginContext {
    fn key(&self) -> &LearningContextKey {
        &self.key
    }

    async fn access(&self, user: &UserId, people: &dyn People, _: &UsageKey) -> Result<Access, ContentError> {
        let person = people.person(user).await?;
        let person = as_asked(&person, Some(&self.document));
        match self.ask(ContextQuestion::Access(person)).await? {
            ContextAnswer::Access(ContextAccess::Learn | ContextAccess::Edit) => Ok(Access::Learn),
            // OLX and fields belong to the sources' contexts, and so does the say in who may read them.
            _ => Ok(Access::None),
        }
    }

    async fn definition(&self, usage: &UsageKey, version: Version) -> Result<Arc<Definition>, ContentError> {
        if usage.context_key() != self.key {
            return Err(ContentError::NoSuchBlock(usage.clone()));
        }
        if version != Version::Published {
            return Err(ContentError::NoSuchVersion(usage.clone()));
        }
        let name =
            BlockName { block_type: usage.block_type().to_owned(), block_id: usage.block_id().to_owned() };
        let Some(block) = self.block(name).await? else {
            let inside = self.inside(usage).await?;
            return inside.map(Arc::new).ok_or_else(|| ContentError::NoSuchBlock(usage.clone()));
        };
        Ok(Arc::new(match self.defined(usage, &block).await {
            Ok(definition) => definition,
            Err(Undefined::Fault(reason)) => Definition::broken(usage, "document", reason),
            Err(Undefined::Content(error)) => return Err(error),
        }))
    }

    async fn file(
        &self,
        definition: &Definition,
        name: &str,
        most: usize,
    ) -> Result<Option<AuthorFile>, ContentError> {
        let Some(source) = &definition.source else { return Ok(None) };
        let context = self.runtime.inner.parts.contexts.open(&source.context_key()).await?;
        context.file(definition, name, most).await
    }

    async fn usages(&self) -> Result<Vec<UsageKey>, ContentError> {
        let ContextAnswer::Usages(names) = self.ask(ContextQuestion::Usages).await? else {
            return Ok(Vec::new());
        };
        Ok(names.iter().filter_map(|name| self.usage(name)).collect())
    }
}

/// Why a block has no definition.
enum Undefined {
    /// The plug-in's answer cannot be used. Its author reads why.
    Fault(String),
    /// A context behind it cannot say.
    Content(ContentError),
}

impl PluginContext {
    async fn ask(&self, question: ContextQuestion) -> Result<ContextAnswer, ContentError> {
        let answer = self.runtime.ask_context(&self.kind, &self.plugin, &self.document.document, question);
        answer.await.map_err(|error| ContentError::Unavailable(Arc::new(error)))
    }

    /// What is behind a name, from what was answered before where it was. The same document has the same blocks.
    async fn block(&self, name: BlockName) -> Result<Option<Arc<ContextBlock>>, ContentError> {
        let kept = &self.runtime.inner.kept_blocks;
        let key = (self.kind.digest().to_owned(), self.plugin.clone(), self.document.version, name.clone());
        if let Some(found) = kept.get(&key) {
            return Ok(found);
        }
        let ContextAnswer::Block(block) = self.ask(ContextQuestion::Block(name)).await? else {
            return Ok(None);
        };
        let block = block.map(Arc::new);
        kept.put(key, block.clone());
        Ok(block)
    }

    fn usage(&self, name: &BlockName) -> Option<UsageKey> {
        self.key.make_usage_key(&name.block_type, &name.block_id).ok()
    }

    /// The definition that an answer means.
    async fn defined(&self, usage: &UsageKey, block: &ContextBlock) -> Result<Definition, Undefined> {
        let content = match &block.content {
            BlockContent::Olx(olx) => {
                let tag = blockhouse_content::libraries::block_type_of(olx)
                    .map_err(|fault| Undefined::Fault(fault.to_string()))?;
                if tag != usage.block_type() {
                    return Err(Undefined::Fault(format!("the element of `{usage}` is a <{tag}>")));
                }
                Definition::of_element(usage, olx)
            }
            BlockContent::Source(source) => {
                let source = self.source(usage, source).await?;
                Definition { source: Some(source.usage.clone()), ..Definition::clone(&source) }
            }
        };
        let unnamed = |id: &str| Undefined::Fault(format!("`{id}` is no name of a block"));
        let children = match block.children.as_slice() {
            [] => {
                let inside = content.children.iter();
                let named = |child| {
                    self.inner_usage(usage.block_id(), child).ok_or_else(|| unnamed(child.block_id()))
                };
                inside.map(named).collect::<Result<_, _>>()?
            }
            names => {
                let named = |name: &BlockName| self.usage(name).ok_or_else(|| unnamed(&name.block_id));
                names.iter().map(named).collect::<Result<_, _>>()?
            }
        };
        let defined = Definition {
            usage: usage.clone(),
            children,
            parent: block.parent.as_ref().and_then(|name| self.usage(name)),
            display_name: block.display_name.clone().or(content.display_name),
            number: None,
            ..content
        };
        Ok(defined.overridden(block.overrides.iter().cloned().collect()))
    }

    /// A block of another context, as learners see it there.
    async fn source(&self, usage: &UsageKey, source: &str) -> Result<Arc<Definition>, Undefined> {
        let allowed = self.document.sources.iter().find(|allowed| allowed.as_str() == source);
        let Some(source) = allowed else {
            let reason =
                format!("`{source}` is not among the sources of this context; save its document again");
            return Err(Undefined::Fault(reason));
        };
        if source.block_type() != usage.block_type() {
            return Err(Undefined::Fault(format!("`{source}` is not of the type of `{usage}`")));
        }
        let context = self.runtime.inner.parts.contexts.open(&source.context_key()).await;
        let definition = match context {
            Ok(context) => context.definition(source, Version::Published).await,
            Err(error) => Err(error),
        };
        match definition {
            Ok(definition) => Ok(definition),
            Err(
                error @ (ContentError::NoSuchBlock(_)
                | ContentError::NoSuchContext(_)
                | ContentError::NoSuchVersion(_)),
            ) => Err(Undefined::Fault(format!("`{source}` cannot be shown: {error}"))),
            Err(error) => Err(Undefined::Content(error)),
        }
    }
}

impl Runtime {
    /// The block type that answers for contexts of this kind.
    ///
    /// # Errors
    /// There is none, or it cannot be loaded.
    pub(crate) async fn context_kind(
        &self,
        key: &PluginContextKey,
    ) -> Result<BlockType<Mediator>, PluginContextError> {
        let entry = self.inner.catalog.get(key.context_kind());
        let entry = entry.filter(|entry| entry.name == key.context_kind());
        match entry.filter(|entry| entry.exports.contains(&Export::LearningContext)) {
            Some(entry) => self.loaded(&entry).await.map_err(PluginContextError::Runtime),
            None => Err(PluginContextError::NoSuchKind(key.clone())),
        }
    }

    /// Asks a plug-in about a context with this document.
    ///
    /// # Errors
    /// [`PluginContextError::Refused`] in the plug-in's words; or it could not be asked.
    pub(crate) async fn ask_context(
        &self,
        kind: &BlockType<Mediator>,
        key: &PluginContextKey,
        document: &str,
        question: ContextQuestion,
    ) -> Result<ContextAnswer, PluginContextError> {
        let call = Call::Context { document: document.to_owned(), question };
        let mediator = Mediator::Unattended(LearningContextKey::Plugin(key.clone()));
        let finished = self.supervise(kind, call, mediator).await.map_err(PluginContextError::Runtime)?;
        match finished.result {
            Ok(Output::Context(answer)) => Ok(answer),
            Err(CallError::Failed(reason)) => Err(PluginContextError::Refused(reason)),
            Ok(other) => Err(self.context_failed(kind, CallError::BadOutput(format!("{other:?}")))),
            Err(source) => Err(self.context_failed(kind, source)),
        }
    }

    fn context_failed(&self, kind: &BlockType<Mediator>, source: CallError) -> PluginContextError {
        let block_type = kind.definition().name.clone();
        PluginContextError::Runtime(RuntimeError::ContextFailed { block_type, source })
    }
}

/// What a plug-in is told of a person.
pub(crate) fn as_asked(person: &Person, document: Option<&ContextDocument>) -> ContextPerson {
    let Person { account, active, staff, groups, .. } = person;
    let Some(account) = account.filter(|_| *active) else { return ContextPerson::default() };
    ContextPerson {
        registered: true,
        author: document.is_none_or(|document| document.author.account == account),
        staff: *staff,
        groups: groups.iter().cloned().collect(),
    }
}

/// By digest of the plug-in, context, version of its document, and name.
type KeptKey = (String, PluginContextKey, u64, BlockName);

/// Blocks that plug-ins have answered with.
pub(crate) struct KeptBlocks(Mutex<LruCache<KeptKey, Option<Arc<ContextBlock>>>>);

impl Default for KeptBlocks {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(KEPT)))
    }
}

impl KeptBlocks {
    fn get(&self, key: &KeptKey) -> Option<Option<Arc<ContextBlock>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn put(&self, key: KeptKey, block: Option<Arc<ContextBlock>>) {
        if block.as_ref().is_none_or(|block| block.bytes() <= KEPT_BYTES) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).put(key, block);
        }
    }
}
