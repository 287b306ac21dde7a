//! Publishing and reverting: the pointers of learners and authors are brought together (spec 7.6.4, 7.6.5). Both cost
//! in proportion to what differs, not to what is there.

use std::collections::BTreeSet;

use blockhouse_keys::LibraryKey;
use serde_json::json;

use super::entity::{self, CONTAINER, Entity, SELECT};
use super::events::emit;
use super::library::in_transaction;
use super::{Author, Libraries, Library, LibraryError, Writing};

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
        let (components, changes, deletes): (i64, bool, bool) = sqlx::query_as(
            "SELECT (SELECT count(*) FROM entity WHERE library_id = ?1 AND kind = 'component' AND draft IS NOT NULL),
             EXISTS (SELECT 1 FROM entity WHERE library_id = ?1 AND draft IS NOT published),
             EXISTS (SELECT 1 FROM entity WHERE library_id = ?1 AND draft IS NOT published AND draft IS NULL)",
        )
        .bind(library.id)
        .fetch_one(&self.pool)
        .await?;
        Ok(Counts {
            components: components.cast_unsigned(),
            has_unpublished_changes: changes,
            has_unpublished_deletes: deletes,
        })
    }

    /// What publishing would change.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn pending(&self, key: &LibraryKey) -> Result<Vec<Pending>, LibraryError> {
        let library = self.library(key).await?;
        let sql =
            format!("{SELECT} WHERE e.library_id = ? AND e.draft IS NOT e.published ORDER BY e.type, e.name");
        let entities: Vec<Entity> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(library.id).fetch_all(&self.pool).await?;
        let pending = |entity: Entity| {
            Ok(Pending {
                key: entity.key()?,
                title: entity.title,
                draft: entity.standing.draft,
                published: entity.standing.published,
            })
        };
        entities.into_iter().map(pending).collect()
    }

    /// Publishes everything. Nothing to publish is fine.
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn publish_library(&self, key: &LibraryKey, by: &Author) -> Result<(), LibraryError> {
        let now = self.now();
        let mut tx = self.write().await?;
        let library = in_transaction(&mut tx, key).await?;
        let pending = pending_of(&mut tx, library.id).await?;
        publish(&mut tx, &library, &pending, by, now).await?;
        Ok(tx.commit().await?)
    }

    /// Publishes one component or container with all that it contains (spec 7.6.4).
    ///
    /// # Errors
    /// [`LibraryError::NoSuchComponent`] or [`LibraryError::NoSuchContainer`].
    pub async fn publish_one(&self, key: &str, by: &Author) -> Result<(), LibraryError> {
        let now = self.now();
        let mut tx = self.write().await?;
        let first = by_key(&mut tx, key).await?.ok_or_else(|| no_such(key))?;
        let library = in_transaction(&mut tx, &first.library).await?;
        let mut wanted = vec![first];
        let (mut seen, mut pending) = (BTreeSet::new(), Vec::new());
        while let Some(next) = wanted.pop() {
            if !seen.insert(next.id) {
                continue;
            }
            if let (CONTAINER, Some(draft)) = (next.kind.as_str(), next.standing.draft) {
                let held = entity::held(&mut *tx, next.id, draft).await?.unwrap_or_default();
                for child in held.children {
                    wanted.extend(by_key(&mut tx, &child.key).await?);
                }
            }
            if next.standing.has_unpublished_changes() {
                pending.push(next);
            }
        }
        publish(&mut tx, &library, &pending, by, now).await?;
        Ok(tx.commit().await?)
    }

    /// Brings authors back to what learners see. What was never published is deleted. Versions stay (spec 7.6.5).
    ///
    /// # Errors
    /// [`LibraryError::NoSuchLibrary`].
    pub async fn revert_library(&self, key: &LibraryKey) -> Result<(), LibraryError> {
        let now = self.now();
        let mut tx = self.write().await?;
        let library = in_transaction(&mut tx, key).await?;
        for entity in pending_of(&mut tx, library.id).await? {
            let verb = if entity.standing.published.is_some() { "updated" } else { "deleted" };
            sqlx::query("UPDATE entity SET draft = published WHERE id = ?")
                .bind(entity.id)
                .execute(&mut *tx)
                .await?;
            tell(&mut tx, &entity, verb, now).await?;
        }
        emit(&mut tx, "content_library", "updated", json!({ "library_key": key.as_str() }), now).await?;
        Ok(tx.commit().await?)
    }
}

async fn pending_of(tx: &mut Writing<'_>, library: i64) -> Result<Vec<Entity>, LibraryError> {
    let sql = format!("{SELECT} WHERE e.library_id = ? AND e.draft IS NOT e.published");
    Ok(sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(library).fetch_all(&mut **tx).await?)
}

/// The entity with this key, `lb:…` or `lct:…`.
pub(super) async fn by_key(tx: &mut Writing<'_>, key: &str) -> Result<Option<Entity>, LibraryError> {
    if let Ok(container) = key.parse() {
        return entity::Name::of_container(&container).find(&mut **tx).await;
    }
    let Ok(usage) = key.parse() else { return Ok(None) };
    match entity::Name::of_usage(&usage) {
        Some(name) => name.find(&mut **tx).await,
        None => Ok(None),
    }
}

pub(super) fn no_such(key: &str) -> LibraryError {
    match (key.parse(), key.parse()) {
        (Ok(container), _) => LibraryError::NoSuchContainer(container),
        (_, Ok(usage)) => LibraryError::NoSuchComponent(usage),
        _ => LibraryError::invalid("key", format!("`{key}` is the key of no component or container")),
    }
}

async fn publish(
    tx: &mut Writing<'_>,
    library: &Library,
    pending: &[Entity],
    by: &Author,
    now: i64,
) -> Result<(), LibraryError> {
    for entity in pending {
        sqlx::query("UPDATE entity SET published = draft, last_published = ?, published_by = ? WHERE id = ?")
            .bind(now)
            .bind(&by.username)
            .bind(entity.id)
            .execute(&mut **tx)
            .await?;
        tell(tx, entity, "published", now).await?;
    }
    if !pending.is_empty() {
        sqlx::query("UPDATE library SET last_published = ?, published_by = ?, updated = ? WHERE id = ?")
            .bind(now)
            .bind(&by.username)
            .bind(now)
            .bind(library.id)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

async fn tell(tx: &mut Writing<'_>, entity: &Entity, verb: &str, now: i64) -> Result<(), LibraryError> {
    let (key, library) = (entity.key()?, entity.library.as_str());
    if entity.kind == CONTAINER {
        return emit(
            tx,
            "library_container",
            verb,
            json!({ "container_key": key, "background": false }),
            now,
        )
        .await;
    }
    emit(tx, "library_block", verb, json!({ "library_key": library, "usage_key": key }), now).await
}
