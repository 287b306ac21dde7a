//! Publishing and reverting: the pointers of learners and authors are brought together (spec 7.6.4, 7.6.5). Both cost
//! in proportion to what differs, not to what is there.

use std::collections::BTreeSet;

use blockhouse_keys::LibraryKey;

use super::change::Change;
use super::entity::{self, COMPONENT, CONTAINER, Entity, LINK, by_key, no_such};
use super::include;
use super::publications::Move;
use super::version;
use super::{Author, Libraries, Library, LibraryError, Seen};
use crate::storage::database::{Fetch, Value, list};
use crate::storage::retried;

/// How many rows go into one statement.
const CHUNK: usize = 500;

/// Something that authors see and learners do not, or the other way round.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// `lb:…` or `lct:…`.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// The version that authors see; none: it was deleted.
    pub draft: Option<u64>,
    /// The version that learners see; none: it is new to them.
    pub published: Option<u64>,
}

impl Pending {
    fn of(entity: Entity) -> Result<Self, LibraryError> {
        Ok(Self {
            key: entity.key()?,
            title: entity.title,
            draft: entity.standing.draft,
            published: entity.standing.published,
        })
    }
}

/// How much a library has in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Components that authors see.
    pub components: u64,
    /// Whether publishing would change anything.
    pub has_unpublished_changes: bool,
    /// Whether publishing would take anything away from learners.
    pub has_unpublished_deletes: bool,
}

impl Libraries {
    /// How much is in a library.
    ///
    /// # Errors
    /// [`LibraryError::Store`].
    pub async fn counts(&self, library: &Library) -> Result<Counts, LibraryError> {
        let mut reader = self.read().await?;
        let select =
            "SELECT COUNT(*) FROM content_entity WHERE library_id = ? AND kind = 'component' AND draft <> 0";
        let row = reader.fetch_optional(select, &[library.id.into()]).await?;
        let components = row.map(|row| row.count(0)).transpose()?.unwrap_or_default();
        let select = "SELECT COUNT(*), COUNT(CASE WHEN draft = 0 THEN 1 END) FROM content_entity \
                      WHERE library_id = ? AND pending = 1";
        let row = reader.fetch_optional(select, &[library.id.into()]).await?;
        let pending = row.map(|row| Ok::<_, LibraryError>((row.count(0)?, row.count(1)?))).transpose()?;
        let (changes, deletes) = pending.unwrap_or_default();
        Ok(Counts { components, has_unpublished_changes: changes > 0, has_unpublished_deletes: deletes > 0 })
    }

    /// What publishing would change.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn pending(&self, key: &LibraryKey) -> Result<Vec<Pending>, LibraryError> {
        let library = self.library(key).await?;
        let condition = "e.library_id = ? AND e.pending = 1 ORDER BY e.type, e.name";
        let entities = entity::entities(&mut self.read().await?, condition, &[library.id.into()]).await?;
        entities.into_iter().map(Pending::of).collect()
    }

    /// What publishing one component or container would change.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`] or [`LibraryError::NoSuchContainer`].
    pub async fn pending_one(&self, key: &str) -> Result<Vec<Pending>, LibraryError> {
        let mut reader = self.read().await?;
        let first = by_key(&mut reader, key).await?.ok_or_else(|| no_such(key))?;
        pending_below(&mut reader, first).await?.into_iter().map(Pending::of).collect()
    }

    /// Publishes everything, or what was seen, if that is everything. Nothing to publish is fine.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`], [`LibraryError::Unseen`].
    pub async fn publish_library(
        &self,
        key: &LibraryKey,
        seen: Option<&Seen>,
        by: &Author,
    ) -> Result<(), LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let library = change.library(key).await?;
            let pending = change.pending(library.id).await?;
            seen.map_or(Ok(()), |seen| seen.check(&pending, by))?;
            change.publish(&library, &pending).await?;
            change.commit().await
        })
    }

    /// Publishes one component or container with all that it contains or includes (spec 7.6.4).
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`] or [`LibraryError::NoSuchContainer`]; [`LibraryError::Unseen`], where it is said
    /// what was seen.
    pub async fn publish_one(&self, key: &str, seen: Option<&Seen>, by: &Author) -> Result<(), LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let first = by_key(&mut change.tx, key).await?.ok_or_else(|| no_such(key))?;
            let library = change.library(&first.library).await?;
            // Again, now that nobody else changes the library.
            let first = by_key(&mut change.tx, key).await?.ok_or_else(|| no_such(key))?;
            let pending = pending_below(&mut change.tx, first).await?;
            seen.map_or(Ok(()), |seen| seen.check(&pending, by))?;
            change.publish(&library, &pending).await?;
            change.commit().await
        })
    }

    /// Brings authors back to what learners see. What was never published is deleted. Versions stay (spec 7.6.5).
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`]; [`LibraryError::Unseen`], where it is said what was seen.
    pub async fn revert_library(
        &self,
        key: &LibraryKey,
        seen: Option<&Seen>,
        by: &Author,
    ) -> Result<(), LibraryError> {
        retried!(async {
            let mut change = self.change(by).await?;
            let library = change.library(key).await?;
            let pending = change.pending(library.id).await?;
            seen.map_or(Ok(()), |seen| seen.check(&pending, by))?;
            let revert = "UPDATE content_entity SET draft = published, pending = 0 \
                          WHERE library_id = ? AND pending = 1";
            change.run(revert, &[library.id.into()]).await?;
            for entity in &pending {
                let verb = if entity.standing.published.is_some() { "updated" } else { "deleted" };
                change.tell_entity(entity, verb).await?;
            }
            change.tell_library(key, "updated").await?;
            change.commit().await
        })
    }
}

impl Change<'_> {
    async fn pending(&mut self, library: i64) -> Result<Vec<Entity>, LibraryError> {
        entity::entities(&mut self.tx, "e.library_id = ? AND e.pending = 1", &[library.into()]).await
    }

    pub(super) async fn publish(
        &mut self,
        library: &Library,
        pending: &[Entity],
    ) -> Result<(), LibraryError> {
        let (now, by) = (self.now, self.by);
        for chunk in pending.chunks(CHUNK) {
            let update = format!(
                "UPDATE content_entity SET published = draft, pending = 0, last_published = ?, published_by = ? \
                 WHERE id IN ({})",
                list(chunk.len())
            );
            let of: [Value<'_>; 2] = [now.into(), (&by.username).into()];
            let values: Vec<_> = of.into_iter().chain(chunk.iter().map(|entity| entity.id.into())).collect();
            self.run(&update, &values).await?;
        }
        let moves: Vec<_> = pending
            .iter()
            .map(|entity| Move {
                entity: entity.id,
                from: entity.standing.published,
                to: entity.standing.draft,
            })
            .collect();
        self.note_publication(library.id, &moves).await?;
        let mut components = Vec::new();
        for entity in pending {
            match entity.kind.as_str() {
                COMPONENT => components.push((entity.key()?, "published")),
                _ => self.tell_entity(entity, "published").await?,
            }
        }
        self.tell_keys(&library.key, &components).await?;
        if !pending.is_empty() {
            let update =
                "UPDATE content_library SET last_published = ?, published_by = ?, updated = ? WHERE id = ?";
            let values: [Value<'_>; 4] = [now.into(), (&by.username).into(), now.into(), library.id.into()];
            self.run(update, &values).await?;
        }
        Ok(())
    }
}

/// What is pending of an entity and of all that it contains or includes. Of what comes through a link only the link
/// itself is of this library.
async fn pending_below(from: &mut impl Fetch, first: Entity) -> Result<Vec<Entity>, LibraryError> {
    let (mut seen, mut pending, mut wanted) = (BTreeSet::new(), Vec::new(), vec![first]);
    while let Some(next) = wanted.pop() {
        if !seen.insert(next.id) {
            continue;
        }
        if let (CONTAINER, Some(draft)) = (next.kind.as_str(), next.standing.draft) {
            let held = version::held(from, next.id, draft).await?.unwrap_or_default();
            for chunk in held.children.chunks(CHUNK) {
                let condition = format!("e.id IN ({})", list(chunk.len()));
                let ids: Vec<_> = chunk.iter().map(|child| child.entity.into()).collect();
                wanted.extend(entity::entities(from, &condition, &ids).await?);
            }
        }
        if let (COMPONENT, Some(draft)) = (next.kind.as_str(), next.standing.draft) {
            wanted.extend(included(from, &next, draft).await?);
        }
        if next.standing.has_unpublished_changes() {
            pending.push(next);
        }
    }
    Ok(pending)
}

/// The components that a version includes, and the links by which it does.
async fn included(from: &mut impl Fetch, parent: &Entity, version: u64) -> Result<Vec<Entity>, LibraryError> {
    let mut found = Vec::new();
    for include in include::of_version(from, parent.id, version).await? {
        let named = match &include.link {
            Some(link) => (LINK, LINK, link),
            None => (COMPONENT, include.block_type.as_str(), &include.name),
        };
        let (kind, type_name, name) = named;
        let condition = "e.library_id = ? AND e.kind = ? AND e.type = ? AND e.name = ?";
        let values: [Value<'_>; 4] = [parent.library_id.into(), kind.into(), type_name.into(), name.into()];
        found.extend(entity::entities(from, condition, &values).await?);
    }
    Ok(found)
}
