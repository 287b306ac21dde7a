//! From a library to the files of a backup.

use std::path::Path;

use blockhouse_keys::LibraryKey;

use super::form::{
    About, COMPONENTS, Children, CollectionFile, CollectionHead, EntityFile, FORMAT, Head, Meta, PACKAGE,
    Package, Pointer, VersionHead, moment, to_text,
};
use crate::libraries::container::keyed;
use crate::libraries::entity::{self, CONTAINER, Entity};
use crate::libraries::version::{self, Held};
use crate::libraries::{Author, Libraries, LibraryError};
use crate::storage::database::Fetch as _;

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
        let condition = "e.library_id = ? AND e.kind <> 'link' ORDER BY e.id";
        let entities = entity::entities(&mut self.read().await?, condition, &[library.id.into()]).await?;
        for found in entities {
            self.write_entity(folder, &found).await?;
        }
        self.write_links(folder, library.id).await?;
        for collection in self.collections(key).await? {
            let select = "SELECT e.kind, e.type, e.name FROM content_library_item i \
                          JOIN content_entity e ON e.id = i.entity_id WHERE i.collection_id = ? ORDER BY e.id";
            let rows = self.read().await?.fetch(select, &[collection.id.into()]).await?;
            let mut items = Vec::with_capacity(rows.len());
            for row in &rows {
                items.push(entity_key(&row.text(0)?, &row.text(1)?, &row.text(2)?));
            }
            let name = format!("collections/{}.toml", collection.key);
            let head = CollectionHead {
                title: collection.title,
                key: collection.key,
                description: collection.description,
                created: moment(collection.created),
                entities: items,
            };
            put(folder, &name, to_text(&CollectionFile { collection: head })?.as_bytes())?;
        }
        Ok(())
    }

    async fn write_entity(&self, folder: &Path, found: &Entity) -> Result<(), LibraryError> {
        let is_container = found.kind == CONTAINER;
        let place = if is_container {
            format!("entities/{}", found.name)
        } else {
            format!("entities/{COMPONENTS}/{}/{}", found.type_name, found.name)
        };
        let mut versions = Vec::new();
        for number in found.standing.seen().into_iter().rev() {
            let held = version::held(&mut self.read().await?, found.id, number).await?;
            let held =
                held.ok_or_else(|| LibraryError::Damaged(format!("version {number} of {place} is gone")))?;
            if !is_container {
                self.write_files(folder, &format!("{place}/component_versions/v{number}"), &held).await?;
            }
            let children = keyed(&mut self.read().await?, &held.children).await?;
            versions.push(VersionHead {
                title: held.title,
                version_num: number,
                container: is_container.then(|| Children {
                    children: children.iter().map(|child| backup_key(&child.key)).collect(),
                }),
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
        let mut reader = self.read().await?;
        for (name, file) in &held.files {
            let data = self.storage.contents(&mut reader, file.digest).await?;
            put(folder, &format!("{place}/{name}"), &data)?;
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

pub(super) fn put(folder: &Path, name: &str, data: &[u8]) -> Result<(), LibraryError> {
    let path = folder.join(name);
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent)?;
    }
    Ok(std::fs::write(path, data)?)
}
