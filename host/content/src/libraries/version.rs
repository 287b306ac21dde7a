//! The immutable versions of entities, and what each holds (spec 7.6.1, 7.6.2).

use std::collections::BTreeMap;

use super::LibraryError;
use super::change::Change;
use crate::storage::database::{Fetch, Value, insert};
use crate::storage::{Digest, Storage, number, stored_digest};

/// The file of a component's version that is its OLX.
pub(super) const OLX: &str = "block.xml";

/// How many rows go into one statement.
const CHUNK: usize = 500;

/// One stored file of a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StoredFile {
    pub(super) digest: Digest,
    pub(super) size: u64,
}

/// One entity that a container lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Child {
    pub(super) entity: i64,
    /// The version that is meant; none: whatever the entity's own pointers say.
    pub(super) version: Option<u64>,
}

/// What a version holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Held {
    pub(super) title: String,
    /// By name. Of a component, the OLX and what is below `static/`; a container has none.
    pub(super) files: BTreeMap<String, StoredFile>,
    /// Of a container.
    pub(super) children: Vec<Child>,
}

impl Held {
    pub(super) fn olx(&self) -> Result<StoredFile, LibraryError> {
        let gone = || LibraryError::Damaged("a component has no OLX".to_owned());
        self.files.get(OLX).copied().ok_or_else(gone)
    }

    pub(super) async fn olx_text(
        &self,
        storage: &Storage,
        from: &mut impl Fetch,
    ) -> Result<String, LibraryError> {
        let data = storage.contents(from, self.olx()?.digest).await?;
        String::from_utf8(data.into()).map_err(|error| LibraryError::Damaged(error.to_string()))
    }
}

/// A version to be stored.
pub(super) struct NewVersion<'a> {
    pub(super) entity: i64,
    pub(super) number: u64,
    pub(super) held: &'a Held,
}

/// What a version holds; `None` if there is no such version.
pub(super) async fn held(
    from: &mut impl Fetch,
    entity: i64,
    version: u64,
) -> Result<Option<Held>, LibraryError> {
    let select = "SELECT v.title, f.path, f.digest, f.size FROM content_entity_version v \
                  LEFT JOIN content_entity_file f ON f.entity_id = v.entity_id AND f.version = v.version \
                  WHERE v.entity_id = ? AND v.version = ?";
    let values: [Value<'_>; 2] = [entity.into(), number(version).into()];
    let rows = from.fetch(select, &values).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let mut held = Held { title: first.text(0)?, ..Held::default() };
    for row in &rows {
        if let Some(path) = row.maybe_text(1)? {
            let file = StoredFile { digest: stored_digest(&row.bytes(2)?)?, size: row.count(3)? };
            held.files.insert(path, file);
        }
    }
    if held.files.is_empty() {
        held.children = children(from, entity, version).await?;
    }
    Ok(Some(held))
}

async fn children(from: &mut impl Fetch, entity: i64, version: u64) -> Result<Vec<Child>, LibraryError> {
    let select = "SELECT child_id, child_version FROM content_entity_child \
                  WHERE entity_id = ? AND version = ? ORDER BY place";
    let rows = from.fetch(select, &[entity.into(), number(version).into()]).await?;
    let child = |row: &crate::storage::database::Row| {
        let version = row.maybe_int(1)?.map(i64::cast_unsigned);
        Ok(Child { entity: row.int(0)?, version })
    };
    rows.iter().map(child).collect()
}

impl Change<'_> {
    /// Stores versions.
    pub(super) async fn store_versions(&mut self, versions: &[NewVersion<'_>]) -> Result<(), LibraryError> {
        let by = self.by;
        let rows: Vec<[Value<'_>; 5]> = versions
            .iter()
            .map(|new| {
                let NewVersion { entity, number: version, held } = new;
                [
                    (*entity).into(),
                    number(*version).into(),
                    (&held.title).into(),
                    self.now.into(),
                    (&by.username).into(),
                ]
            })
            .collect();
        let columns = ["entity_id", "version", "title", "created", "created_by"];
        self.insert("content_entity_version", &columns, &rows).await?;

        let rows: Vec<[Value<'_>; 5]> = versions
            .iter()
            .flat_map(|new| {
                new.held.files.iter().map(|(path, file)| -> [Value<'_>; 5] {
                    [
                        new.entity.into(),
                        number(new.number).into(),
                        path.into(),
                        file.digest.as_bytes().into(),
                        number(file.size).into(),
                    ]
                })
            })
            .collect();
        let columns = ["entity_id", "version", "path", "digest", "size"];
        self.insert("content_entity_file", &columns, &rows).await?;

        let rows: Vec<[Value<'_>; 5]> = versions
            .iter()
            .flat_map(|new| {
                new.held.children.iter().zip(0_u64..).map(|(child, place)| -> [Value<'_>; 5] {
                    [
                        new.entity.into(),
                        number(new.number).into(),
                        number(place).into(),
                        child.entity.into(),
                        child.version.map(number).into(),
                    ]
                })
            })
            .collect();
        let columns = ["entity_id", "version", "place", "child_id", "child_version"];
        self.insert("content_entity_child", &columns, &rows).await
    }

    /// Inserts rows, many in one statement.
    pub(super) async fn insert<const N: usize>(
        &mut self,
        table: &str,
        columns: &[&str; N],
        rows: &[[Value<'_>; N]],
    ) -> Result<(), LibraryError> {
        for chunk in rows.chunks(CHUNK) {
            self.run(&insert(table, columns, chunk.len()), chunk.as_flattened()).await?;
        }
        Ok(())
    }
}
