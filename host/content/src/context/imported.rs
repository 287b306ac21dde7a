//! The built-in kinds for what was imported: everybody may learn from it, and it has no drafts.

use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::UserId;
use blockhouse_keys::{LearningContextKey, UsageKey};

use super::{Access, ContextKind, LearningContext, People, Version};
use crate::{AuthorFile, ContentError, ContentStore, Definition, PublishedContext};

/// The imported contexts of one namespace.
pub struct ImportedContexts {
    namespace: &'static str,
    store: Arc<ContentStore>,
}

impl ImportedContexts {
    /// Those of `store` whose keys have this namespace.
    pub fn new(namespace: &'static str, store: Arc<ContentStore>) -> Self {
        Self { namespace, store }
    }
}

#[async_trait]
impl ContextKind for ImportedContexts {
    fn namespace(&self) -> &str {
        self.namespace
    }

    async fn open(&self, key: &LearningContextKey) -> Result<Option<Arc<dyn LearningContext>>, ContentError> {
        Ok(self.store.context(key).map(|context| context as Arc<dyn LearningContext>))
    }
}

#[async_trait]
impl LearningContext for PublishedContext {
    fn key(&self) -> &LearningContextKey {
        PublishedContext::key(self)
    }

    async fn access(&self, _: &UserId, _: &dyn People, _: &UsageKey) -> Result<Access, ContentError> {
        Ok(Access::Learn)
    }

    async fn definition(&self, usage: &UsageKey, version: Version) -> Result<Arc<Definition>, ContentError> {
        match version {
            Version::Published => PublishedContext::definition(self, usage),
            Version::Draft | Version::Number(_) => Err(ContentError::NoSuchVersion(usage.clone())),
        }
    }

    /// All blocks have the files of the whole course.
    async fn file(
        &self,
        _: &Definition,
        name: &str,
        most: usize,
    ) -> Result<Option<AuthorFile>, ContentError> {
        let Some(path) = self.asset(name) else { return Ok(None) };
        let size = tokio::fs::metadata(&path).await.map_err(ContentError::reading(&path))?.len();
        if usize::try_from(size).map_or(true, |size| size > most) {
            return Ok(Some(AuthorFile::TooLarge));
        }
        let bytes = tokio::fs::read(&path).await.map_err(ContentError::reading(&path))?;
        Ok(Some(AuthorFile::Bytes(bytes.into())))
    }

    async fn usages(&self) -> Result<Vec<UsageKey>, ContentError> {
        PublishedContext::usages(self)
    }
}
