//! The documents of learning contexts that a plug-in answers for: one for each context, written by an author.
//!
//! What a document says, only its plug-in knows. What is kept beside it is what the host has to be sure of: who wrote it,
//! and from which blocks of other contexts it may take content. A save says which version its author saw, and one that
//! comes too late changes nothing.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use blockhouse_keys::{PluginContextKey, UsageKey};

use crate::libraries::Author;
use crate::storage::database::{DatabaseError, Fetch as _, Row, Value, insert};
use crate::storage::{Storage, StorageError, number, retried};

/// The most bytes of a document.
pub const MAX_DOCUMENT: usize = 256 * 1024;

/// The most blocks of other contexts that one document takes content from.
const MAX_SOURCES: usize = 1_000;

/// The most characters of a context's key.
const MAX_KEY: usize = 150;

/// A context's document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContextDocument {
    /// Counts the saves, from 1.
    pub version: u64,
    /// As it was written.
    pub document: Arc<str>,
    /// Where it may take content from. Whoever saved it could learn from all of them.
    pub sources: Arc<[UsageKey]>,
    /// Whose it is: who saved it first.
    pub author: Author,
    /// When it was last saved, in milliseconds since 1970.
    pub saved: i64,
}

/// A document to be saved.
#[derive(Clone, Copy, Debug)]
pub struct NewDocument<'a> {
    /// Of which context.
    pub key: &'a PluginContextKey,
    /// The version that its author saw; 0 for a new one.
    pub based_on: u64,
    /// The text.
    pub document: &'a str,
    /// Where it may take content from.
    pub sources: &'a [UsageKey],
}

/// Why a document cannot be read or saved.
#[derive(Clone, Debug, thiserror::Error)]
pub enum DocumentError {
    /// There is none.
    #[error("there is no learning context `{0}`")]
    NoSuchDocument(PluginContextKey),
    /// Somebody else's save came first.
    #[error("`{key}` is at version {current} by now; read it again and repeat the change on top of that")]
    Stale {
        /// The context.
        key: PluginContextKey,
        /// Its current version.
        current: u64,
    },
    /// It has too much in it.
    #[error(
        "a document has {MAX_DOCUMENT} bytes and {MAX_SOURCES} sources at most; make several contexts of it"
    )]
    TooLarge,
    /// Learners' state names its context in 255 characters (spec 4.1), and a block's key is longer than its context's.
    #[error("`{0}` is too long: a key has {MAX_KEY} characters at most; choose a shorter name")]
    LongKey(PluginContextKey),
    /// The storage is away.
    #[error("the store of documents is not available; try again later")]
    Store(#[from] StorageError),
}

impl DocumentError {
    fn is_collision(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_collision())
    }
}

impl From<DatabaseError> for DocumentError {
    fn from(error: DatabaseError) -> Self {
        Self::Store(error.into())
    }
}

/// The documents of a storage. Cheap to clone; clones are the same documents.
#[derive(Clone, Debug)]
pub struct Documents {
    storage: Storage,
}

const COLUMNS: [&str; 7] = ["context_key", "version", "document", "sources", "account", "username", "saved"];

impl Documents {
    /// Those that lie there.
    pub fn new(storage: Storage) -> Self {
        Self { storage }
    }

    /// The document of a context.
    ///
    /// # Errors
    /// [`DocumentError::Store`].
    pub async fn document(&self, key: &PluginContextKey) -> Result<Option<ContextDocument>, DocumentError> {
        let select = format!("SELECT {} FROM content_document WHERE context_key = ?", COLUMNS.join(", "));
        let mut reader = self.storage.database.read().await?;
        let row = reader.fetch_optional(&select, &[key.as_str().into()]).await?;
        Ok(row.as_ref().map(read).transpose()?)
    }

    /// Saves a document and gives its version.
    ///
    /// # Errors
    /// [`DocumentError::Stale`] when it has moved on; [`DocumentError::TooLarge`].
    pub async fn save(&self, new: NewDocument<'_>, by: &Author) -> Result<u64, DocumentError> {
        let NewDocument { key, based_on, document, sources } = new;
        if key.as_str().chars().count() > MAX_KEY {
            return Err(DocumentError::LongKey(key.clone()));
        }
        if document.len() > MAX_DOCUMENT || sources.len() > MAX_SOURCES {
            return Err(DocumentError::TooLarge);
        }
        let sources: Vec<&str> = sources.iter().map(UsageKey::as_str).collect();
        // Texts only, so it cannot fail.
        let sources = serde_json::to_string(&sources).unwrap_or_default();
        let version = based_on.saturating_add(1);
        let saved = retried!(async {
            let mut transaction = self.storage.database.write().await?;
            let changed = if based_on == 0 {
                let values: [Value<'_>; COLUMNS.len()] = [
                    key.as_str().into(),
                    number(version).into(),
                    document.into(),
                    sources.as_str().into(),
                    by.account.into(),
                    by.username.as_str().into(),
                    self.storage.now().into(),
                ];
                match transaction.execute(&insert("content_document", &COLUMNS, 1), &values).await {
                    // There is one.
                    Err(error) if error.is_duplicate() => return Ok(false),
                    inserted => inserted?,
                }
            } else {
                let update = "UPDATE content_document SET version = ?, document = ?, sources = ?, saved = ? \
                              WHERE context_key = ? AND version = ?";
                let values: [Value<'_>; 6] = [
                    number(version).into(),
                    document.into(),
                    sources.as_str().into(),
                    self.storage.now().into(),
                    key.as_str().into(),
                    number(based_on).into(),
                ];
                transaction.execute(update, &values).await?
            };
            transaction.commit().await?;
            Ok::<_, DocumentError>(changed > 0)
        })?;
        if saved { Ok(version) } else { Err(self.refused(key).await?) }
    }

    /// Deletes a document. Learners' state in its blocks stays where it is.
    ///
    /// # Errors
    /// [`DocumentError::NoSuchDocument`]; [`DocumentError::Stale`] when it has moved on.
    pub async fn delete(&self, key: &PluginContextKey, based_on: u64) -> Result<(), DocumentError> {
        let deleted = retried!(async {
            let mut transaction = self.storage.database.write().await?;
            let delete = "DELETE FROM content_document WHERE context_key = ? AND version = ?";
            let values: [Value<'_>; 2] = [key.as_str().into(), number(based_on).into()];
            let deleted = transaction.execute(delete, &values).await?;
            transaction.commit().await?;
            Ok::<_, DocumentError>(deleted > 0)
        })?;
        if deleted { Ok(()) } else { Err(self.refused(key).await?) }
    }

    /// Why nothing was changed.
    async fn refused(&self, key: &PluginContextKey) -> Result<DocumentError, DocumentError> {
        Ok(match self.document(key).await? {
            Some(ContextDocument { version, .. }) => {
                DocumentError::Stale { key: key.clone(), current: version }
            }
            None => DocumentError::NoSuchDocument(key.clone()),
        })
    }
}

fn read(row: &Row) -> Result<ContextDocument, StorageError> {
    let damaged =
        |error: serde_json::Error| StorageError::Damaged(format!("the sources of a document: {error}"));
    let sources: Vec<UsageKey> = serde_json::from_str(&row.text(3)?).map_err(damaged)?;
    Ok(ContextDocument {
        version: row.count(1)?,
        document: row.text(2)?.into(),
        sources: sources.into(),
        author: Author { account: row.int(4)?, username: row.text(5)? },
        saved: row.int(6)?,
    })
}
