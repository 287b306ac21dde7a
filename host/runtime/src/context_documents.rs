//! How authors write the documents of learning contexts that are plug-ins. What a document says is the plug-in's to
//! judge; whether its author may show what it names, the host's.

use std::collections::BTreeSet;

use blockhouse_content::libraries::{Author, may_create};
use blockhouse_content::{Access, ContextDocument, DocumentError, MAX_DOCUMENT, NewDocument, Person};
use blockhouse_keys::{LearningContextKey, PluginContextKey, UsageKey};
use blockhouse_sandbox::{ContextAccess, ContextAnswer, ContextQuestion};

use crate::plugin_contexts::{PluginContextError, as_asked};
use crate::{Runtime, RuntimeError, Visitor};

/// Why a document is not shown, saved or deleted.
#[derive(Debug, thiserror::Error)]
pub enum ContextDocumentError {
    /// It is not for this person to change.
    #[error("you don't have permission to change the learning context `{0}`")]
    Forbidden(PluginContextKey),
    /// It takes content from where its author may not, or from where there is none.
    #[error("there is no block `{0}` that you may learn from; take it out of the document")]
    Source(String),
    /// The plug-in.
    #[error(transparent)]
    Plugin(#[from] PluginContextError),
    /// The store.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// Who is asking, or what they may do elsewhere, cannot be found out.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
}

impl Runtime {
    /// The document of a context, for whoever may change it.
    ///
    /// # Errors
    /// There is none, or it is not theirs.
    pub async fn context_document(
        &self,
        visitor: &Visitor,
        key: &PluginContextKey,
    ) -> Result<ContextDocument, ContextDocumentError> {
        let document = self.inner.parts.documents.document(key).await?;
        self.editor(visitor, key, document.as_ref()).await?;
        document.ok_or_else(|| DocumentError::NoSuchDocument(key.clone()).into())
    }

    /// Saves a document and gives its version. `based_on` is the version that its author saw, 0 for a new context.
    ///
    /// # Errors
    /// The plug-in does not take it; it names blocks that its author may not learn from; or it has moved on.
    pub async fn save_context_document(
        &self,
        visitor: &Visitor,
        key: &PluginContextKey,
        document: &str,
        based_on: u64,
    ) -> Result<u64, ContextDocumentError> {
        let documents = &self.inner.parts.documents;
        let person = self.editor(visitor, key, documents.document(key).await?.as_ref()).await?;
        if document.len() > MAX_DOCUMENT {
            return Err(DocumentError::TooLarge.into());
        }
        let kind = self.context_kind(key).await?;
        let ContextAnswer::Sources(named) =
            self.ask_context(&kind, key, document, ContextQuestion::Sources).await?
        else {
            return Err(PluginContextError::Refused("it has no sources".to_owned()).into());
        };
        let mut sources = BTreeSet::new();
        for named in named {
            match self.may_be_shown(visitor, &named).await? {
                Some(source) => sources.insert(source),
                None => return Err(ContextDocumentError::Source(named)),
            };
        }
        let sources: Vec<_> = sources.into_iter().collect();
        let new = NewDocument { key, based_on, document, sources: &sources };
        let author = Author { account: person.account.unwrap_or_default(), username: person.username };
        Ok(documents.save(new, &author).await?)
    }

    /// The blocks that learners may find in a context.
    ///
    /// # Errors
    /// There is no such context, or its plug-in cannot say.
    pub async fn context_usages(&self, key: &PluginContextKey) -> Result<Vec<UsageKey>, RuntimeError> {
        let context = self.inner.parts.contexts.open(&key.clone().into()).await?;
        Ok(context.usages().await?)
    }

    /// Deletes a document, and so the context. What learners did there stays.
    ///
    /// # Errors
    /// There is none, it is not theirs, or it has moved on.
    pub async fn delete_context_document(
        &self,
        visitor: &Visitor,
        key: &PluginContextKey,
        based_on: u64,
    ) -> Result<(), ContextDocumentError> {
        let documents = &self.inner.parts.documents;
        self.editor(visitor, key, documents.document(key).await?.as_ref()).await?;
        Ok(documents.delete(key, based_on).await?)
    }

    /// Somebody who may change the document, or make it where there is none: staff; of a new one, whoever may make
    /// libraries; of one that is there, its author and whom the plug-in lets.
    async fn editor(
        &self,
        visitor: &Visitor,
        key: &PluginContextKey,
        document: Option<&ContextDocument>,
    ) -> Result<Person, ContextDocumentError> {
        let people = &self.inner.parts.people;
        let person = people.person(&visitor.user).await.map_err(RuntimeError::from)?;
        let may = match document {
            _ if person.account.is_none() || !person.active => false,
            _ if person.staff => true,
            None => may_create(&person),
            Some(document) if Some(document.author.account) == person.account => true,
            Some(document) => match self.context_kind(key).await {
                Err(PluginContextError::NoSuchKind(_)) => false,
                Err(error) => return Err(error.into()),
                Ok(kind) => {
                    let question = ContextQuestion::Access(as_asked(&person, Some(document)));
                    let answer = self.ask_context(&kind, key, &document.document, question).await?;
                    answer == ContextAnswer::Access(ContextAccess::Edit)
                }
            },
        };
        if may { Ok(person) } else { Err(ContextDocumentError::Forbidden(key.clone())) }
    }

    /// The block with this key, if it is one of a course or library that the visitor may learn from.
    async fn may_be_shown(&self, visitor: &Visitor, source: &str) -> Result<Option<UsageKey>, RuntimeError> {
        let Ok(usage) = source.parse::<UsageKey>() else { return Ok(None) };
        // Contexts of plug-ins take content from where it was written, never from one another.
        if matches!(usage.context_key(), LearningContextKey::Plugin(_)) {
            return Ok(None);
        }
        match self.admit(visitor, &usage, blockhouse_content::Version::Published).await {
            Ok(admitted) => Ok(Some(usage).filter(|_| admitted.access >= Access::Learn)),
            Err(RuntimeError::Busy | RuntimeError::State(_)) => Err(RuntimeError::Busy),
            Err(RuntimeError::Content(error @ blockhouse_content::ContentError::Unavailable(_))) => {
                Err(RuntimeError::Content(error))
            }
            Err(_) => Ok(None),
        }
    }
}
