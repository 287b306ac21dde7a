//! Libraries as learning contexts (spec 6.5): the kind for keys of the namespace `lib`.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_fields::UserId;
use blockhouse_keys::{LearningContextKey, UsageKey};

use super::entity::Name;
use super::opened::Opening;
use super::place::{At, Found, Place};
use super::usages::{self, Block, Meaning};
use super::{Author, Libraries, Library, LibraryError, include, version};
use crate::storage::database::Reader;
use crate::{
    Access, AuthorFile, ContentError, ContentStore, ContextKind, Definition, Edit, Fault, LearningContext,
    People, Version, xml,
};

/// The most blocks that are listed because others include them. A few definitions can be very many blocks.
const MAX_INCLUDED: usize = 10_000;

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
        let person = people.person(user).await?;
        Ok(self.libraries.access(&self.library, &person).await?.blocks)
    }

    async fn definition(&self, usage: &UsageKey, version: Version) -> Result<Arc<Definition>, ContentError> {
        let mut reader = self.libraries.read().await?;
        let block = match self.meaning(&mut reader, usage, version).await? {
            Meaning::Block(block) => block,
            Meaning::Broken(message) => return Ok(Arc::new(Definition::broken(usage, "OLX", message))),
            Meaning::Nothing => return Err(ContentError::NoSuchBlock(usage.clone())),
        };
        let number = match version {
            Version::Published | Version::Draft => block.found.version,
            // Of what comes through a link there is the version at the linked publication and no other.
            Version::Number(number) if block.linked && number != block.found.version => {
                return Err(ContentError::NoSuchVersion(usage.clone()));
            }
            Version::Number(number) => number,
        };
        let opened = self.opened(&mut reader, usage, &block, number).await?;
        let found = Found { version: number, ..block.found };
        if !opened.children.is_empty()
            && self.libraries.includes_itself(&mut reader, block.place, found).await?
        {
            let message =
                "this block includes itself; take out one of the <xblock-include> that lead back to it";
            let fault = Some(Fault::of_file("OLX", message));
            return Ok(Arc::new(Definition { fault, children: Vec::new(), ..Definition::clone(&opened) }));
        }
        Ok(opened)
    }

    /// A block has no files but its own; its definition says which bytes they have at its version.
    async fn file(
        &self,
        definition: &Definition,
        name: &str,
        most: usize,
    ) -> Result<Option<AuthorFile>, ContentError> {
        let Some((_, hash)) = definition.own_file(name) else { return Ok(None) };
        Ok(Some(self.libraries.file_up_to(hash, most).await?))
    }

    /// The published components, and what they include under other names.
    async fn usages(&self) -> Result<Vec<UsageKey>, ContentError> {
        let mut usages = self.libraries.published_components(&self.library).await?;
        let mut seen: HashSet<UsageKey> = usages.iter().cloned().collect();
        let most = seen.len() + MAX_INCLUDED;
        let place = self.place(Version::Published);
        let mut waiting = {
            let mut reader = self.libraries.read().await?;
            place.including_components(&mut reader, &self.library.key).await?
        };
        while let Some(parent) = waiting.pop() {
            let Ok(definition) = self.definition(&parent, Version::Published).await else { continue };
            for child in &definition.children {
                if seen.len() < most && seen.insert(child.clone()) {
                    usages.push(child.clone());
                    waiting.push(child.clone());
                }
            }
        }
        Ok(usages)
    }

    async fn save(&self, edit: Edit) -> Result<u64, ContentError> {
        let person = self.people.person(&edit.author).await?;
        let Some(account) = person.account else { return Err(ContentError::MayNotEdit(edit.usage)) };
        let author = Author { account, username: person.username };
        let usage = self.edited(&edit.usage).await?;
        Ok(self.libraries.set_olx(&usage, &edit.olx, edit.based_on, &author).await?)
    }
}

impl LibraryContext {
    fn place(&self, version: Version) -> Place {
        let at = match version {
            Version::Published => At::Published,
            Version::Draft | Version::Number(_) => At::Draft,
        };
        Place { library: self.library.id, at }
    }

    /// The definition of a version of a component, whatever it includes.
    async fn opened(
        &self,
        reader: &mut Reader,
        usage: &UsageKey,
        block: &Block,
        number: u64,
    ) -> Result<Arc<Definition>, ContentError> {
        let opening = Opening::new(usage, block, number);
        if let Some(opened) = self.libraries.opened.get(&opening) {
            return Ok(opened);
        }
        let no_version = || ContentError::NoSuchVersion(usage.clone());
        let held = version::held(reader, block.found.entity, number).await?.ok_or_else(no_version)?;
        let olx = held.olx_text(&self.libraries.storage, reader).await?;
        let (children, fault) = match self.children(usage, block, &olx) {
            Ok(children) => (children, None),
            Err(fault) => (Vec::new(), Some(fault)),
        };
        let names = held.files.into_iter().filter_map(|(path, file)| {
            Some((path.strip_prefix("static/")?.to_owned(), file.digest.to_hex()))
        });
        let opened = Arc::new(Definition {
            fault,
            children,
            parent: block.parent.clone(),
            display_name: Some(held.title).filter(|title| !title.is_empty()),
            number: Some(number),
            files: Some(names.collect()),
            ..Definition::of_element(usage, &olx)
        });
        self.libraries.opened.keep(opening, &opened);
        Ok(opened)
    }

    /// What a key means. A numbered version may be of a block that was deleted.
    async fn meaning(
        &self,
        reader: &mut Reader,
        usage: &UsageKey,
        version: Version,
    ) -> Result<Meaning, ContentError> {
        let Some(name) = Name::of_usage(usage).filter(|name| name.library == self.library.key) else {
            return Ok(Meaning::Nothing);
        };
        let place = self.place(version);
        let meaning = usages::meaning(reader, place, &self.library.key, usage).await?;
        let (Meaning::Nothing, Version::Number(number)) = (&meaning, version) else { return Ok(meaning) };
        let Some(deleted) = name.find(reader).await? else { return Ok(meaning) };
        let found = Found { entity: deleted.id, version: number };
        Ok(Meaning::Block(Block { place, found, name: deleted.name, linked: false, parent: None }))
    }

    /// The keys of what a block's OLX includes, each once.
    fn children(&self, usage: &UsageKey, block: &Block, olx: &str) -> Result<Vec<UsageKey>, Fault> {
        let document = xml::parse("OLX", olx)?;
        let mut children = Vec::new();
        for include in include::read(&document)? {
            let child = block.child(usage, &self.library.key, &include).ok_or_else(|| {
                let message =
                    format!("Invalid definition attribute: {}/{}", include.block_type, include.alias);
                Fault::of_file("OLX", message)
            })?;
            if !children.contains(&child) {
                children.push(child);
            }
        }
        Ok(children)
    }

    /// The component that an edit of a block changes.
    async fn edited(&self, usage: &UsageKey) -> Result<UsageKey, ContentError> {
        let mut reader = self.libraries.read().await?;
        match self.meaning(&mut reader, usage, Version::Draft).await? {
            Meaning::Block(block) if block.linked => Err(ContentError::NotEditable(
                "this block comes from another library through a link; edit it there",
            )),
            Meaning::Block(block) => {
                let own = self.library.key.make_usage_key(usage.block_type(), &block.name);
                own.map(UsageKey::Library).map_err(|error| ContentError::Unavailable(Arc::new(error)))
            }
            Meaning::Broken(_) | Meaning::Nothing => Ok(usage.clone()),
        }
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
