//! From the files of a backup to a library.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use blockhouse_keys::LibraryKey;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::form::{COMPONENTS, CollectionFile, EntityFile, FORMAT, PACKAGE, Package, VersionHead, millis};
use crate::libraries::entity::{self, COMPONENT, CONTAINER, ContainerChild, Held, StoredFile};
use crate::libraries::events::emit;
use crate::libraries::files::checked_path;
use crate::libraries::team::{Level, grant_account};
use crate::libraries::{Author, Libraries, Library, LibraryError, Writing};

/// Where an entity of the backup has become one of the library.
struct Made {
    id: i64,
    key: String,
}

impl Libraries {
    pub(super) async fn read_backup(
        &self,
        folder: &Path,
        under: Option<&LibraryKey>,
        by: &Author,
    ) -> Result<Library, LibraryError> {
        let root = root(folder)?;
        let Package { meta, learning_package: about } = read(&root.join(PACKAGE))?;
        if meta.format_version != FORMAT {
            return Err(refused(&format!(
                "its form is {}; this host reads the form {FORMAT}",
                meta.format_version
            )));
        }
        let key = match under {
            Some(key) => key.clone(),
            None => about.key.parse().map_err(|error| refused(&format!("{error}")))?,
        };
        let files = files(&root.join("entities"))?;
        let now = self.now();
        let mut tx = self.write().await?;
        let taken: Option<i64> = sqlx::query_scalar("SELECT id FROM library WHERE key = ?")
            .bind(key.as_str())
            .fetch_optional(&mut *tx)
            .await?;
        if taken.is_some() {
            return Err(LibraryError::invalid(
                "slug",
                "A library with that ID already exists. Restore it under another one.",
            ));
        }
        let id = sqlx::query(
            "INSERT INTO library (key, org, slug, title, description, license, allow_public_learning,
             allow_public_read, created, updated) VALUES (?, ?, ?, ?, ?, '', 0, 0, ?, ?)",
        )
        .bind(key.as_str())
        .bind(key.org())
        .bind(key.slug())
        .bind(if about.title.trim().is_empty() { key.as_str() } else { &about.title })
        .bind(&about.description)
        .bind(millis(about.created.as_ref()).unwrap_or(now))
        .bind(millis(about.updated.as_ref()).unwrap_or(now))
        .execute(&mut *tx)
        .await?
        .last_insert_rowid();
        grant_account(&mut tx, id, by.account, &by.username, "", Level::Admin).await?;

        let mut parsed = Vec::new();
        for path in files.iter().filter(|path| is_entity(path)) {
            parsed.push((path.with_extension(""), read::<EntityFile>(path)?));
        }
        let components = parsed.iter().filter(|(_, file)| file.entity.container.is_none()).count() as u64;
        if components > self.rules.max_components {
            let most = self.rules.max_components;
            return Err(refused(&format!("Library cannot have more than {most} Components.")));
        }
        let mut made = BTreeMap::new();
        for (_, file) in &parsed {
            let entry = begin(&mut tx, id, &key, file, now).await?;
            if made.insert(file.entity.key.clone(), entry).is_some() {
                return Err(refused(&format!("it has the entity `{}` twice", file.entity.key)));
            }
        }
        for (place, file) in &parsed {
            for version in &file.version {
                let held = held(&mut tx, place, file, version, &made).await?;
                if let Some(entity) = made.get(&file.entity.key) {
                    store(&mut tx, entity.id, version.version_num, &held, by, now).await?;
                }
            }
        }
        read_collections(&mut tx, &root, id, &made, now).await?;
        emit(&mut tx, "content_library", "created", json!({ "library_key": key.as_str() }), now).await?;
        tx.commit().await?;
        self.library(&key).await
    }
}

/// The folder with the package: this one, or the only one in it.
fn root(folder: &Path) -> Result<PathBuf, LibraryError> {
    if folder.join(PACKAGE).is_file() {
        return Ok(folder.to_owned());
    }
    let mut inside = std::fs::read_dir(folder)?.filter_map(|entry| Some(entry.ok()?.path()));
    let found = inside.find(|path| path.join(PACKAGE).is_file());
    found.ok_or_else(|| refused(&format!("it has no `{PACKAGE}`")))
}

fn refused(reason: &str) -> LibraryError {
    LibraryError::invalid("file", format!("The file is no backup that can be restored: {reason}"))
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, LibraryError> {
    let text = std::fs::read_to_string(path)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    toml::from_str(&text).map_err(|error| refused(&format!("{name}: {}", error.message())))
}

/// All files below a folder that is there or not.
fn files(folder: &Path) -> Result<Vec<PathBuf>, LibraryError> {
    let (mut files, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        if !folder.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

/// A component's own files may be TOML too.
fn is_entity(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "toml")
        && !path.components().any(|part| part.as_os_str() == "component_versions")
}

async fn begin(
    tx: &mut Writing<'_>,
    library: i64,
    key: &LibraryKey,
    file: &EntityFile,
    now: i64,
) -> Result<Made, LibraryError> {
    let head = &file.entity;
    let (kind, type_name, name) = match (&head.container, head.key.split(':').collect::<Vec<_>>().as_slice())
    {
        (None, [COMPONENTS, type_name, name]) => (COMPONENT, (*type_name).to_owned(), (*name).to_owned()),
        (Some(kinds), [name]) => match kinds.keys().next() {
            Some(kind) => (CONTAINER, kind.clone(), (*name).to_owned()),
            None => return Err(refused(&format!("the container `{name}` is of no kind"))),
        },
        _ => return Err(refused(&format!("`{}` is the key of no entity", head.key))),
    };
    let made_key = if kind == COMPONENT {
        key.make_usage_key(&type_name, &name).map(|key| key.to_string())
    } else {
        key.make_container_key(&type_name, &name).map(|key| key.to_string())
    };
    let made_key = made_key.map_err(|error| refused(&error.to_string()))?;
    let numbers: Vec<u64> = file.version.iter().map(|version| version.version_num).collect();
    let pointer = |number: Option<u64>| match number {
        Some(number) if !numbers.contains(&number) => {
            Err(refused(&format!("version {number} of `{}` is missing", head.key)))
        }
        other => Ok(other.map(u64::cast_signed)),
    };
    let id = sqlx::query(
        "INSERT INTO entity (library_id, kind, type, name, can_stand_alone, created, draft, published, latest)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(library)
    .bind(kind)
    .bind(&type_name)
    .bind(&name)
    .bind(head.can_stand_alone)
    .bind(millis(head.created.as_ref()).unwrap_or(now))
    .bind(pointer(head.draft.version_num)?)
    .bind(pointer(head.published.version_num)?)
    .bind(numbers.iter().max().copied().unwrap_or_default().cast_signed())
    .execute(&mut **tx)
    .await?
    .last_insert_rowid();
    Ok(Made { id, key: made_key })
}

async fn held(
    tx: &mut Writing<'_>,
    place: &Path,
    file: &EntityFile,
    version: &VersionHead,
    made: &BTreeMap<String, Made>,
) -> Result<Held, LibraryError> {
    let mut held = Held { title: version.title.clone(), ..Held::default() };
    if file.entity.container.is_some() {
        for child in version.container.iter().flat_map(|container| &container.children) {
            let found =
                made.get(child).ok_or_else(|| refused(&format!("the entity `{child}` is missing")))?;
            held.children.push(ContainerChild { key: found.key.clone(), version: None });
        }
        return Ok(held);
    }
    let folder = place.join("component_versions").join(format!("v{}", version.version_num));
    let olx = std::fs::read(folder.join("block.xml")).map_err(|_| {
        refused(&format!("`{}` has no block.xml in version {}", file.entity.key, version.version_num))
    })?;
    std::str::from_utf8(&olx)
        .map_err(|_| refused(&format!("the OLX of `{}` is not UTF-8", file.entity.key)))?;
    held.olx = Some(entity::keep(tx, &olx).await?);
    for path in files(&folder.join("static"))? {
        let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
        let data = std::fs::read(&path)?;
        let stored = StoredFile { digest: entity::keep(tx, &data).await?, size: data.len() as u64 };
        held.files.insert(checked_path(&name)?, stored);
    }
    Ok(held)
}

async fn store(
    tx: &mut Writing<'_>,
    entity: i64,
    number: u64,
    held: &Held,
    by: &Author,
    now: i64,
) -> Result<(), LibraryError> {
    sqlx::query(
        "INSERT INTO version (entity_id, number, title, created, created_by, olx, files, children)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .bind(entity)
    .bind(number.cast_signed())
    .bind(&held.title)
    .bind(now)
    .bind(&by.username)
    .bind(&held.olx)
    .bind(serde_json::to_string(&held.files)?)
    .bind(serde_json::to_string(&held.children)?)
    .execute(&mut **tx)
    .await?;
    Ok(())
}

async fn read_collections(
    tx: &mut Writing<'_>,
    root: &Path,
    library: i64,
    made: &BTreeMap<String, Made>,
    now: i64,
) -> Result<(), LibraryError> {
    for path in files(&root.join("collections"))? {
        let CollectionFile { collection } = read(&path)?;
        let id = sqlx::query(
            "INSERT INTO collection (library_id, key, title, description, created, modified, enabled)
             VALUES (?, ?, ?, ?, ?, ?, 1)",
        )
        .bind(library)
        .bind(&collection.key)
        .bind(&collection.title)
        .bind(&collection.description)
        .bind(millis(collection.created.as_ref()).unwrap_or(now))
        .bind(now)
        .execute(&mut **tx)
        .await?
        .last_insert_rowid();
        for item in &collection.entities {
            let found = made.get(item).ok_or_else(|| refused(&format!("the entity `{item}` is missing")))?;
            sqlx::query("INSERT OR IGNORE INTO collection_item (collection_id, entity_id) VALUES (?, ?)")
                .bind(id)
                .bind(found.id)
                .execute(&mut **tx)
                .await?;
        }
    }
    Ok(())
}
