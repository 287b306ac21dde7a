//! The runtime's parts, and what may be asked of them without running a block.

use std::collections::HashMap;
use std::sync::Arc;

use blockhouse_content::libraries::{Libraries, LibraryContexts};
use blockhouse_content::{
    ContentError, ContentStore, Definition, Documents, ImportedContexts, LearningContexts, People, Recent,
    Version,
};
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::{Export, Grants, Limits, Sandbox};
use blockhouse_state::{AuthorReset, AuthorStore, BlockRef, LearnerStore, Score, StateError, StateStore};

use crate::authored::AuthoredCache;
use crate::catalog::Catalog;
use crate::install::TakenUp;
use crate::kept_views::KeptViews;
use crate::load::LoadedTypes;
use crate::outbound::Outbound;
use crate::plugin_contexts::{KeptBlocks, PluginContexts};
use crate::recordings::Recordings;
use crate::resolve::Admitted;
use crate::supervise::Supervisor;
use crate::{BlockInfo, Entry, Journal, Mediator, Policy, RuntimeError, Urls, Visitor};

/// The namespaces of contexts that can be imported.
const IMPORTED: [&str; 2] = ["course-v1", "library-v1"];

/// How many bytes of packages' files for browsers are kept. Browsers keep each of them, too, and ask for it once.
const KEPT_FILE_BYTES: usize = 16 << 20;

/// What a runtime is made of.
pub struct Parts {
    /// Runs the blocks.
    pub sandbox: Sandbox<Mediator>,
    /// What was imported.
    pub content: Arc<ContentStore>,
    /// The kinds of learning contexts besides. Of namespaces that none of them has, what was imported is served.
    pub contexts: LearningContexts,
    /// Libraries that are written here.
    pub libraries: Libraries,
    /// What was written for learning contexts of plug-ins.
    pub documents: Documents,
    /// Who is who.
    pub people: Arc<dyn People>,
    /// The state of registered learners.
    pub learners: Arc<dyn LearnerStore>,
    /// The state of visitors without an account.
    pub visitors: Arc<dyn StateStore>,
    /// What authors do in their previews.
    pub authors: Arc<dyn AuthorStore>,
    /// How addresses look.
    pub urls: Arc<dyn Urls>,
    /// What the platform allows.
    pub policy: Policy,
    /// Where it stands which blocks are running; none where nobody would read it.
    pub journal: Option<Journal>,
    /// Makes learners' pseudonyms. Changing it gives everybody another one.
    pub pseudonym_key: [u8; 32],
    /// The host's clock: milliseconds since 1970.
    pub clock: fn() -> u64,
}

/// Who can be served now.
#[derive(Debug)]
pub struct Readiness {
    /// Registered learners and authors.
    pub learners: Result<(), StateError>,
    /// Content libraries.
    pub libraries: Result<(), ContentError>,
    /// Visitors without an account.
    pub visitors: Result<(), StateError>,
}

/// Runs blocks for visitors. Cheap to clone; clones are the same runtime.
#[derive(Clone)]
pub struct Runtime {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) parts: Parts,
    pub(crate) catalog: Catalog,
    pub(crate) loaded: LoadedTypes,
    pub(crate) kept_files: Recent<(String, String), Arc<[u8]>>,
    pub(crate) authored: AuthoredCache,
    pub(crate) kept_views: KeptViews,
    pub(crate) kept_blocks: KeptBlocks,
    pub(crate) recordings: Recordings,
    pub(crate) supervisor: Supervisor,
    pub(crate) taken_up: TakenUp,
    pub(crate) outbound: Outbound,
}

impl Runtime {
    /// A runtime with no block installed.
    pub fn new(mut parts: Parts) -> Self {
        let supervisor = Supervisor::new(parts.journal.take(), (parts.clock)());
        let libraries = LibraryContexts::new(
            parts.libraries.clone(),
            Arc::clone(&parts.people),
            Arc::clone(&parts.content),
        );
        // A namespace that is taken has a kind of its own.
        let _ = parts.contexts.register(Arc::new(libraries));
        for namespace in IMPORTED {
            let imported = ImportedContexts::new(namespace, Arc::clone(&parts.content));
            let _ = parts.contexts.register(Arc::new(imported));
        }
        let inner = Arc::new_cyclic(|inner| {
            let _ = parts.contexts.register(Arc::new(PluginContexts::new(inner.clone())));
            Inner {
                kept_views: KeptViews::new(parts.policy.kept_view_bytes),
                kept_blocks: KeptBlocks::default(),
                kept_files: Recent::new(KEPT_FILE_BYTES),
                loaded: LoadedTypes::new(parts.policy.loaded_block_types),
                recordings: Recordings::default(),
                parts,
                catalog: Catalog::default(),
                authored: AuthoredCache::default(),
                supervisor,
                taken_up: TakenUp::default(),
                outbound: Outbound::default(),
            }
        });
        Self { inner }
    }

    /// Which capabilities block types have.
    pub fn grants(&self) -> &Grants {
        self.inner.parts.sandbox.grants()
    }

    /// The capabilities of one block type, for people.
    pub fn granted_to(&self, block_type: &str) -> String {
        blockhouse_sandbox::listed(self.grants().of(block_type))
    }

    /// What a block type may use.
    pub fn limits_of(&self, block_type: &str) -> &Limits {
        self.inner.parts.sandbox.limits_of(block_type)
    }

    /// The installed block types by name, each in its current version.
    pub fn installed(&self) -> Vec<Arc<Entry>> {
        self.inner.catalog.entries()
    }

    /// The kinds of learning contexts.
    pub fn contexts(&self) -> &LearningContexts {
        &self.inner.parts.contexts
    }

    /// Libraries that are written here.
    pub fn libraries(&self) -> &Libraries {
        &self.inner.parts.libraries
    }

    /// Who is who.
    pub fn people(&self) -> &dyn People {
        &*self.inner.parts.people
    }

    /// What was imported.
    pub fn content(&self) -> &ContentStore {
        &self.inner.parts.content
    }

    /// What the platform allows.
    pub fn policy(&self) -> &Policy {
        &self.inner.parts.policy
    }

    /// The rows of registered learners, for those who run the platform.
    pub fn learners(&self) -> &Arc<dyn LearnerStore> {
        &self.inner.parts.learners
    }

    /// A block's metadata.
    ///
    /// # Errors
    /// The block or its context does not exist, or is not for this visitor.
    pub async fn block(
        &self,
        visitor: &Visitor,
        usage: &UsageKey,
        version: Version,
    ) -> Result<BlockInfo, RuntimeError> {
        Ok(self.describe(&self.admit(visitor, usage, version).await?))
    }

    /// The scores of a registered learner in these blocks. Nobody else has scores.
    ///
    /// # Errors
    /// The store is not available.
    pub async fn scores(
        &self,
        visitor: &Visitor,
        usages: &[UsageKey],
    ) -> Result<HashMap<UsageKey, Score>, RuntimeError> {
        if !matches!(visitor.user, UserId::Learner(_)) {
            return Ok(HashMap::new());
        }
        let blocks: Vec<_> = usages.iter().cloned().map(BlockRef::user_state).collect();
        Ok(self.inner.parts.learners.load(&visitor.user, &blocks).await?.scores)
    }

    /// Forgets what an author has left behind in previews. Nobody else has previews: then nothing happens.
    ///
    /// # Errors
    /// The store is not available.
    pub async fn reset_preview(&self, visitor: &Visitor, what: &AuthorReset) -> Result<(), RuntimeError> {
        match visitor.user {
            UserId::Author(_) => Ok(self.inner.parts.authors.reset(&visitor.user, what).await?),
            UserId::Learner(_) | UserId::Anonymous(_) => Ok(()),
        }
    }

    /// Whether the stores answer. Each has its own answer: when visitors' state is away, learners notice nothing.
    pub async fn ready(&self) -> Readiness {
        let parts = &self.inner.parts;
        Readiness {
            learners: parts.learners.ready().await,
            libraries: parts.libraries.ready().await.map_err(ContentError::from),
            visitors: parts.visitors.ready().await,
        }
    }

    pub(crate) fn describe(&self, admitted: &Admitted) -> BlockInfo {
        let Definition { usage, block_type, children, parent, display_name, number, .. } =
            &*admitted.definition;
        let installed = self.entry(&admitted.definition).ok();
        let installed = installed.as_deref();
        BlockInfo {
            usage: usage.clone(),
            number: *number,
            block_type: block_type.clone(),
            display_name: display_name
                .clone()
                .or_else(|| installed.map(|entry| entry.display_name.clone()))
                .unwrap_or_else(|| block_type.clone()),
            icon: installed.map_or_else(|| "other".to_owned(), |entry| entry.icon.clone()),
            installed: installed.is_some(),
            has_score: installed.is_some_and(|entry| entry.has_score),
            shows_score: installed.is_some_and(|entry| entry.shows_score),
            completed_by_viewing: self.policy().completion
                && installed.is_some_and(|entry| entry.completed_by_viewing),
            has_public_view: installed.is_some_and(|entry| entry.exports.contains(&Export::PublicView)),
            has_studio_view: installed.is_some_and(|entry| entry.exports.contains(&Export::StudioView)),
            writes_fields: installed.is_some_and(|entry| {
                entry.exports.contains(&Export::OlxWriter) || !entry.exports.contains(&Export::Olx)
            }),
            children: children.clone(),
            parent: parent.clone(),
        }
    }
}
