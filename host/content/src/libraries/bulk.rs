//! Bringing in many entities at once: what restores a backup and imports a library.

use std::collections::HashMap;

use super::LibraryError;
use super::change::Change;
use crate::storage::database::{Fetch as _, Value, list};
use crate::storage::number;

/// How many names are asked for in one statement.
const CHUNK: usize = 500;

/// An entity with the versions that its pointers name. The versions are stored afterwards.
pub(super) struct NewEntity {
    pub(super) kind: &'static str,
    pub(super) type_name: String,
    pub(super) name: String,
    pub(super) can_stand_alone: bool,
    /// Milliseconds since 1970.
    pub(super) created: i64,
    pub(super) draft: Option<u64>,
    pub(super) published: Option<u64>,
    pub(super) latest: u64,
}

/// The rows of entities by kind, type and name.
pub(super) type Rows = HashMap<(String, String, String), i64>;

impl Change<'_> {
    /// Begins entities that a library does not have yet, and gives their rows; those of others of the same names are
    /// among them.
    pub(super) async fn begin_all(
        &mut self,
        library: i64,
        entities: &[NewEntity],
    ) -> Result<Rows, LibraryError> {
        let pointer = |version: Option<u64>| number(version.unwrap_or_default());
        let rows: Vec<[Value<'_>; 10]> = entities
            .iter()
            .map(|new| -> [Value<'_>; 10] {
                [
                    library.into(),
                    new.kind.into(),
                    (&new.type_name).into(),
                    (&new.name).into(),
                    i64::from(new.can_stand_alone).into(),
                    new.created.into(),
                    pointer(new.draft).into(),
                    pointer(new.published).into(),
                    number(new.latest).into(),
                    i64::from(new.draft != new.published).into(),
                ]
            })
            .collect();
        let columns = [
            "library_id",
            "kind",
            "type",
            "name",
            "can_stand_alone",
            "created",
            "draft",
            "published",
            "latest",
            "pending",
        ];
        self.insert("content_entity", &columns, &rows).await?;
        let mut begun = Rows::with_capacity(entities.len());
        for chunk in entities.chunks(CHUNK) {
            let select = format!(
                "SELECT id, kind, type, name FROM content_entity WHERE library_id = ? AND name IN ({})",
                list(chunk.len())
            );
            let names = chunk.iter().map(|new| Value::from(&new.name));
            let values: Vec<_> = [library.into()].into_iter().chain(names).collect();
            for row in self.tx.fetch(&select, &values).await? {
                begun.insert((row.text(1)?, row.text(2)?, row.text(3)?), row.int(0)?);
            }
        }
        Ok(begun)
    }
}
