//! From a library to the files of a backup.

use std::collections::BTreeSet;
use std::path::Path;

use blockhouse_keys::LibraryKey;

use super::form::{
    About, COMPONENTS, Children, CollectionFile, CollectionHead, EntityFile, FORMAT, Head, Meta, PACKAGE,
    Package, Pointer, VersionHead, moment, to_text,
};
use crate::libraries::entity::{self, CONTAINER, Entity, Held, SELECT};
use crate::libraries::{Author, Libraries, LibraryError};

impl Libraries {
    pub(super) async fn write_backup(
        &self,
        key: &LibraryKey,
        folder: &Path,
        by: &Author,
    ) -> Result<(), LibraryError> {
        let library = self.library(key).await?;
        let package = Package {
            meta: Meta {
                format_version: FORMAT,
                created_by: by.username.clone(),
                created_at: moment(self.now()),
            },
            learning_package: About {
                title: library.title.clone(),
                key: key.to_string(),
                description: library.description.clone(),
                created: moment(library.created),
                updated: moment(library.updated),
            },
        };
        put(folder, PACKAGE, to_text(&package)?.as_bytes())?;
        let sql = format!("{SELECT} WHERE e.library_id = ? ORDER BY e.id");
        let entities: Vec<Entity> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(library.id).fetch_all(&self.pool).await?;
        for found in entities {
            self.write_entity(folder, &found).await?;
        }
        for collection in self.collections(key).await? {
            let items: Vec<(String, String, String)> = sqlx::query_as(
                "SELECT e.kind, e.type, e.name FROM collection_item i JOIN entity e ON e.id = i.entity_id
                 WHERE i.collection_id = ? ORDER BY e.id",
            )
            .bind(collection.id)
            .fetch_all(&self.pool)
            .await?;
            let name = format!("collections/{}.toml", collection.key);
            let head = CollectionHead {
                title: collection.title,
                key: collection.key,
                description: collection.description,
                created: moment(collection.created),
                entities: items
                    .iter()
                    .map(|(kind, type_name, name)| entity_key(kind, type_name, name))
                    .collect(),
            };
            put(folder, &name, to_text(&CollectionFile { collection: head })?.as_bytes())?;
        }
        Ok(())
    }

    async fn write_entity(&self, folder: &Path, found: &Entity) -> Result<(), LibraryError> {
        let is_container = found.kind == CONTAINER;
        let numbers: BTreeSet<u64> =
            [found.standing.draft, found.standing.published].into_iter().flatten().collect();
        let place = if is_container {
            format!("entities/{}", found.name)
        } else {
            format!("entities/{COMPONENTS}/{}/{}", found.type_name, found.name)
        };
        let mut versions = Vec::new();
        for number in numbers.into_iter().rev() {
            let held = entity::held(&self.pool, found.id, number).await?;
            let held =
                held.ok_or_else(|| LibraryError::Damaged(format!("version {number} of {place} is gone")))?;
            if !is_container {
                self.write_files(folder, &format!("{place}/component_versions/v{number}"), &held).await?;
            }
            let child = |child: entity::ContainerChild| backup_key(&child.key);
            versions.push(VersionHead {
                title: held.title,
                version_num: number,
                container: is_container
                    .then(|| Children { children: held.children.into_iter().map(child).collect() }),
            });
        }
        let container = is_container.then(|| {
            let kind = (found.type_name.clone(), toml::Value::Table(toml::Table::new()));
            toml::Table::from_iter([kind])
        });
        let file = EntityFile {
            entity: Head {
                can_stand_alone: found.standing.can_stand_alone,
                key: entity_key(&found.kind, &found.type_name, &found.name),
                created: moment(found.standing.created),
                draft: Pointer { version_num: found.standing.draft },
                published: Pointer { version_num: found.standing.published },
                container,
            },
            version: versions,
        };
        put(folder, &format!("{place}.toml"), to_text(&file)?.as_bytes())
    }

    async fn write_files(&self, folder: &Path, place: &str, held: &Held) -> Result<(), LibraryError> {
        let olx = entity::contents(&self.pool, held.olx.as_deref().unwrap_or_default()).await?;
        put(folder, &format!("{place}/block.xml"), &olx)?;
        for (name, file) in &held.files {
            put(folder, &format!("{place}/{name}"), &entity::contents(&self.pool, &file.digest).await?)?;
        }
        Ok(())
    }
}

/// How a backup names an entity.
fn entity_key(kind: &str, type_name: &str, name: &str) -> String {
    if kind == CONTAINER { name.to_owned() } else { format!("{COMPONENTS}:{type_name}:{name}") }
}

/// As [`entity_key`], from `lb:ORG:SLUG:TYPE:ID` or `lct:ORG:SLUG:TYPE:ID`.
fn backup_key(key: &str) -> String {
    let mut parts = key.rsplitn(3, ':');
    let (name, type_name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if key.starts_with("lct:") { name.to_owned() } else { format!("{COMPONENTS}:{type_name}:{name}") }
}

fn put(folder: &Path, name: &str, data: &[u8]) -> Result<(), LibraryError> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(std::fs::write(path, data)?)
}
