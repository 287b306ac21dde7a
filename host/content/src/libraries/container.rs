//! Containers: units, subsections and sections, which list components and other containers (spec 7.6.8).

use std::collections::HashMap;

use blockhouse_keys::{ContainerKey, LibraryKey};
use uuid::Uuid;

use super::change::Change;
use super::entity::{self, COMPONENT, CONTAINER, Entity, Name, Standing, by_key};
use super::library::check_title;
use super::version::{self, Child, Held};
use super::{Author, Libraries, LibraryError};
use crate::storage::database::{Fetch, list};
use crate::storage::retried;

/// What a container of each type lists.
const TYPES: [(&str, Option<&str>); 3] =
    [("unit", None), ("subsection", Some("unit")), ("section", Some("subsection"))];

/// One entity in a container. Without a version it is whatever its pointers say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContainerChild {
    /// `lb:…` or `lct:…`.
    pub key: String,
    /// The version that is meant, whatever is published.
    pub version: Option<u64>,
}

/// A container.
#[derive(Clone, Debug, PartialEq)]
pub struct Container {
    /// Its key.
    pub key: ContainerKey,
    /// What people call it.
    pub title: String,
    /// How far it is published.
    pub standing: Standing,
}

impl Libraries {
    /// Makes a container with nothing in it. Its name comes from its title and a number that makes it unique.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`]; [`LibraryError::Invalid`] for the type or the title.
    pub async fn create_container(
        &self,
        library: &LibraryKey,
        container_type: &str,
        title: &str,
        by: &Author,
    ) -> Result<Container, LibraryError> {
        if !TYPES.iter().any(|(name, _)| *name == container_type) {
            let message = format!("\"{container_type}\" is not a valid choice.");
            return Err(LibraryError::invalid("container_type", message));
        }
        check_title(title)?;
        let key = retried!(async {
            let mut change = self.change(by).await?;
            let found = change.library(library).await?;
            let name = made_up(title);
            let key = library.make_container_key(container_type, &name);
            let key = key.map_err(|error| LibraryError::invalid("display_name", error.to_string()))?;
            let first = Held { title: title.to_owned(), ..Held::default() };
            change.begin(found.id, &Name::of_container(&key), true, &first).await?;
            change.tell_key(library, key.as_str(), "created").await?;
            change.commit().await?;
            Ok::<_, LibraryError>(key)
        })?;
        self.container(&key).await
    }

    /// A container that authors see.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchContainer`].
    pub async fn container(&self, key: &ContainerKey) -> Result<Container, LibraryError> {
        let no_such = || LibraryError::NoSuchContainer(key.clone());
        let entity = Name::of_container(key).find(&mut self.read().await?).await?.ok_or_else(no_such)?;
        if entity.standing.draft.is_none() {
            return Err(no_such());
        }
        Ok(Container { key: key.clone(), title: entity.title, standing: entity.standing })
    }

    /// The containers that authors see.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn containers(&self, library: &LibraryKey) -> Result<Vec<Container>, LibraryError> {
        let library = self.library(library).await?;
        let condition = "e.library_id = ? AND e.kind = 'container' AND e.draft <> 0 ORDER BY e.type, e.name";
        let found = entity::entities(&mut self.read().await?, condition, &[library.id.into()]).await?;
        found.into_iter().map(container).collect()
    }

    /// What is in a container's draft, in order; what learners see of it with `published`.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchContainer`].
    pub async fn children(
        &self,
        key: &ContainerKey,
        published: bool,
    ) -> Result<Vec<ContainerChild>, LibraryError> {
        let no_such = || LibraryError::NoSuchContainer(key.clone());
        let mut reader = self.read().await?;
        let entity = Name::of_container(key).find(&mut reader).await?.ok_or_else(no_such)?;
        let number = if published { entity.standing.published } else { entity.standing.draft };
        let number = number.ok_or_else(no_such)?;
        let held = version::held(&mut reader, entity.id, number).await?.ok_or_else(no_such)?;
        keyed(&mut reader, &held.children).await
    }

    /// Gives a container another title.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchContainer`]; [`LibraryError::Invalid`].
    pub async fn rename_container(
        &self,
        key: &ContainerKey,
        title: &str,
        by: &Author,
    ) -> Result<Container, LibraryError> {
        check_title(title)?;
        retried!(async {
            let mut change = self.change(by).await?;
            let (entity, mut held) = change.container(key).await?;
            title.clone_into(&mut held.title);
            change.next_version(&entity, &held).await?;
            change.tell_entity(&entity, "updated").await?;
            change.commit().await
        })?;
        self.container(key).await
    }

    /// Changes what is in a container.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchContainer`]; [`LibraryError::Invalid`] for a child that is not in the library or of a
    /// kind that this container does not list.
    pub async fn set_children(
        &self,
        key: &ContainerKey,
        edit: impl Fn(Vec<ContainerChild>) -> Vec<ContainerChild> + Send + Sync,
        by: &Author,
    ) -> Result<Container, LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let (entity, mut held) = change.container(key).await?;
            let children = edit(keyed(&mut change.tx, &held.children).await?);
            held.children = change.listable(key, &children).await?;
            change.next_version(&entity, &held).await?;
            change.tell_entity(&entity, "updated").await?;
            change.commit().await
        })?;
        self.container(key).await
    }

    /// Deletes a container for authors, or brings it back at its latest version; what is in it stays.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchContainer`].
    pub async fn delete_container(
        &self,
        key: &ContainerKey,
        restore: bool,
        by: &Author,
    ) -> Result<(), LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let entity = change.entity(&Name::of_container(key)).await?;
            let entity = entity.ok_or_else(|| LibraryError::NoSuchContainer(key.clone()))?;
            let (draft, verb) = if restore { (Some(entity.latest), "created") } else { (None, "deleted") };
            change.point_draft(entity.library_id, entity.id, draft).await?;
            change.tell_entity(&entity, verb).await?;
            change.commit().await
        })
    }
}

impl Change<'_> {
    /// The container that is to be changed, with what its draft holds.
    pub(super) async fn container(&mut self, key: &ContainerKey) -> Result<(Entity, Held), LibraryError> {
        let no_such = || LibraryError::NoSuchContainer(key.clone());
        let entity = self.entity(&Name::of_container(key)).await?.ok_or_else(no_such)?;
        let draft = entity.standing.draft.ok_or_else(no_such)?;
        let held = version::held(&mut self.tx, entity.id, draft).await?.ok_or_else(no_such)?;
        Ok((entity, held))
    }

    /// The rows of what a container is to list.
    async fn listable(
        &mut self,
        key: &ContainerKey,
        children: &[ContainerChild],
    ) -> Result<Vec<Child>, LibraryError> {
        let listed = TYPES.iter().find(|(name, _)| *name == key.container_type()).and_then(|found| found.1);
        let mut rows = Vec::with_capacity(children.len());
        for child in children {
            let found = by_key(&mut self.tx, &child.key).await?;
            let found = found.filter(|found| {
                let of_this_library = &found.library == key.library_key() && found.standing.draft.is_some();
                let fits = match listed {
                    Some(container) => found.kind == CONTAINER && found.type_name == container,
                    None => found.kind == COMPONENT,
                };
                of_this_library && fits
            });
            let Some(found) = found else {
                let message =
                    format!("`{}` cannot be in a {} of this library", child.key, key.container_type());
                return Err(LibraryError::invalid("usage_keys", message));
            };
            rows.push(Child { entity: found.id, version: child.version });
        }
        Ok(rows)
    }
}

pub(super) fn container(entity: Entity) -> Result<Container, LibraryError> {
    let key = entity.key()?.parse().map_err(|error| LibraryError::Damaged(format!("{error}")))?;
    Ok(Container { key, title: entity.title, standing: entity.standing })
}

/// What a container lists, by its key.
pub(super) async fn keyed(
    from: &mut impl Fetch,
    children: &[Child],
) -> Result<Vec<ContainerChild>, LibraryError> {
    let mut keys = HashMap::new();
    for chunk in children.chunks(500) {
        let condition = format!("e.id IN ({})", list(chunk.len()));
        let ids: Vec<_> = chunk.iter().map(|child| child.entity.into()).collect();
        for entity in entity::entities(from, &condition, &ids).await? {
            keys.insert(entity.id, entity.key()?);
        }
    }
    let keyed = |child: &Child| {
        let gone = || LibraryError::Damaged(format!("the child {} of a container is gone", child.entity));
        Ok(ContainerChild { key: keys.get(&child.entity).ok_or_else(gone)?.clone(), version: child.version })
    };
    children.iter().map(keyed).collect()
}

/// A name from a title, with six random hex digits that make it unique (spec 7.3).
pub(super) fn made_up(title: &str) -> String {
    let random = Uuid::new_v4().simple().to_string();
    format!("{}-{}", slug(title), random.get(..6).unwrap_or_default())
}

/// A name for an address from a title: letters and digits, with `-` for all else.
pub(super) fn slug(title: &str) -> String {
    let mut slug = String::new();
    for character in title.to_lowercase().chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "item".to_owned() } else { slug.chars().take(60).collect() }
}
