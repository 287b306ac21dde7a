//! The files that a block keeps (WIT `storage`). They are state as fields are: what a call reads of them is compared
//! when it ends, and what it writes is stored then with all else that it wrote, or not at all. For each space there is
//! a list of the files, a file without a name, so that nothing but names and sizes is looked at to see whether there is
//! room.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blockhouse_fields::{StoreKey, UserId};
use blockhouse_keys::UsageKey;
use blockhouse_sandbox::{FileBytes, KeptFile, Room, Space, StorageFailure};
use blockhouse_state::{BlockRef, Revision, StateError, StateStore};

use crate::call::Stage;
use crate::changes::Changes;
use crate::mediate::BlockMediator;
use crate::{Runtime, RuntimeError};

/// The name of the list.
const LIST: &str = "";

/// Characters of a name.
const LONGEST_NAME: usize = 64;

/// What a call has seen of the files, and what it makes of them.
#[derive(Default)]
pub(crate) struct KeptFiles {
    found: HashMap<StoreKey, Option<Arc<str>>>,
    written: HashMap<StoreKey, Option<Arc<str>>>,
}

/// Sizes by name.
type List = BTreeMap<String, u64>;

impl KeptFiles {
    /// Adds what was read and written.
    pub(crate) fn add_to(self, changes: &mut Changes) {
        changes.reads.extend(self.found.into_iter().map(|(key, value)| (key, Revision(value))));
        changes.writes.extend(self.written);
    }
}

impl Runtime {
    /// The files that a block keeps for somebody: sizes by name.
    ///
    /// # Errors
    /// The store is not available.
    pub async fn files_of(
        &self,
        user: &UserId,
        usage: &UsageKey,
    ) -> Result<BTreeMap<String, u64>, RuntimeError> {
        let (_, _, files) = list_of(self.store(user), user, usage).await?;
        Ok(files)
    }

    /// A file that a block keeps for somebody.
    ///
    /// # Errors
    /// The store is not available, or the file is damaged.
    pub async fn file_of(
        &self,
        user: &UserId,
        usage: &UsageKey,
        name: &str,
    ) -> Result<Option<Vec<u8>>, RuntimeError> {
        if check(name).is_err() {
            return Ok(None);
        }
        let key = StoreKey::File(Some(user.clone()), usage.clone(), name.into());
        let found = load(self.store(user), user, &key).await?;
        let file = found.map(|json| bytes_in(&json)).transpose();
        Ok(file.map_err(|source| StateError::Damaged { usage: usage.clone(), source: Arc::new(source) })?)
    }
}

impl BlockMediator {
    /// The files that are there.
    pub(crate) async fn kept_files(&mut self, space: Space) -> Result<Vec<KeptFile>, StorageFailure> {
        self.may_keep_files()?;
        let list = self.list(space).await?;
        Ok(list.into_iter().map(|(name, bytes)| KeptFile { name, bytes }).collect())
    }

    /// A file with at most so many bytes.
    pub(crate) async fn kept_file(
        &mut self,
        space: Space,
        name: &str,
        most: usize,
    ) -> Result<Option<FileBytes>, StorageFailure> {
        self.may_keep_files()?;
        check(name)?;
        match self.list(space).await?.get(name) {
            None => return Ok(None),
            Some(bytes) if usize::try_from(*bytes).is_ok_and(|bytes| bytes <= most) => {}
            Some(_) => return Err(StorageFailure::TooLarge),
        }
        let key = self.file_key(space, name);
        let Some(json) = self.file(&key).await? else { return Ok(None) };
        Ok(Some(FileBytes(bytes_in(&json).map_err(damaged)?)))
    }

    /// Puts a file there, if there is room.
    pub(crate) async fn keep_file(
        &mut self,
        space: Space,
        name: &str,
        FileBytes(data): FileBytes,
        room: Room,
    ) -> Result<(), StorageFailure> {
        self.may_change_files()?;
        check(name)?;
        let mut list = self.list(space).await?;
        list.insert(name.to_owned(), data.len() as u64);
        if list.len() > room.files || list.values().sum::<u64>() > room.bytes as u64 {
            return Err(StorageFailure::Full);
        }
        self.set_file(space, name, Some(&STANDARD.encode(data)));
        self.set_list(space, &list);
        Ok(())
    }

    /// Takes a file away.
    pub(crate) async fn delete_file(&mut self, space: Space, name: &str) -> Result<(), StorageFailure> {
        self.may_change_files()?;
        check(name)?;
        let mut list = self.list(space).await?;
        if list.remove(name).is_some() {
            self.set_file(space, name, None);
            self.set_list(space, &list);
        }
        Ok(())
    }

    fn may_keep_files(&self) -> Result<(), StorageFailure> {
        self.place.granted().map_err(StorageFailure::Refused)?;
        Ok(())
    }

    /// A view is repeated at will, so it only looks.
    fn may_change_files(&self) -> Result<(), StorageFailure> {
        match self.place.scene.stage {
            Stage::Handler { .. } => self.may_keep_files(),
            Stage::View(_) | Stage::Reset => Err(StorageFailure::NotInAHandler),
        }
    }

    async fn list(&mut self, space: Space) -> Result<List, StorageFailure> {
        let key = self.file_key(space, LIST);
        match self.file(&key).await? {
            Some(json) => serde_json::from_str(&json).map_err(damaged),
            None => Ok(List::new()),
        }
    }

    fn set_list(&mut self, space: Space, list: &List) {
        let json = (!list.is_empty()).then(|| serde_json::json!(list).to_string().into());
        self.files.written.insert(self.file_key(space, LIST), json);
    }

    fn set_file(&mut self, space: Space, name: &str, text: Option<&str>) {
        let json = text.map(|text| serde_json::json!(text).to_string().into());
        self.files.written.insert(self.file_key(space, name), json);
    }

    fn file_key(&self, space: Space, name: &str) -> StoreKey {
        let owner = match space {
            Space::Own => Some(self.place.user().clone()),
            Space::Shared => None,
        };
        StoreKey::File(owner, self.place.block.usage().clone(), name.into())
    }

    /// A file as this call has it: as it has written it, else as it has found it, else as it is.
    async fn file(&mut self, key: &StoreKey) -> Result<Option<Arc<str>>, StorageFailure> {
        if let Some(known) = self.files.written.get(key).or_else(|| self.files.found.get(key)) {
            return Ok(known.clone());
        }
        let user = self.place.user();
        let found = load(self.place.scene.runtime.store(user), user, key).await.map_err(|error| {
            tracing::warn!(%error, "the files of a block cannot be reached");
            StorageFailure::Unavailable("the files cannot be reached; try again later".to_owned())
        })?;
        self.files.found.insert(key.clone(), found.clone());
        Ok(found)
    }
}

/// Asks for the list of somebody's files, too.
pub(crate) fn with_list(block: BlockRef) -> BlockRef {
    BlockRef { own_files: vec![LIST.into()], ..block }
}

/// The list in which a file is named; for a list, itself.
pub(crate) fn list_of_file(key: &StoreKey) -> Option<StoreKey> {
    let StoreKey::File(owner, usage, _) = key else { return None };
    Some(StoreKey::File(owner.clone(), usage.clone(), LIST.into()))
}

/// Asks for all files that a list names.
pub(crate) fn named_in(list: &StoreKey, json: &str) -> Option<BlockRef> {
    let StoreKey::File(_, usage, name) = list else { return None };
    if **name != *LIST {
        return None;
    }
    let files: List = serde_json::from_str(json).ok()?;
    let own_files = files.keys().map(|name| name.as_str().into()).collect();
    Some(BlockRef { own_files, ..BlockRef::nothing(usage.clone()) })
}

async fn load(store: &dyn StateStore, user: &UserId, key: &StoreKey) -> Result<Option<Arc<str>>, StateError> {
    let StoreKey::File(owner, usage, name) = key else { return Ok(None) };
    let mut block = BlockRef::nothing(usage.clone());
    match owner {
        Some(_) => block.own_files.push(name.clone()),
        None => block.shared_files.push(name.clone()),
    }
    let mut found = store.load(user, &[block]).await?;
    Ok(found.values.remove(key).map(|stored| stored.json))
}

/// The bytes of a file as it is stored.
fn bytes_in(json: &str) -> Result<Vec<u8>, serde_json::Error> {
    let text: String = serde_json::from_str(json)?;
    STANDARD.decode(text).map_err(serde::de::Error::custom)
}

fn check(name: &str) -> Result<(), StorageFailure> {
    let is_name =
        !name.is_empty() && name.chars().count() <= LONGEST_NAME && !name.contains(char::is_control);
    if is_name { Ok(()) } else { Err(StorageFailure::InvalidName) }
}

fn damaged(error: impl std::fmt::Display) -> StorageFailure {
    tracing::error!(%error, "a file of a block is damaged");
    StorageFailure::Unavailable("the file is damaged".to_owned())
}

/// What takes away all files that somebody has in a block.
pub(crate) async fn forgetting(
    store: &dyn StateStore,
    user: &UserId,
    usage: &UsageKey,
) -> Result<Changes, StateError> {
    let mut changes = Changes::default();
    let (list, found, files) = list_of(store, user, usage).await?;
    if found.0.is_some() {
        let file = |name: &String| StoreKey::File(Some(user.clone()), usage.clone(), name.as_str().into());
        changes.writes.extend(files.keys().map(file).chain([list.clone()]).map(|key| (key, None)));
    }
    changes.reads.insert(list, found);
    Ok(changes)
}

/// Somebody's list in a block: its key, what was found there, and what that says. One that cannot be read says nothing.
async fn list_of(
    store: &dyn StateStore,
    user: &UserId,
    usage: &UsageKey,
) -> Result<(StoreKey, Revision, List), StateError> {
    let key = StoreKey::File(Some(user.clone()), usage.clone(), LIST.into());
    let found = load(store, user, &key).await?;
    let files = found.as_deref().and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    Ok((key, Revision(found), files))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_short_and_control_nothing() {
        assert!(["a", "my essay (2).pdf", "../x", "日本"].iter().all(|name| check(name).is_ok()));
        assert!(check(&"é".repeat(64)).is_ok());
        for name in ["", "a\nb", &"é".repeat(65)] {
            assert_eq!(check(name), Err(StorageFailure::InvalidName), "{name:?}");
        }
    }
}
