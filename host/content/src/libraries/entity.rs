//! What components and containers have in common: versions, and the two pointers to them (spec 7.6).

use std::collections::BTreeSet;

use blockhouse_keys::{ContainerKey, LibraryKey, UsageKey};

use super::LibraryError;
use super::change::Change;
use super::version::{Held, NewVersion};
use crate::storage::database::{Fetch, Row, Value};
use crate::storage::number;

/// The kinds of entities.
pub(super) const COMPONENT: &str = "component";
pub(super) const CONTAINER: &str = "container";
pub(super) const LINK: &str = "link";

/// The most characters of type and name together (spec 7.5).
const MAX_KEY: usize = 500;

/// An entity as it is found, with the titles of the versions that are pointed to.
const SELECT: &str = "SELECT e.id, e.library_id, l.library_key, e.kind, e.type, e.name, e.latest, e.draft, \
    e.published, e.can_stand_alone, e.created, e.last_published, e.published_by, e.last_draft_created, \
    e.last_draft_created_by, d.title, d.created, p.title \
    FROM content_entity e JOIN content_library l ON l.id = e.library_id \
    LEFT JOIN content_entity_version d ON d.entity_id = e.id AND d.version = e.draft \
    LEFT JOIN content_entity_version p ON p.entity_id = e.id AND p.version = e.published";

/// How far an entity is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The number of the version that authors see; none: deleted.
    pub draft: Option<u64>,
    /// The number of the version that learners see; none: not published.
    pub published: Option<u64>,
    /// Whether a component or container may be used by itself, outside of containers.
    pub can_stand_alone: bool,
    /// Milliseconds since 1970, as all moments here.
    pub created: i64,
    /// When the draft was saved.
    pub modified: i64,
    /// The title of the published version.
    pub published_title: Option<String>,
    /// When it was last published.
    pub last_published: Option<i64>,
    /// By whom.
    pub published_by: Option<String>,
    /// When it was last saved.
    pub last_draft_created: Option<i64>,
    /// By whom.
    pub last_draft_created_by: Option<String>,
}

impl Standing {
    /// Whether authors see something else than learners.
    pub fn has_unpublished_changes(&self) -> bool {
        self.draft != self.published
    }

    /// The numbers of the versions that anybody sees.
    pub(super) fn seen(&self) -> BTreeSet<u64> {
        [self.draft, self.published].into_iter().flatten().collect()
    }
}

#[derive(Clone, Debug)]
pub(super) struct Entity {
    pub(super) id: i64,
    pub(super) library_id: i64,
    pub(super) library: LibraryKey,
    pub(super) kind: String,
    pub(super) type_name: String,
    pub(super) name: String,
    pub(super) latest: u64,
    pub(super) title: String,
    pub(super) standing: Standing,
}

impl Entity {
    fn read(row: &Row) -> Result<Self, LibraryError> {
        let pointer = |column| Ok::<_, LibraryError>(Some(row.count(column)?).filter(|number| *number > 0));
        let library = row.text(2)?;
        let published_title = row.maybe_text(17)?;
        let created = row.int(10)?;
        Ok(Self {
            id: row.int(0)?,
            library_id: row.int(1)?,
            library: library.parse().map_err(damaged)?,
            kind: row.text(3)?,
            type_name: row.text(4)?,
            name: row.text(5)?,
            latest: row.count(6)?,
            title: row.maybe_text(15)?.or_else(|| published_title.clone()).unwrap_or_default(),
            standing: Standing {
                draft: pointer(7)?,
                published: pointer(8)?,
                can_stand_alone: row.int(9)? != 0,
                created,
                modified: row.maybe_int(16)?.unwrap_or(created),
                published_title,
                last_published: row.maybe_int(11)?,
                published_by: row.maybe_text(12)?,
                last_draft_created: row.maybe_int(13)?,
                last_draft_created_by: row.maybe_text(14)?,
            },
        })
    }

    /// The key under which programs know it: `lb:…` or `lct:…`; a link, which has none, is `link:` and its name.
    pub(super) fn key(&self) -> Result<String, LibraryError> {
        if self.kind == LINK {
            return Ok(format!("{LINK}:{}", self.name));
        }
        if self.kind == CONTAINER {
            let key = self.library.make_container_key(&self.type_name, &self.name);
            return Ok(key.map_err(damaged)?.to_string());
        }
        Ok(self.library.make_usage_key(&self.type_name, &self.name).map_err(damaged)?.to_string())
    }

    pub(super) fn check_base(&self, based_on: Option<u64>) -> Result<(), LibraryError> {
        match (based_on, self.standing.draft) {
            (Some(base), Some(current)) if base != current => {
                Err(LibraryError::Stale { what: self.key()?, current })
            }
            _ => Ok(()),
        }
    }
}

fn damaged(error: blockhouse_keys::InvalidKey) -> LibraryError {
    LibraryError::Damaged(error.to_string())
}

/// The entities that a condition finds; it may speak of `e`, the entity, and end with an order.
pub(super) async fn entities(
    from: &mut impl Fetch,
    condition: &str,
    values: &[Value<'_>],
) -> Result<Vec<Entity>, LibraryError> {
    from.fetch(&format!("{SELECT} WHERE {condition}"), values).await?.iter().map(Entity::read).collect()
}

/// The names that find an entity.
pub(super) struct Name<'a> {
    pub(super) library: LibraryKey,
    pub(super) kind: &'static str,
    pub(super) type_name: &'a str,
    pub(super) name: &'a str,
}

impl<'a> Name<'a> {
    /// `None` for the key of another kind of context.
    pub(super) fn of_usage(usage: &'a UsageKey) -> Option<Self> {
        let UsageKey::Library(key) = usage else { return None };
        let library = key.library_key().clone();
        Some(Self { library, kind: COMPONENT, type_name: usage.block_type(), name: usage.block_id() })
    }

    pub(super) fn of_container(key: &'a ContainerKey) -> Self {
        let (type_name, name) = (key.container_type(), key.container_id());
        Self { library: key.library_key().clone(), kind: CONTAINER, type_name, name }
    }

    pub(super) async fn find(&self, from: &mut impl Fetch) -> Result<Option<Entity>, LibraryError> {
        let condition = "l.library_key = ? AND e.kind = ? AND e.type = ? AND e.name = ?";
        let values: [Value<'_>; 4] =
            [self.library.as_str().into(), self.kind.into(), self.type_name.into(), self.name.into()];
        Ok(entities(from, condition, &values).await?.pop())
    }

    /// # Errors
    /// [`LibraryError::Invalid`] for names that are too long to be kept.
    pub(super) fn check_length(&self, field: &'static str) -> Result<(), LibraryError> {
        if self.type_name.chars().count() + self.name.chars().count() <= MAX_KEY {
            return Ok(());
        }
        let message = format!("Ensure this field has no more than {MAX_KEY} characters.");
        Err(LibraryError::invalid(field, message))
    }
}

/// The entity with this key, `lb:…` or `lct:…`.
pub(super) async fn by_key(from: &mut impl Fetch, key: &str) -> Result<Option<Entity>, LibraryError> {
    if let Ok(container) = key.parse() {
        return Name::of_container(&container).find(from).await;
    }
    let Ok(usage) = key.parse() else { return Ok(None) };
    match Name::of_usage(&usage) {
        Some(name) => name.find(from).await,
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

impl Change<'_> {
    /// The entity that is to be changed. Nobody else changes its library until this change has ended.
    pub(super) async fn entity(&mut self, name: &Name<'_>) -> Result<Option<Entity>, LibraryError> {
        self.library(&name.library).await?;
        name.find(&mut self.tx).await
    }

    /// Begins an entity with its first version.
    pub(super) async fn begin(
        &mut self,
        library: i64,
        name: &Name<'_>,
        can_stand_alone: bool,
        first: &Held,
    ) -> Result<(), LibraryError> {
        let insert = "INSERT INTO content_entity (library_id, kind, type, name, can_stand_alone, created, draft, \
                      published, latest, pending) VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0)";
        let of: [Value<'_>; 4] = [library.into(), name.kind.into(), name.type_name.into(), name.name.into()];
        let values: Vec<_> =
            of.into_iter().chain([i64::from(can_stand_alone).into(), self.now.into()]).collect();
        self.run(insert, &values).await?;
        let select =
            "SELECT id FROM content_entity WHERE library_id = ? AND kind = ? AND type = ? AND name = ?";
        let row = self.tx.fetch_optional(select, &of).await?;
        let gone = || LibraryError::Damaged("an entity was made and is not there".to_owned());
        let id = row.ok_or_else(gone)?.int(0)?;
        self.save(library, id, 1, first).await
    }

    /// Makes the next version of an entity, which becomes its draft. A number is never used twice (spec 7.6.3).
    pub(super) async fn next_version(&mut self, entity: &Entity, next: &Held) -> Result<u64, LibraryError> {
        let version = entity.latest + 1;
        self.save(entity.library_id, entity.id, version, next).await?;
        Ok(version)
    }

    async fn save(
        &mut self,
        library: i64,
        entity: i64,
        version: u64,
        held: &Held,
    ) -> Result<(), LibraryError> {
        self.store_versions(&[NewVersion { entity, number: version, held }]).await?;
        self.run(
            "UPDATE content_entity SET latest = ? WHERE id = ?",
            &[number(version).into(), entity.into()],
        )
        .await?;
        self.point_draft(library, entity, Some(version)).await
    }

    /// Says which version authors see; none: it is deleted for them.
    pub(super) async fn point_draft(
        &mut self,
        library: i64,
        entity: i64,
        version: Option<u64>,
    ) -> Result<(), LibraryError> {
        let draft = number(version.unwrap_or_default());
        let (now, by) = (self.now, self.by);
        let values: [Value<'_>; 5] =
            [draft.into(), draft.into(), now.into(), (&by.username).into(), entity.into()];
        self.run(
            "UPDATE content_entity SET draft = ?, pending = CASE WHEN published = ? THEN 0 ELSE 1 END, \
             last_draft_created = ?, last_draft_created_by = ? WHERE id = ?",
            &values,
        )
        .await?;
        let values: [Value<'_>; 4] = [now.into(), (&by.username).into(), now.into(), library.into()];
        self.run(
            "UPDATE content_library SET last_draft_created = ?, last_draft_created_by = ?, updated = ? WHERE id = ?",
            &values,
        )
        .await?;
        Ok(())
    }

    /// Notes what happened to an entity.
    pub(super) async fn tell_entity(&mut self, entity: &Entity, verb: &str) -> Result<(), LibraryError> {
        let (key, library) = (entity.key()?, entity.library.clone());
        self.tell_key(&library, &key, verb).await
    }

    /// As [`Change::tell_entity`], of the entity with this key.
    pub(super) async fn tell_key(
        &mut self,
        library: &LibraryKey,
        key: &str,
        verb: &str,
    ) -> Result<(), LibraryError> {
        // There is no event of links (spec 7.7): they are a matter of the library.
        if key.starts_with("link:") {
            return self.tell_library(library, "updated").await;
        }
        let (kind, data) = if key.starts_with("lct:") {
            ("library_container", serde_json::json!({ "container_key": key, "background": false }))
        } else {
            ("library_block", serde_json::json!({ "library_key": library.as_str(), "usage_key": key }))
        };
        self.tell(library, key, kind, verb, data).await
    }
}
