//! What components and containers have in common: versions, and the two pointers to them (spec 7.6).

use std::collections::BTreeMap;

use blockhouse_keys::{ContainerKey, LibraryKey, UsageKey};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row, SqliteExecutor};

use super::{Author, LibraryError, Writing};
use crate::hex;

/// The two kinds of entities.
pub(super) const COMPONENT: &str = "component";
pub(super) const CONTAINER: &str = "container";

/// An entity as it is found, with the titles of the versions that are pointed to.
pub(super) const SELECT: &str =
    "SELECT e.*, l.key AS library_key, d.title AS draft_title, d.created AS modified,
    p.title AS published_title FROM entity e JOIN library l ON l.id = e.library_id
    LEFT JOIN version d ON d.entity_id = e.id AND d.number = e.draft
    LEFT JOIN version p ON p.entity_id = e.id AND p.number = e.published";

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
}

pub(super) struct Entity {
    pub(super) id: i64,
    pub(super) library_id: i64,
    pub(super) library: LibraryKey,
    pub(super) kind: String,
    pub(super) type_name: String,
    pub(super) name: String,
    pub(super) latest: i64,
    pub(super) title: String,
    pub(super) standing: Standing,
}

impl FromRow<'_, SqliteRow> for Entity {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let number =
            |column| Ok::<_, sqlx::Error>(row.try_get::<Option<i64>, _>(column)?.map(i64::cast_unsigned));
        let library: &str = row.try_get("library_key")?;
        let published_title: Option<String> = row.try_get("published_title")?;
        let title: Option<String> = row.try_get("draft_title")?;
        let created = row.try_get("created")?;
        Ok(Self {
            id: row.try_get("id")?,
            library_id: row.try_get("library_id")?,
            library: library.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?,
            kind: row.try_get("kind")?,
            type_name: row.try_get("type")?,
            name: row.try_get("name")?,
            latest: row.try_get("latest")?,
            title: title.or_else(|| published_title.clone()).unwrap_or_default(),
            standing: Standing {
                draft: number("draft")?,
                published: number("published")?,
                can_stand_alone: row.try_get("can_stand_alone")?,
                created,
                modified: row.try_get::<Option<i64>, _>("modified")?.unwrap_or(created),
                published_title,
                last_published: row.try_get("last_published")?,
                published_by: row.try_get("published_by")?,
                last_draft_created: row.try_get("last_draft_created")?,
                last_draft_created_by: row.try_get("last_draft_created_by")?,
            },
        })
    }
}

impl Entity {
    /// The key under which programs know it: `lb:…` or `lct:…`.
    pub(super) fn key(&self) -> Result<String, LibraryError> {
        let damaged = |error: blockhouse_keys::InvalidKey| LibraryError::Damaged(error.to_string());
        if self.kind == CONTAINER {
            return Ok(self
                .library
                .make_container_key(&self.type_name, &self.name)
                .map_err(damaged)?
                .to_string());
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

    pub(super) async fn find(&self, from: impl SqliteExecutor<'_>) -> Result<Option<Entity>, LibraryError> {
        let sql = format!("{SELECT} WHERE l.key = ? AND e.kind = ? AND e.type = ? AND e.name = ?");
        let query = sqlx::query_as(sqlx::AssertSqlSafe(sql));
        let query = query.bind(self.library.as_str()).bind(self.kind).bind(self.type_name).bind(self.name);
        Ok(query.fetch_optional(from).await?)
    }
}

/// One stored file of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct StoredFile {
    pub(super) digest: String,
    pub(super) size: u64,
}

/// One entity in a container. Without a version it is whatever its pointers say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerChild {
    /// `lb:…` or `lct:…`.
    pub key: String,
    /// The version that is meant, whatever is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u64>,
}

/// What a version holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Held {
    pub(super) title: String,
    /// The digest of the OLX; containers have none.
    pub(super) olx: Option<String>,
    pub(super) files: BTreeMap<String, StoredFile>,
    pub(super) children: Vec<ContainerChild>,
}

impl FromRow<'_, SqliteRow> for Held {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        let json = |error: serde_json::Error| sqlx::Error::Decode(Box::new(error));
        Ok(Self {
            title: row.try_get("title")?,
            olx: row.try_get("olx")?,
            files: serde_json::from_str(row.try_get("files")?).map_err(json)?,
            children: serde_json::from_str(row.try_get("children")?).map_err(json)?,
        })
    }
}

pub(super) async fn held(
    from: impl SqliteExecutor<'_>,
    entity: i64,
    number: u64,
) -> Result<Option<Held>, LibraryError> {
    let query =
        sqlx::query_as("SELECT title, olx, files, children FROM version WHERE entity_id = ? AND number = ?");
    Ok(query.bind(entity).bind(number.cast_signed()).fetch_optional(from).await?)
}

/// Begins an entity with its first version.
pub(super) async fn begin(
    tx: &mut Writing<'_>,
    library: i64,
    name: &Name<'_>,
    can_stand_alone: bool,
    first: &Held,
    by: &Author,
    now: i64,
) -> Result<(), LibraryError> {
    let id = sqlx::query(
        "INSERT INTO entity (library_id, kind, type, name, can_stand_alone, created, latest)
         VALUES (?, ?, ?, ?, ?, ?, 0)",
    )
    .bind(library)
    .bind(name.kind)
    .bind(name.type_name)
    .bind(name.name)
    .bind(can_stand_alone)
    .bind(now)
    .execute(&mut **tx)
    .await?
    .last_insert_rowid();
    save(tx, library, id, 1, first, by, now).await
}

/// Makes the next version of an entity, which becomes its draft. A number is never used twice (spec 7.6.3).
pub(super) async fn next_version(
    tx: &mut Writing<'_>,
    entity: &Entity,
    next: &Held,
    by: &Author,
    now: i64,
) -> Result<u64, LibraryError> {
    let number = entity.latest + 1;
    save(tx, entity.library_id, entity.id, number, next, by, now).await?;
    Ok(number.cast_unsigned())
}

async fn save(
    tx: &mut Writing<'_>,
    library: i64,
    entity: i64,
    number: i64,
    held: &Held,
    by: &Author,
    now: i64,
) -> Result<(), LibraryError> {
    sqlx::query(
        "INSERT INTO version (entity_id, number, title, created, created_by, olx, files, children)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(entity)
    .bind(number)
    .bind(&held.title)
    .bind(now)
    .bind(&by.username)
    .bind(&held.olx)
    .bind(serde_json::to_string(&held.files)?)
    .bind(serde_json::to_string(&held.children)?)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "UPDATE entity SET draft = ?, latest = ?, last_draft_created = ?, last_draft_created_by = ? WHERE id = ?",
    )
    .bind(number)
    .bind(number)
    .bind(now)
    .bind(&by.username)
    .bind(entity)
    .execute(&mut **tx)
    .await?;
    sqlx::query(
        "UPDATE library SET last_draft_created = ?, last_draft_created_by = ?, updated = ? WHERE id = ?",
    )
    .bind(now)
    .bind(&by.username)
    .bind(now)
    .bind(library)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Keeps contents, once, and gives their digest.
pub(super) async fn keep(tx: &mut Writing<'_>, data: &[u8]) -> Result<String, LibraryError> {
    let digest = hex::sha256(data);
    sqlx::query("INSERT OR IGNORE INTO content (digest, data) VALUES (?, ?)")
        .bind(&digest)
        .bind(data)
        .execute(&mut **tx)
        .await?;
    Ok(digest)
}

pub(super) async fn contents(from: impl SqliteExecutor<'_>, digest: &str) -> Result<Vec<u8>, LibraryError> {
    let data = sqlx::query_scalar("SELECT data FROM content WHERE digest = ?").bind(digest);
    data.fetch_optional(from)
        .await?
        .ok_or_else(|| LibraryError::Damaged(format!("the contents {digest} are gone")))
}
