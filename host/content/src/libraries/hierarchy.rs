//! Where a component or container stands among the others of its library: what holds it, and what it holds, as authors
//! see it (spec 7.3).

use std::collections::BTreeSet;

use super::entity::{self, COMPONENT, CONTAINER, Entity, by_key, no_such};
use super::place::{At, Place};
use super::{Libraries, LibraryError, include, version};
use crate::storage::database::{Fetch, Reader, list};

/// How many rows are asked for in one statement.
const CHUNK: usize = 500;

/// The most entities that are gone through.
const MAX_ENTITIES: usize = 100_000;

/// One entity of a hierarchy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HierarchyItem {
    /// `lb:…` or `lct:…`.
    pub key: String,
    /// `section`, `subsection` or `unit`; of a component, its block type.
    pub type_name: String,
    /// What people call it.
    pub title: String,
    /// Whether authors see something else than learners.
    pub has_unpublished_changes: bool,
}

/// Where an entity stands. It stands among those of its own kind itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hierarchy {
    /// Containers that hold it, or that it holds, and itself if it is one.
    pub containers: Vec<HierarchyItem>,
    /// The components that it holds, or it itself.
    pub components: Vec<HierarchyItem>,
    /// The components whose OLX includes this one.
    pub included_by: Vec<HierarchyItem>,
    /// The components of this library that its OLX includes.
    pub includes: Vec<HierarchyItem>,
}

impl Libraries {
    /// Where a component or container stands.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`] or [`LibraryError::NoSuchContainer`].
    pub async fn hierarchy(&self, key: &str) -> Result<Hierarchy, LibraryError> {
        let mut reader = self.read().await?;
        let own = by_key(&mut reader, key).await?.ok_or_else(|| no_such(key))?;
        let draft = own.standing.draft.ok_or_else(|| no_such(key))?;
        let mut hierarchy = Hierarchy::default();
        if own.kind == COMPONENT {
            let place = Place { library: own.library_id, at: At::Draft };
            let including = place.including_definition(&mut reader, &own.type_name, &own.name).await?;
            hierarchy.included_by = items(self.of_ids(&mut reader, including).await?)?;
            let mut included = BTreeSet::new();
            for include in include::of_version(&mut reader, own.id, draft).await? {
                if include.link.is_none()
                    && let Some(found) =
                        place.component(&mut reader, &include.block_type, &include.name).await?
                {
                    included.insert(found.entity);
                }
            }
            hierarchy.includes = items(self.of_ids(&mut reader, included).await?)?;
        }
        let mut all = above(&mut reader, own.id).await?;
        all.extend(below(&mut reader, &own).await?);
        all.insert(own.id);
        for found in self.of_ids(&mut reader, all).await? {
            let is_component = found.kind == COMPONENT;
            let item = item(found)?;
            if is_component { hierarchy.components.push(item) } else { hierarchy.containers.push(item) }
        }
        Ok(hierarchy)
    }

    /// The entities with these rows that authors see, by title.
    async fn of_ids(&self, reader: &mut Reader, ids: BTreeSet<i64>) -> Result<Vec<Entity>, LibraryError> {
        let ids: Vec<i64> = ids.into_iter().collect();
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let condition = format!("e.id IN ({}) AND e.draft <> 0", list(chunk.len()));
            let values: Vec<_> = chunk.iter().map(|id| (*id).into()).collect();
            found.extend(entity::entities(reader, &condition, &values).await?);
        }
        found.sort_by(|one, other| (&one.title, one.id).cmp(&(&other.title, other.id)));
        Ok(found)
    }
}

fn items(entities: Vec<Entity>) -> Result<Vec<HierarchyItem>, LibraryError> {
    entities.into_iter().map(item).collect()
}

fn item(entity: Entity) -> Result<HierarchyItem, LibraryError> {
    Ok(HierarchyItem {
        key: entity.key()?,
        has_unpublished_changes: entity.standing.has_unpublished_changes(),
        type_name: entity.type_name,
        title: entity.title,
    })
}

/// The containers whose drafts hold an entity, and those that hold them.
async fn above(from: &mut impl Fetch, entity: i64) -> Result<BTreeSet<i64>, LibraryError> {
    let (mut found, mut waiting) = (BTreeSet::new(), vec![entity]);
    while !waiting.is_empty() && found.len() < MAX_ENTITIES {
        let chunk: Vec<i64> = waiting.split_off(waiting.len().saturating_sub(CHUNK));
        let select = format!(
            "SELECT DISTINCT c.entity_id FROM content_entity_child c \
             JOIN content_entity e ON e.id = c.entity_id AND e.draft = c.version WHERE c.child_id IN ({})",
            list(chunk.len())
        );
        let values: Vec<_> = chunk.iter().map(|id| (*id).into()).collect();
        for row in from.fetch(&select, &values).await? {
            let parent = row.int(0)?;
            if found.insert(parent) {
                waiting.push(parent);
            }
        }
    }
    Ok(found)
}

/// What the draft of a container holds, and what that holds.
async fn below(from: &mut impl Fetch, own: &Entity) -> Result<BTreeSet<i64>, LibraryError> {
    let mut found = BTreeSet::new();
    let mut waiting = match (own.kind.as_str(), own.standing.draft) {
        (CONTAINER, Some(draft)) => vec![(own.id, draft)],
        _ => Vec::new(),
    };
    while let Some((id, draft)) = waiting.pop() {
        let held = version::held(from, id, draft).await?.unwrap_or_default();
        let new: Vec<i64> =
            held.children.iter().map(|child| child.entity).filter(|id| found.insert(*id)).collect();
        if found.len() > MAX_ENTITIES {
            break;
        }
        for chunk in new.chunks(CHUNK) {
            let select = format!(
                "SELECT id, draft FROM content_entity WHERE kind = 'container' AND draft <> 0 AND id IN ({})",
                list(chunk.len())
            );
            let values: Vec<_> = chunk.iter().map(|id| (*id).into()).collect();
            for row in from.fetch(&select, &values).await? {
                waiting.push((row.int(0)?, row.count(1)?));
            }
        }
    }
    Ok(found)
}
