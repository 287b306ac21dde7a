//! Libraries as learning contexts (spec 6.5): the kind for keys of the namespace `lib`.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::UserId;
use blockhouse_keys::{LearningContextKey, UsageKey};

use super::entity::Name;
use super::version;
use super::{Author, Libraries, Library, LibraryError};
use crate::{
    Access, ContentError, ContentStore, ContextKind, Definition, Edit, LearningContext, People, Person,
    Version, hex, xml,
};

/// The libraries of a store.
pub struct LibraryContexts {
    libraries: Libraries,
    people: Arc<dyn People>,
    imported: Arc<ContentStore>,
}

impl LibraryContexts {
    /// Of these libraries; `people` names authors. A library that is not among them may have been imported: then it
    /// can be learned from, and not edited.
    pub fn new(libraries: Libraries, people: Arc<dyn People>, imported: Arc<ContentStore>) -> Self {
        Self { libraries, people, imported }
    }
}

#[async_trait]
impl ContextKind for LibraryContexts {
    fn namespace(&self) -> &str {
        "lib"
    }

    async fn open(&self, key: &LearningContextKey) -> Result<Option<Arc<dyn LearningContext>>, ContentError> {
        let LearningContextKey::Library(library) = key else { return Ok(None) };
        match self.libraries.library(library).await {
            Ok(library) => Ok(Some(Arc::new(LibraryContext {
                key: key.clone(),
                library,
                libraries: self.libraries.clone(),
                people: Arc::clone(&self.people),
            }))),
            Err(LibraryError::NoSuchLibrary(_)) => {
                Ok(self.imported.context(key).map(|context| context as Arc<dyn LearningContext>))
            }
            Err(error) => Err(error.into()),
        }
    }
}

struct LibraryContext {
    key: LearningContextKey,
    library: Library,
    libraries: Libraries,
    people: Arc<dyn People>,
}

#[async_trait]
impl LearningContext for LibraryContext {
    fn key(&self) -> &LearningContextKey {
        &self.key
    }

    async fn access(&self, user: &UserId, people: &dyn People, _: &UsageKey) -> Result<Access, ContentError> {
        let person = match user {
            UserId::Anonymous(_) => Person::default(),
            UserId::Learner(_) | UserId::Author(_) => people.person(user).await?,
        };
        Ok(self.libraries.access(&self.library, &person).await?.blocks)
    }

    async fn definition(&self, usage: &UsageKey, version: Version) -> Result<Arc<Definition>, ContentError> {
        let no_such = || ContentError::NoSuchBlock(usage.clone());
        let name =
            Name::of_usage(usage).filter(|name| name.library == self.library.key).ok_or_else(no_such)?;
        let mut reader = self.libraries.read().await?;
        let found = name.find(&mut reader).await?.ok_or_else(no_such)?;
        let number = match version {
            Version::Published => found.standing.published.ok_or_else(no_such)?,
            Version::Draft => found.standing.draft.ok_or_else(no_such)?,
            Version::Number(number) => number,
        };
        let no_version = || ContentError::NoSuchVersion(usage.clone());
        let held = version::held(&mut reader, found.id, number).await?.ok_or_else(no_version)?;
        let data = self.libraries.storage.contents(&mut reader, held.olx()?.digest).await;
        let data = data.map_err(LibraryError::from)?;
        let olx = String::from_utf8(data.into()).map_err(|error| LibraryError::Damaged(error.to_string()))?;
        let title = Some(held.title).filter(|title| !title.is_empty());
        let names = held.files.into_iter().filter_map(|(path, file)| {
            Some((path.strip_prefix("static/")?.to_owned(), file.digest.to_hex()))
        });
        Ok(Arc::new(Definition {
            usage: usage.clone(),
            block_type: usage.block_type().to_owned(),
            digest: hex::sha256(olx.as_bytes()),
            fault: xml::parse("OLX", &olx).err(),
            olx: olx.into(),
            children: Vec::new(),
            parent: None,
            display_name: title,
            inherited: BTreeMap::new(),
            number: Some(number),
            overrides: BTreeMap::new(),
            files: Some(names.collect()),
        }))
    }

    async fn usages(&self) -> Result<Vec<UsageKey>, ContentError> {
        Ok(self.libraries.published_components(&self.library).await?)
    }

    async fn save(&self, edit: Edit) -> Result<u64, ContentError> {
        let person = self.people.person(&edit.author).await?;
        let Some(account) = person.account else { return Err(ContentError::MayNotEdit(edit.usage)) };
        let author = Author { account, username: person.username };
        Ok(self.libraries.set_olx(&edit.usage, &edit.olx, edit.based_on, &author).await?)
    }
}

impl From<LibraryError> for ContentError {
    fn from(error: LibraryError) -> Self {
        match error {
            LibraryError::NoSuchLibrary(key) => Self::NoSuchContext(key.into()),
            LibraryError::NoSuchComponent(usage) => Self::NoSuchBlock(usage),
            LibraryError::Stale { what, current } => match what.parse() {
                Ok(usage) => Self::Stale { usage, current },
                Err(error) => Self::Unavailable(Arc::new(error)),
            },
            other => Self::Unavailable(Arc::new(other)),
        }
    }
}
