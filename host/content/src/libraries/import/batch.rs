//! A batch of imported blocks becomes drafts, in one transaction and with few statements.

use std::collections::{BTreeMap, HashMap};

use blockhouse_keys::LibraryKey;
use bytes::Bytes;

use super::block::Ready;
use crate::libraries::bulk::NewEntity;
use crate::libraries::change::Change;
use crate::libraries::entity::{self, COMPONENT, Entity};
use crate::libraries::version::{Held, NewVersion, OLX, StoredFile};
use crate::libraries::{Author, Libraries, LibraryError};
use crate::storage::database::{Fetch as _, list};
use crate::storage::{Digest, retried, stored_digest};

/// What a batch did.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counted {
    pub(super) new: usize,
    pub(super) changed: usize,
}

/// A component that is there, and the files of its draft.
struct Known {
    entity: Entity,
    files: BTreeMap<String, Digest>,
}

/// The contents of a batch, and what each block holds of them.
struct Contents {
    all: BTreeMap<Digest, Bytes>,
    held: Vec<Held>,
}

impl Libraries {
    pub(super) async fn take_batch(
        &self,
        key: &LibraryKey,
        batch: &[Ready],
        by: &Author,
    ) -> Result<Counted, LibraryError> {
        let contents = contents(batch);
        // Large ones before anybody waits for this change.
        let all: Vec<_> = contents.all.iter().map(|(digest, data)| (*digest, data.clone())).collect();
        self.storage.put_large(&all).await?;
        retried!(async {
            let mut change = self.change(by).await?;
            let library = change.library(key).await?;
            let known = change.known(library.id, batch).await?;
            let new: Vec<_> = batch.iter().filter(|ready| !known.contains_key(&name(ready))).collect();
            let mut deleted = 0;
            let (mut versions, mut told, mut counted) = (Vec::new(), Vec::new(), Counted::default());
            for (ready, held) in batch.iter().zip(&contents.held) {
                let Some(known) = known.get(&name(ready)) else { continue };
                if known.is(held) {
                    continue;
                }
                deleted += u64::from(known.entity.standing.draft.is_none());
                counted.changed += 1;
                versions.push(NewVersion { entity: known.entity.id, number: known.entity.latest + 1, held });
                told.push((ready.usage.to_string(), "updated"));
            }
            self.check_room(&mut change, library.id, new.len() as u64 + deleted).await?;
            change.advance(library.id, &versions).await?;
            counted.new = new.len();
            let now = change.now;
            let begun: Vec<_> = new.iter().map(|ready| entity_of(ready, now)).collect();
            let rows = change.begin_all(library.id, &begun).await?;
            for (ready, held) in batch.iter().zip(&contents.held) {
                let (block_type, id) = name(ready);
                if let Some(entity) = rows.get(&(COMPONENT.to_owned(), block_type.to_owned(), id.to_owned()))
                    && !known.contains_key(&(block_type, id))
                {
                    versions.push(NewVersion { entity: *entity, number: 1, held });
                    told.push((ready.usage.to_string(), "created"));
                }
            }
            change.keep_all(contents.all.clone()).await?;
            for (ready, held) in batch.iter().zip(&contents.held) {
                change.keep_includes(held.olx()?.digest, &ready.olx.includes).await?;
            }
            change.store_versions(&versions).await?;
            change.tell_keys(key, &told).await?;
            change.commit().await?;
            Ok::<_, LibraryError>(counted)
        })
    }
}

/// Type and name.
fn name(ready: &Ready) -> (&str, &str) {
    (ready.usage.block_type(), ready.usage.block_id())
}

fn contents(batch: &[Ready]) -> Contents {
    let mut all = BTreeMap::new();
    let mut keep = |data: Bytes| {
        let file = StoredFile { digest: Digest::of(&data), size: data.len() as u64 };
        all.insert(file.digest, data);
        file
    };
    let mut held = Vec::with_capacity(batch.len());
    for ready in batch {
        let mut files = BTreeMap::from([(OLX.to_owned(), keep(Bytes::from(ready.olx.text.clone())))]);
        files.extend(ready.files.iter().map(|(path, data)| (path.clone(), keep(data.clone()))));
        let title = ready.olx.display_name.as_ref().unwrap_or(&ready.title).clone();
        held.push(Held { title, files, ..Held::default() });
    }
    Contents { all, held }
}

fn entity_of(ready: &Ready, now: i64) -> NewEntity {
    NewEntity {
        kind: COMPONENT,
        type_name: ready.usage.block_type().to_owned(),
        name: ready.usage.block_id().to_owned(),
        can_stand_alone: true,
        created: now,
        draft: Some(1),
        published: None,
        latest: 1,
    }
}

impl Known {
    /// Whether its draft is what is to be.
    fn is(&self, held: &Held) -> bool {
        self.entity.standing.draft.is_some()
            && self.entity.title == held.title
            && self.files.len() == held.files.len()
            && held.files.iter().all(|(path, file)| self.files.get(path) == Some(&file.digest))
    }
}

impl Change<'_> {
    /// The blocks of a batch that are there, deleted ones too.
    async fn known<'b>(
        &mut self,
        library: i64,
        batch: &'b [Ready],
    ) -> Result<HashMap<(&'b str, &'b str), Known>, LibraryError> {
        let condition =
            format!("e.library_id = ? AND e.kind = 'component' AND e.name IN ({})", list(batch.len()));
        let names = batch.iter().map(|ready| ready.usage.block_id().into());
        let values: Vec<_> = [library.into()].into_iter().chain(names).collect();
        let found = entity::entities(&mut self.tx, &condition, &values).await?;
        let mut files: HashMap<i64, BTreeMap<String, Digest>> = HashMap::new();
        if !found.is_empty() {
            let select = format!(
                "SELECT e.id, f.path, f.digest FROM content_entity e JOIN content_entity_file f \
                 ON f.entity_id = e.id AND f.version = e.draft WHERE {condition}"
            );
            for row in self.tx.fetch(&select, &values).await? {
                let digest = stored_digest(&row.bytes(2)?)?;
                files.entry(row.int(0)?).or_default().insert(row.text(1)?, digest);
            }
        }
        let mut by_name: HashMap<(String, String), Entity> = found
            .into_iter()
            .map(|entity| ((entity.type_name.clone(), entity.name.clone()), entity))
            .collect();
        let known = batch.iter().filter_map(|ready| {
            let (block_type, id) = name(ready);
            let entity = by_name.remove(&(block_type.to_owned(), id.to_owned()))?;
            let files = files.remove(&entity.id).unwrap_or_default();
            Some(((block_type, id), Known { entity, files }))
        });
        Ok(known.collect())
    }

    /// Lets entities go on to versions that are about to be stored.
    async fn advance(&mut self, library: i64, versions: &[NewVersion<'_>]) -> Result<(), LibraryError> {
        for version in versions {
            let latest = crate::storage::number(version.number);
            let update = "UPDATE content_entity SET latest = ? WHERE id = ?";
            self.run(update, &[latest.into(), version.entity.into()]).await?;
            self.point_draft(library, version.entity, Some(version.number)).await?;
        }
        Ok(())
    }
}
