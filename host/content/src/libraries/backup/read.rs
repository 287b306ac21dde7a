//! From the files of a backup to a library.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use blockhouse_keys::LibraryKey;
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::form::{COMPONENTS, CollectionFile, EntityFile, FORMAT, PACKAGE, Package, VersionHead, millis};
use super::links::LinksFile;
use crate::libraries::bulk::NewEntity;
use crate::libraries::change::Change;
use crate::libraries::entity::{COMPONENT, CONTAINER, Name};
use crate::libraries::files::checked_path;
use crate::libraries::include;
use crate::libraries::library::{MAX_TITLE, NewLibrary, check_length};
use crate::libraries::publications::Move;
use crate::libraries::version::{Child, Held, NewVersion, OLX, StoredFile};
use crate::libraries::{Author, Libraries, Library, LibraryError};
use crate::storage::{Digest, retried};

/// How many entities are read at a time: their contents are in memory together.
const BATCH: usize = 200;

/// An entity's file, and the folder that belongs to it.
type Parsed = (PathBuf, EntityFile);

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
        let mut parsed: Vec<Parsed> = Vec::new();
        for path in files(&root.join("entities"))?.iter().filter(|path| is_entity(path)) {
            parsed.push((path.with_extension(""), read::<EntityFile>(path)?));
        }
        let links = LinksFile::read(&root)?;
        let components = parsed.iter().filter(|(_, file)| file.entity.container.is_none()).count() as u64;
        let title = if about.title.trim().is_empty() { key.to_string() } else { about.title.clone() };
        let new = NewLibrary { title, description: about.description.clone(), ..NewLibrary::default() };
        retried!(async {
            let mut change = self.change(by).await?;
            let created = millis(about.created.as_ref()).unwrap_or(change.now);
            let updated = millis(about.updated.as_ref()).unwrap_or(change.now);
            let id = change.begin_library(&key, &new, created, updated).await?;
            self.check_room(&mut change, id, components).await?;
            let made = change.begin_parsed(id, &key, &parsed).await?;
            let mut moves = published(&parsed, &made);
            moves.extend(change.restore_links(id, &key, &links).await?);
            change.note_publication(id, &moves).await?;
            for batch in parsed.chunks(BATCH) {
                change.store_parsed(batch, &made).await?;
            }
            change.read_collections(&root, &key, id, &made).await?;
            change.commit().await
        })?;
        self.library(&key).await
    }
}

/// What learners see from the beginning: the library's first publication.
fn published(parsed: &[Parsed], made: &HashMap<String, i64>) -> Vec<Move> {
    let first = |(_, file): &Parsed| {
        let to = file.entity.published.version_num?;
        Some(Move { entity: *made.get(&file.entity.key)?, from: None, to: Some(to) })
    };
    parsed.iter().filter_map(first).collect()
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

pub(super) fn refused(reason: &str) -> LibraryError {
    LibraryError::invalid("file", format!("The file is no backup that can be restored: {reason}"))
}

pub(super) fn read<T: DeserializeOwned>(path: &Path) -> Result<T, LibraryError> {
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

/// Kind, type and name of an entity.
fn name_of(file: &EntityFile) -> Result<(&'static str, String, String), LibraryError> {
    let head = &file.entity;
    match (&head.container, head.key.split(':').collect::<Vec<_>>().as_slice()) {
        (None, [COMPONENTS, type_name, name]) => Ok((COMPONENT, (*type_name).to_owned(), (*name).to_owned())),
        (Some(kinds), [name]) => match kinds.keys().next() {
            Some(kind) => Ok((CONTAINER, kind.clone(), (*name).to_owned())),
            None => Err(refused(&format!("the container `{name}` is of no kind"))),
        },
        _ => Err(refused(&format!("`{}` is the key of no entity", head.key))),
    }
}

fn new_entity(key: &LibraryKey, file: &EntityFile, now: i64) -> Result<NewEntity, LibraryError> {
    let head = &file.entity;
    let (kind, type_name, name) = name_of(file)?;
    let fits = if kind == COMPONENT {
        key.make_usage_key(&type_name, &name).map(drop)
    } else {
        key.make_container_key(&type_name, &name).map(drop)
    };
    fits.map_err(|error| refused(&error.to_string()))?;
    let named = Name { library: key.clone(), kind, type_name: &type_name, name: &name };
    named.check_length("file")?;
    for version in &file.version {
        check_length("file", &version.title, MAX_TITLE)?;
    }
    let numbers: HashSet<u64> = file.version.iter().map(|version| version.version_num).collect();
    if numbers.len() < file.version.len() || numbers.contains(&0) {
        return Err(refused(&format!("the versions of `{}` are not numbered one by one", head.key)));
    }
    let pointer = |number: Option<u64>| match number {
        Some(number) if !numbers.contains(&number) => {
            Err(refused(&format!("version {number} of `{}` is missing", head.key)))
        }
        other => Ok(other),
    };
    Ok(NewEntity {
        kind,
        type_name,
        name,
        can_stand_alone: head.can_stand_alone,
        created: millis(head.created.as_ref()).unwrap_or(now),
        draft: pointer(head.draft.version_num)?,
        published: pointer(head.published.version_num)?,
        latest: numbers.iter().max().copied().unwrap_or_default(),
    })
}

/// Reads what a version holds; its contents go to `contents`.
fn held(
    place: &Path,
    file: &EntityFile,
    version: &VersionHead,
    made: &HashMap<String, i64>,
    contents: &mut BTreeMap<Digest, Bytes>,
) -> Result<Held, LibraryError> {
    let mut held = Held { title: version.title.clone(), ..Held::default() };
    if file.entity.container.is_some() {
        for child in version.container.iter().flat_map(|container| &container.children) {
            let found = made.get(child);
            let entity = *found.ok_or_else(|| refused(&format!("the entity `{child}` is missing")))?;
            held.children.push(Child { entity, version: None });
        }
        return Ok(held);
    }
    let mut keep = |data: Vec<u8>| {
        let stored = StoredFile { digest: Digest::of(&data), size: data.len() as u64 };
        contents.insert(stored.digest, data.into());
        stored
    };
    let folder = place.join("component_versions").join(format!("v{}", version.version_num));
    let olx = std::fs::read(folder.join(OLX)).map_err(|_| {
        refused(&format!("`{}` has no {OLX} in version {}", file.entity.key, version.version_num))
    })?;
    std::str::from_utf8(&olx)
        .map_err(|_| refused(&format!("the OLX of `{}` is not UTF-8", file.entity.key)))?;
    held.files.insert(OLX.to_owned(), keep(olx));
    for path in files(&folder.join("static"))? {
        let name = path.strip_prefix(&folder).unwrap_or(&path).to_string_lossy().into_owned();
        held.files.insert(checked_path(&name)?, keep(std::fs::read(&path)?));
    }
    Ok(held)
}

impl Change<'_> {
    /// Begins the entities, and gives their rows by how the backup names them.
    async fn begin_parsed(
        &mut self,
        library: i64,
        key: &LibraryKey,
        parsed: &[Parsed],
    ) -> Result<HashMap<String, i64>, LibraryError> {
        let mut names = HashSet::new();
        let mut entities = Vec::with_capacity(parsed.len());
        for (_, file) in parsed {
            if !names.insert(&file.entity.key) {
                return Err(refused(&format!("it has the entity `{}` twice", file.entity.key)));
            }
            entities.push(new_entity(key, file, self.now)?);
        }
        let rows = self.begin_all(library, &entities).await?;
        let mut made = HashMap::with_capacity(rows.len());
        for (_, file) in parsed {
            let (kind, type_name, name) = name_of(file)?;
            if let Some(row) = rows.get(&(kind.to_owned(), type_name, name)) {
                made.insert(file.entity.key.clone(), *row);
            }
        }
        Ok(made)
    }

    /// Stores the versions of entities.
    async fn store_parsed(
        &mut self,
        parsed: &[Parsed],
        made: &HashMap<String, i64>,
    ) -> Result<(), LibraryError> {
        let (mut contents, mut all) = (BTreeMap::new(), Vec::new());
        for (place, file) in parsed {
            let Some(entity) = made.get(&file.entity.key) else { continue };
            for version in &file.version {
                let held = held(place, file, version, made, &mut contents)?;
                all.push((*entity, version.version_num, held));
            }
        }
        let including: Vec<_> = all
            .iter()
            .filter_map(|(_, _, held)| Some(held.olx().ok()?.digest))
            .filter_map(|digest| {
                let olx = std::str::from_utf8(contents.get(&digest)?).ok()?;
                Some((digest, include::of_text(olx)))
            })
            .collect();
        self.keep_all(contents).await?;
        for (digest, includes) in including {
            self.keep_includes(digest, &includes).await?;
        }
        let versions: Vec<_> = all
            .iter()
            .map(|(entity, number, held)| NewVersion { entity: *entity, number: *number, held })
            .collect();
        self.store_versions(&versions).await
    }

    async fn read_collections(
        &mut self,
        root: &Path,
        key: &LibraryKey,
        library: i64,
        made: &HashMap<String, i64>,
    ) -> Result<(), LibraryError> {
        let mut names = HashSet::new();
        for path in files(&root.join("collections"))? {
            let CollectionFile { collection } = read(&path)?;
            if !names.insert(collection.key.clone()) {
                return Err(refused(&format!("it has the collection `{}` twice", collection.key)));
            }
            let created = millis(collection.created.as_ref()).unwrap_or(self.now);
            let (name, title, text) = (&collection.key, &collection.title, &collection.description);
            let id = self.begin_collection(key, library, name, title, text, created).await?;
            for item in &collection.entities {
                let found =
                    made.get(item).ok_or_else(|| refused(&format!("the entity `{item}` is missing")))?;
                self.put_item(id, *found, true).await?;
            }
        }
        Ok(())
    }
}
