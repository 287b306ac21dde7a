//! Components: blocks in a library.

use std::collections::BTreeMap;

use blockhouse_keys::{LibraryKey, UsageKey};
use bytes::Bytes;

use super::change::Change;
use super::container::made_up;
use super::entity::{self, COMPONENT, Entity, Name, Standing};
use super::files::{check_file, checked_path};
use super::library::{MAX_TITLE, check_length};
use super::olx::Checked;
use super::place::{At, Place};
use super::version::{self, Held, OLX, StoredFile};
use super::{Author, Libraries, Library, LibraryError, include, olx};
use crate::storage::database::{Fetch as _, Value, list};
use crate::storage::{Digest, retried};

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
#[derive(Clone, Debug, Default)]
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
    /// A component of the library that includes it from the beginning (spec 7.3).
    pub parent: Option<UsageKey>,
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
        self.create_with_files(library, new, &BTreeMap::new(), by).await
    }

    /// Makes a component of what was copied elsewhere: OLX, and files by their names (spec 7.3). Its name comes from its
    /// title and a number that makes it unique.
    ///
    /// # Errors
    /// As [`Libraries::create_component`]; [`LibraryError::Invalid`] for a file's name or size, too.
    pub async fn paste(
        &self,
        library: &LibraryKey,
        mut new: NewComponent,
        files: BTreeMap<String, Bytes>,
        by: &Author,
    ) -> Result<Component, LibraryError> {
        let checked = olx::check(&new.block_type, &new.olx)?;
        new.id = made_up(checked.display_name.as_ref().unwrap_or(&new.title));
        let mut checked = BTreeMap::new();
        for (name, data) in files {
            check_file(&data)?;
            checked.insert(checked_path(&name)?, data);
        }
        self.create_with_files(library, new, &checked, by).await
    }

    async fn create_with_files(
        &self,
        library: &LibraryKey,
        new: NewComponent,
        files: &BTreeMap<String, Bytes>,
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
        let name =
            Name { library: library.clone(), kind: COMPONENT, type_name: &new.block_type, name: &new.id };
        name.check_length("definition_id")?;
        let title = checked.display_name.as_ref().unwrap_or(&new.title);
        check_length("title", title, MAX_TITLE)?;
        // Large ones before anybody waits for this change.
        let contents: Vec<_> = files.values().map(|data| (Digest::of(data), data.clone())).collect();
        self.storage.put_large(&contents).await?;
        retried!(async {
            let mut change = self.change(by).await?;
            let found = change.library(library).await?;
            if name.find(&mut change.tx).await?.is_some() {
                let message = format!("An XBlock with ID '{}' already exists in the library", new.id);
                return Err(LibraryError::invalid("definition_id", message));
            }
            self.check_room(&mut change, found.id, 1).await?;
            let olx = change.keep_olx(&checked).await?;
            let mut first =
                Held { title: title.clone(), files: [(OLX.to_owned(), olx)].into(), ..Held::default() };
            for (path, data) in files {
                first.files.insert(path.clone(), change.keep(data).await?);
            }
            change.begin(found.id, &name, new.can_stand_alone, &first).await?;
            if !checked.includes.is_empty() {
                change.refuse_circle(&name).await?;
            }
            change.tell_key(library, usage.as_str(), "created").await?;
            if let Some(parent) = &new.parent {
                change.include(parent, &name).await?;
            }
            change.commit().await
        })?;
        self.component(&usage).await
    }

    /// Whether a library may have so many components more (spec 7.5).
    pub(super) async fn check_room(
        &self,
        change: &mut Change<'_>,
        library: i64,
        more: u64,
    ) -> Result<(), LibraryError> {
        let select =
            "SELECT COUNT(*) FROM content_entity WHERE library_id = ? AND kind = 'component' AND draft <> 0";
        let row = change.tx.fetch_optional(select, &[library.into()]).await?;
        let count = row.map(|row| row.count(0)).transpose()?.unwrap_or_default();
        let most = self.rules.max_components;
        if count.saturating_add(more) <= most {
            return Ok(());
        }
        let message = format!("Library cannot have more than {most} Components.");
        Err(LibraryError::invalid("block_type", message))
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
        let mut condition = "e.library_id = ? AND e.kind = 'component' AND e.draft <> 0".to_owned();
        let mut values: Vec<Value<'_>> = vec![library.id.into()];
        if !filter.block_types.is_empty() {
            condition.push_str(&format!(" AND e.type IN ({})", list(filter.block_types.len())));
            values.extend(filter.block_types.iter().map(Value::from));
        }
        condition.push_str(" ORDER BY e.name, e.type");
        let mut found = entity::entities(&mut self.read().await?, &condition, &values).await?;
        // Here, not in the database: the three do not agree on letters and cases.
        let text = filter.text.as_deref().unwrap_or_default().to_lowercase();
        let has = |part: &str| part.to_lowercase().contains(&text);
        found.retain(|entity| text.is_empty() || has(&entity.title) || has(&entity.name));
        let in_collections = self.collections_of_all(library.id).await?;
        found
            .into_iter()
            .map(|entity| {
                let collections = in_collections.get(&entity.id).cloned().unwrap_or_default();
                component(entity, collections)
            })
            .collect()
    }

    /// The components that learners see, by name.
    pub(super) async fn published_components(
        &self,
        library: &Library,
    ) -> Result<Vec<UsageKey>, LibraryError> {
        let condition =
            "e.library_id = ? AND e.kind = 'component' AND e.published <> 0 ORDER BY e.name, e.type";
        let found = entity::entities(&mut self.read().await?, condition, &[library.id.into()]).await?;
        found.iter().map(usage_of).collect()
    }

    /// Deletes a component for authors; learners keep it until the deletion is published (spec 7.6.6). With `based_on`,
    /// only if that is the current version.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`], [`LibraryError::Stale`].
    pub async fn delete_component(
        &self,
        usage: &UsageKey,
        based_on: Option<u64>,
        by: &Author,
    ) -> Result<(), LibraryError> {
        self.point_component(usage, by, "deleted", |entity| entity.check_base(based_on).map(|()| None)).await
    }

    /// Brings a deleted component back at its latest version.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`].
    pub async fn restore_component(&self, usage: &UsageKey, by: &Author) -> Result<(), LibraryError> {
        self.point_component(usage, by, "created", |entity| Ok(Some(entity.latest))).await
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
        retried!(async {
            let mut change = self.change(by).await?;
            let (entity, mut held) = change.editable(usage).await?;
            entity.check_base(based_on)?;
            if let Some(title) = &checked.display_name {
                held.title.clone_from(title);
            }
            let number = change.save_olx(&entity, &mut held, &checked).await?;
            if let Some(name) = Name::of_usage(usage).filter(|_| !checked.includes.is_empty()) {
                change.refuse_circle(&name).await?;
            }
            change.commit().await?;
            Ok::<_, LibraryError>(number)
        })
    }

    pub(super) async fn found_component(&self, usage: &UsageKey) -> Result<Entity, LibraryError> {
        let no_such = || LibraryError::NoSuchComponent(usage.clone());
        let name = Name::of_usage(usage).ok_or_else(no_such)?;
        match name.find(&mut self.read().await?).await? {
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
        let mut reader = self.read().await?;
        let held = version::held(&mut reader, entity.id, number).await?.ok_or_else(gone)?;
        held.olx_text(&self.storage, &mut reader).await
    }

    async fn point_component(
        &self,
        usage: &UsageKey,
        by: &Author,
        verb: &str,
        to: impl Fn(&Entity) -> Result<Option<u64>, LibraryError> + Send + Sync,
    ) -> Result<(), LibraryError> {
        let no_such = || LibraryError::NoSuchComponent(usage.clone());
        let name = Name::of_usage(usage).ok_or_else(no_such)?;
        retried!(async {
            let mut change = self.change(by).await?;
            let entity = change.entity(&name).await?.ok_or_else(no_such)?;
            let draft = to(&entity)?;
            if draft.is_none() && entity.standing.draft.is_none() {
                return Err(no_such());
            }
            change.point_draft(entity.library_id, entity.id, draft).await?;
            change.tell_entity(&entity, verb).await?;
            change.commit().await
        })
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
    Ok(Component { usage: usage_of(&entity)?, title: entity.title, standing: entity.standing, collections })
}

fn usage_of(entity: &Entity) -> Result<UsageKey, LibraryError> {
    entity.key()?.parse().map_err(|error| LibraryError::Damaged(format!("{error}")))
}

impl Change<'_> {
    /// Keeps OLX, and notes what it includes.
    pub(super) async fn keep_olx(&mut self, checked: &Checked) -> Result<StoredFile, LibraryError> {
        let kept = self.keep(checked.text.as_bytes()).await?;
        self.keep_includes(kept.digest, &checked.includes).await?;
        Ok(kept)
    }

    /// Lets a component's next version include another one of its library, behind all that it has.
    async fn include(&mut self, parent: &UsageKey, new: &Name<'_>) -> Result<(), LibraryError> {
        let invalid = |message| LibraryError::invalid("parent_block", message);
        if Name::of_usage(parent).is_none_or(|name| name.library != new.library) {
            return Err(invalid(format!("`{parent}` is not in the library {}", new.library)));
        }
        if parent.block_type() == new.type_name && parent.block_id() == new.name {
            return Err(invalid(format!("`{parent}` cannot be its own child")));
        }
        let (entity, mut held) = self.editable(parent).await.map_err(|error| match error {
            LibraryError::NoSuchComponent(usage) => {
                invalid(format!("the component `{usage}` does not exist"))
            }
            error => error,
        })?;
        let olx = held.olx_text(self.storage, &mut self.tx).await?;
        let olx =
            include::added(&olx, new.type_name, new.name).map_err(|fault| invalid(fault.to_string()))?;
        let checked = olx::check(parent.block_type(), &olx)?;
        self.save_olx(&entity, &mut held, &checked).await?;
        Ok(())
    }

    /// Gives a component other OLX, and the number of the version that has it.
    async fn save_olx(
        &mut self,
        entity: &Entity,
        held: &mut Held,
        checked: &Checked,
    ) -> Result<u64, LibraryError> {
        held.files.insert(OLX.to_owned(), self.keep_olx(checked).await?);
        let number = self.next_version(entity, held).await?;
        self.tell_entity(entity, "updated").await?;
        Ok(number)
    }

    /// Refuses a draft that includes itself.
    async fn refuse_circle(&mut self, name: &Name<'_>) -> Result<(), LibraryError> {
        let library = self.library(&name.library).await?;
        let place = Place { library: library.id, at: At::Draft };
        let Some(found) = place.component(&mut self.tx, name.type_name, name.name).await? else {
            return Ok(());
        };
        if place.includes_itself(&mut self.tx, found).await? {
            let message = format!(
                "<{0}> `{1}` would include itself; take out one of the <xblock-include> that lead back to {0}/{1}",
                name.type_name, name.name
            );
            return Err(LibraryError::invalid("olx", message));
        }
        Ok(())
    }

    /// The component that is to be changed, with what its draft holds.
    pub(super) async fn editable(&mut self, usage: &UsageKey) -> Result<(Entity, Held), LibraryError> {
        let no_such = || LibraryError::NoSuchComponent(usage.clone());
        let name = Name::of_usage(usage).ok_or_else(no_such)?;
        let entity = self.entity(&name).await?.ok_or_else(no_such)?;
        let draft = entity.standing.draft.ok_or_else(no_such)?;
        let held = version::held(&mut self.tx, entity.id, draft).await?.ok_or_else(no_such)?;
        Ok((entity, held))
    }
}
