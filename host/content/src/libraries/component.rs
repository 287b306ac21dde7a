//! Components: blocks in a library.

use blockhouse_keys::{LibraryKey, UsageKey};
use serde_json::json;
use sqlx::{QueryBuilder, Sqlite};

use super::entity::{self, COMPONENT, Entity, Held, Name, SELECT, Standing};
use super::events::emit;
use super::library::{contains, in_transaction};
use super::{Author, Libraries, LibraryError, Writing, olx};

/// A component.
#[derive(Clone, Debug, PartialEq)]
pub struct Component {
    /// Its key.
    pub usage: UsageKey,
    /// What people call it.
    pub title: String,
    /// How far it is published.
    pub standing: Standing,
    /// The collections that have it: key and title.
    pub collections: Vec<(String, String)>,
}

/// A component to be made.
#[derive(Clone, Debug)]
pub struct NewComponent {
    /// Its type.
    pub block_type: String,
    /// Its name.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// Its first version.
    pub olx: String,
    /// Whether it may be used outside of containers.
    pub can_stand_alone: bool,
}

/// Which components are wanted.
#[derive(Clone, Debug, Default)]
pub struct ComponentFilter {
    /// With this in title or name, whatever the case.
    pub text: Option<String>,
    /// Of these types; empty: of any.
    pub block_types: Vec<String>,
}

impl Libraries {
    /// Makes a component.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`]; [`LibraryError::Invalid`] when it exists, cannot be, or is one too many.
    pub async fn create_component(
        &self,
        library: &LibraryKey,
        new: NewComponent,
        by: &Author,
    ) -> Result<Component, LibraryError> {
        let usage = library.make_usage_key(&new.block_type, &new.id);
        let usage = UsageKey::Library(usage.map_err(|_| {
            LibraryError::invalid(
                "definition_id",
                "Enter a valid “slug” consisting of Unicode letters, numbers, underscores, or hyphens.",
            )
        })?);
        let checked = olx::check(&new.block_type, &new.olx)?;
        let now = self.now();
        let mut tx = self.write().await?;
        let found = in_transaction(&mut tx, library).await?;
        let name =
            Name { library: library.clone(), kind: COMPONENT, type_name: &new.block_type, name: &new.id };
        if name.find(&mut *tx).await?.is_some() {
            let message = format!("An XBlock with ID '{}' already exists in the library", new.id);
            return Err(LibraryError::invalid("definition_id", message));
        }
        let count: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM entity WHERE library_id = ? AND kind = 'component' AND draft IS NOT NULL",
        )
        .bind(found.id)
        .fetch_one(&mut *tx)
        .await?;
        let most = self.rules.max_components;
        if count.cast_unsigned() >= most {
            let message = format!("Library cannot have more than {most} Components.");
            return Err(LibraryError::invalid("block_type", message));
        }
        let digest = entity::keep(&mut tx, checked.text.as_bytes()).await?;
        let title = checked.display_name.unwrap_or(new.title);
        let first = Held { title, olx: Some(digest), ..Held::default() };
        entity::begin(&mut tx, found.id, &name, new.can_stand_alone, &first, by, now).await?;
        tell(&mut tx, &usage, "created", now).await?;
        tx.commit().await?;
        self.component(&usage).await
    }

    /// A component that authors see.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`].
    pub async fn component(&self, usage: &UsageKey) -> Result<Component, LibraryError> {
        let entity = self.found_component(usage).await?;
        if entity.standing.draft.is_none() {
            return Err(LibraryError::NoSuchComponent(usage.clone()));
        }
        self.with_collections(entity).await
    }

    /// The components that authors see, by name.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn components(
        &self,
        library: &LibraryKey,
        filter: &ComponentFilter,
    ) -> Result<Vec<Component>, LibraryError> {
        let library = self.library(library).await?;
        let mut query = QueryBuilder::<Sqlite>::new(SELECT);
        query
            .push(" WHERE e.kind = 'component' AND e.draft IS NOT NULL AND e.library_id = ")
            .push_bind(library.id);
        if let Some(text) = filter.text.as_ref().filter(|text| !text.is_empty()) {
            query
                .push(" AND (d.title || char(10) || e.name) LIKE ")
                .push_bind(contains(text))
                .push(" ESCAPE '\\'");
        }
        if !filter.block_types.is_empty() {
            let types = serde_json::to_string(&filter.block_types)?;
            query.push(" AND e.type IN (SELECT value FROM json_each(").push_bind(types).push("))");
        }
        query.push(" ORDER BY e.name, e.type");
        let entities: Vec<Entity> = query.build_query_as().fetch_all(&self.pool).await?;
        let in_collections = self.collections_of_all(library.id).await?;
        entities
            .into_iter()
            .map(|entity| {
                let collections = in_collections.get(&entity.id).cloned().unwrap_or_default();
                component(entity, collections)
            })
            .collect()
    }

    /// Deletes a component for authors; learners keep it until the deletion is published (spec 7.6.6).
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`].
    pub async fn delete_component(&self, usage: &UsageKey, by: &Author) -> Result<(), LibraryError> {
        self.point_draft(usage, by, "deleted", |_| None).await
    }

    /// Brings a deleted component back at its latest version.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`].
    pub async fn restore_component(&self, usage: &UsageKey, by: &Author) -> Result<(), LibraryError> {
        self.point_draft(usage, by, "created", |entity| Some(entity.latest)).await
    }

    /// The OLX that authors see, as it was written, with the number of its version.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`].
    pub async fn olx(&self, usage: &UsageKey) -> Result<(String, u64), LibraryError> {
        let entity = self.found_component(usage).await?;
        let number = entity.standing.draft.ok_or_else(|| LibraryError::NoSuchComponent(usage.clone()))?;
        Ok((self.olx_of(&entity, number).await?, number))
    }

    /// The OLX that learners see; `None` when nothing is published.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`].
    pub async fn published_olx(&self, usage: &UsageKey) -> Result<Option<String>, LibraryError> {
        let entity = self.found_component(usage).await?;
        match entity.standing.published {
            Some(number) => self.olx_of(&entity, number).await.map(Some),
            None => Ok(None),
        }
    }

    /// Saves OLX as the next version and gives its number. With `based_on`, only if that is the current version.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`], [`LibraryError::Stale`]; [`LibraryError::Invalid`] for the text.
    pub async fn set_olx(
        &self,
        usage: &UsageKey,
        text: &str,
        based_on: Option<u64>,
        by: &Author,
    ) -> Result<u64, LibraryError> {
        let checked = olx::check(usage.block_type(), text)?;
        let now = self.now();
        let mut tx = self.write().await?;
        let (entity, mut held) = editable(&mut tx, usage).await?;
        entity.check_base(based_on)?;
        held.olx = Some(entity::keep(&mut tx, checked.text.as_bytes()).await?);
        held.title = checked.display_name.unwrap_or(held.title);
        let number = entity::next_version(&mut tx, &entity, &held, by, now).await?;
        tell(&mut tx, usage, "updated", now).await?;
        tx.commit().await?;
        Ok(number)
    }

    pub(super) async fn found_component(&self, usage: &UsageKey) -> Result<Entity, LibraryError> {
        let no_such = || LibraryError::NoSuchComponent(usage.clone());
        let name = Name::of_usage(usage).ok_or_else(no_such)?;
        match name.find(&self.pool).await? {
            Some(entity) => Ok(entity),
            None => {
                // Says which of the two is missing.
                self.library(&name.library).await?;
                Err(no_such())
            }
        }
    }

    async fn olx_of(&self, entity: &Entity, number: u64) -> Result<String, LibraryError> {
        let gone = || LibraryError::Damaged(format!("version {number} of entity {} is gone", entity.id));
        let held = entity::held(&self.pool, entity.id, number).await?.ok_or_else(gone)?;
        let data = entity::contents(&self.pool, &held.olx.ok_or_else(gone)?).await?;
        String::from_utf8(data).map_err(|error| LibraryError::Damaged(error.to_string()))
    }

    async fn point_draft(
        &self,
        usage: &UsageKey,
        by: &Author,
        verb: &str,
        to: impl Fn(&Entity) -> Option<i64>,
    ) -> Result<(), LibraryError> {
        let no_such = || LibraryError::NoSuchComponent(usage.clone());
        let now = self.now();
        let mut tx = self.write().await?;
        let name = Name::of_usage(usage).ok_or_else(no_such)?;
        let entity = name.find(&mut *tx).await?.ok_or_else(no_such)?;
        let draft = to(&entity);
        if draft.is_none() && entity.standing.draft.is_none() {
            return Err(no_such());
        }
        sqlx::query(
            "UPDATE entity SET draft = ?, last_draft_created = ?, last_draft_created_by = ? WHERE id = ?",
        )
        .bind(draft)
        .bind(now)
        .bind(&by.username)
        .bind(entity.id)
        .execute(&mut *tx)
        .await?;
        tell(&mut tx, usage, verb, now).await?;
        Ok(tx.commit().await?)
    }

    async fn with_collections(&self, entity: Entity) -> Result<Component, LibraryError> {
        let collections = self.collections_of(entity.id).await?;
        component(entity, collections)
    }
}

pub(super) fn component(
    entity: Entity,
    collections: Vec<(String, String)>,
) -> Result<Component, LibraryError> {
    let usage = entity.key()?.parse().map_err(|error| LibraryError::Damaged(format!("{error}")))?;
    Ok(Component { usage, title: entity.title, standing: entity.standing, collections })
}

/// The entity with what its draft holds.
pub(super) async fn editable(tx: &mut Writing<'_>, usage: &UsageKey) -> Result<(Entity, Held), LibraryError> {
    let no_such = || LibraryError::NoSuchComponent(usage.clone());
    let name = Name::of_usage(usage).ok_or_else(no_such)?;
    let entity = name.find(&mut **tx).await?.ok_or_else(no_such)?;
    let draft = entity.standing.draft.ok_or_else(no_such)?;
    let held = entity::held(&mut **tx, entity.id, draft).await?.ok_or_else(no_such)?;
    Ok((entity, held))
}

pub(super) async fn tell(
    tx: &mut Writing<'_>,
    usage: &UsageKey,
    verb: &str,
    now: i64,
) -> Result<(), LibraryError> {
    let data = json!({ "library_key": usage.context_key().as_str(), "usage_key": usage.as_str() });
    emit(tx, "library_block", verb, data, now).await
}
