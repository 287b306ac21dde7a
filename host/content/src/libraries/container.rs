//! Containers: units, subsections and sections, which list components and other containers (spec 7.6.8).

use blockhouse_keys::{ContainerKey, LibraryKey};
use serde_json::json;

pub use super::entity::ContainerChild;
use super::entity::{self, Entity, Held, Name, SELECT, Standing};
use super::events::emit;
use super::library::{check_title, in_transaction};
use super::publication::by_key;
use super::{Author, Libraries, LibraryError};

/// What a container of each type lists.
const TYPES: [(&str, Option<&str>); 3] =
    [("unit", None), ("subsection", Some("unit")), ("section", Some("subsection"))];

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
        let now = self.now();
        let mut tx = self.write().await?;
        let found = in_transaction(&mut tx, library).await?;
        let name = format!("{}-{}", slug(title), super::unique(&mut tx).await?);
        let key = library.make_container_key(container_type, &name);
        let key = key.map_err(|error| LibraryError::invalid("display_name", error.to_string()))?;
        let first = Held { title: title.to_owned(), ..Held::default() };
        entity::begin(&mut tx, found.id, &Name::of_container(&key), true, &first, by, now).await?;
        emit(&mut tx, "library_container", "created", data(&key), now).await?;
        tx.commit().await?;
        self.container(&key).await
    }

    /// A container that authors see.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchContainer`].
    pub async fn container(&self, key: &ContainerKey) -> Result<Container, LibraryError> {
        let no_such = || LibraryError::NoSuchContainer(key.clone());
        let entity = Name::of_container(key).find(&self.pool).await?.ok_or_else(no_such)?;
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
        let sql = format!(
            "{SELECT} WHERE e.library_id = ? AND e.kind = 'container' AND e.draft IS NOT NULL ORDER BY e.type, e.name"
        );
        let found: Vec<Entity> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(library.id).fetch_all(&self.pool).await?;
        let container = |entity: Entity| {
            let key = entity.key()?.parse().map_err(|error| LibraryError::Damaged(format!("{error}")))?;
            Ok(Container { key, title: entity.title, standing: entity.standing })
        };
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
        let entity = Name::of_container(key).find(&self.pool).await?.ok_or_else(no_such)?;
        let number = if published { entity.standing.published } else { entity.standing.draft };
        let held =
            entity::held(&self.pool, entity.id, number.ok_or_else(no_such)?).await?.ok_or_else(no_such)?;
        Ok(held.children)
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
        self.edit_container(key, by, |held| held.title = title.to_owned()).await
    }

    /// Changes what is in a container.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchContainer`]; [`LibraryError::Invalid`] for a child that is not in the library or of a
    /// kind that this container does not list.
    pub async fn set_children(
        &self,
        key: &ContainerKey,
        change: impl FnOnce(Vec<ContainerChild>) -> Vec<ContainerChild> + Send,
        by: &Author,
    ) -> Result<Container, LibraryError> {
        let children = change(self.children(key, false).await?);
        let mut tx = self.write().await?;
        for child in &children {
            let found = by_key(&mut tx, &child.key).await?;
            let found =
                found.filter(|found| &found.library == key.library_key() && found.standing.draft.is_some());
            let listed =
                TYPES.iter().find(|(name, _)| *name == key.container_type()).map(|(_, listed)| *listed);
            let fits = found.is_some_and(|found| match listed {
                Some(Some(container)) => found.type_name == container && found.kind == entity::CONTAINER,
                _ => found.kind == entity::COMPONENT,
            });
            if !fits {
                let message =
                    format!("`{}` cannot be in a {} of this library", child.key, key.container_type());
                return Err(LibraryError::invalid("usage_keys", message));
            }
        }
        drop(tx);
        self.edit_container(key, by, |held| held.children = children).await
    }

    /// Deletes a container for authors; what was in it stays.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchContainer`].
    pub async fn delete_container(&self, key: &ContainerKey, restore: bool) -> Result<(), LibraryError> {
        let now = self.now();
        let mut tx = self.write().await?;
        let entity = Name::of_container(key).find(&mut *tx).await?;
        let entity = entity.ok_or_else(|| LibraryError::NoSuchContainer(key.clone()))?;
        let (draft, verb) = if restore { (Some(entity.latest), "created") } else { (None, "deleted") };
        sqlx::query("UPDATE entity SET draft = ? WHERE id = ?")
            .bind(draft)
            .bind(entity.id)
            .execute(&mut *tx)
            .await?;
        emit(&mut tx, "library_container", verb, data(key), now).await?;
        Ok(tx.commit().await?)
    }

    async fn edit_container(
        &self,
        key: &ContainerKey,
        by: &Author,
        edit: impl FnOnce(&mut Held),
    ) -> Result<Container, LibraryError> {
        let no_such = || LibraryError::NoSuchContainer(key.clone());
        let now = self.now();
        let mut tx = self.write().await?;
        let entity = Name::of_container(key).find(&mut *tx).await?.ok_or_else(no_such)?;
        let draft = entity.standing.draft.ok_or_else(no_such)?;
        let mut held = entity::held(&mut *tx, entity.id, draft).await?.ok_or_else(no_such)?;
        edit(&mut held);
        entity::next_version(&mut tx, &entity, &held, by, now).await?;
        emit(&mut tx, "library_container", "updated", data(key), now).await?;
        tx.commit().await?;
        self.container(key).await
    }
}

fn data(key: &ContainerKey) -> serde_json::Value {
    json!({ "container_key": key.as_str(), "background": false })
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
