//! Learning contexts: what holds blocks together, says who may do what with them, and finds their definitions (spec 6).
//!
//! A [`ContextKind`] answers for one namespace of keys and is the plug-in of whoever has a notion of their own of what
//! a learning context is. [`LearningContexts`] has one kind per namespace and hands out a [`LearningContext`], one
//! course or library, under whose key everything else is asked: the answer of one context is never used for another.
//! No context has to be able to list its blocks: some make them up as the learner goes (spec 6.6).

mod access;
mod imported;
mod people;
mod registry;
mod version;

use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::UserId;
use blockhouse_keys::{LearningContextKey, UsageKey};

use crate::{AuthorFile, ContentError, Definition};

pub use access::Access;
pub use imported::ImportedContexts;
pub use people::{IntroducedPeople, ListedPeople, NobodyKnown, People, Person};
pub use registry::{LearningContexts, NamespaceTaken, PLUGINS};
pub use version::{NotAVersion, Version};

/// A kind of learning context. One value answers for all contexts of its namespace, for as long as the host runs.
#[async_trait]
pub trait ContextKind: Send + Sync {
    /// The canonical namespace of its contexts' keys, such as `lib` (spec 6.1).
    fn namespace(&self) -> &str;

    /// The context with this key, as it is now; `None` when there is no such context.
    ///
    /// # Errors
    /// Only when the kind cannot say.
    async fn open(&self, key: &LearningContextKey) -> Result<Option<Arc<dyn LearningContext>>, ContentError>;
}

/// One course, library or whatever a kind has, for the length of a request.
#[async_trait]
pub trait LearningContext: Send + Sync {
    /// The context's key.
    fn key(&self) -> &LearningContextKey;

    /// What `user` may do with a block. May assume that the block exists, and must not reveal whether it does (spec
    /// 6.4). A kind that needs to know more of a user than the id asks `people`.
    ///
    /// # Errors
    /// Only when the context cannot say.
    async fn access(
        &self,
        user: &UserId,
        people: &dyn People,
        usage: &UsageKey,
    ) -> Result<Access, ContentError>;

    /// A block's definition at a version. A context without drafts has only the published one.
    ///
    /// # Errors
    /// [`ContentError::NoSuchBlock`], [`ContentError::NoSuchVersion`], or that the context cannot say.
    async fn definition(&self, usage: &UsageKey, version: Version) -> Result<Arc<Definition>, ContentError>;

    /// The file that `/static/NAME` means to a block, if it has at most so many bytes; none when there is no such file.
    /// `definition` comes from this context, at the version that is shown.
    ///
    /// # Errors
    /// Only when the context cannot say.
    async fn file(
        &self,
        definition: &Definition,
        name: &str,
        most: usize,
    ) -> Result<Option<AuthorFile>, ContentError> {
        let _ = (definition, name, most);
        Ok(None)
    }

    /// The blocks that learners may find here, for what goes through all of them; none where they are made up as the
    /// learner goes.
    ///
    /// # Errors
    /// Only when the context cannot say.
    async fn usages(&self) -> Result<Vec<UsageKey>, ContentError> {
        Ok(Vec::new())
    }

    /// Stores an author's change of a block as its new draft and gives the number of that version. Who may do so was
    /// decided before, by [`LearningContext::access`].
    ///
    /// # Errors
    /// [`ContentError::Stale`] when the block has moved on since; [`ContentError::NotEditable`] when the context takes
    /// no edits.
    async fn save(&self, edit: Edit) -> Result<u64, ContentError> {
        let _ = edit;
        Err(ContentError::NotEditable("this learning context is not edited here; import it again"))
    }
}

/// An author's change of one block.
#[derive(Clone, Debug)]
pub struct Edit {
    /// Which block.
    pub usage: UsageKey,
    /// Whose change it is.
    pub author: UserId,
    /// The version of the block that the author saw.
    pub based_on: Option<u64>,
    /// The block's new element.
    pub olx: String,
    /// Milliseconds since 1970.
    pub now_ms: u64,
}
