//! Every question of a block passes here: the host composes store keys, checks types, and collects writes. A block
//! never names a store, a user or a table.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use blockhouse_content::{Access, Version};
use blockhouse_fields::{
    AccessError, BlockFields, FieldDeclaration, FieldSource, NoStore, ScopeIds, StoreKey, UserId,
};
use blockhouse_keys::LearningContextKey;
use blockhouse_sandbox::FieldFailure;
use blockhouse_state::{Event, EventKind, Revision, Snapshot};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::call::Stage;
use crate::changes::Changes;
use crate::kept_files::KeptFiles;
use crate::resolve::{Loaded, Resolved};
use crate::{Runtime, Visitor};

/// What all blocks of one request share.
pub(crate) struct Scene {
    pub(crate) runtime: Runtime,
    pub(crate) visitor: Visitor,
    pub(crate) context: LearningContextKey,
    pub(crate) access: Access,
    pub(crate) stage: Stage,
    pub(crate) resolved: Arc<Resolved>,
    pub(crate) snapshot: Snapshot,
    pub(crate) now_ms: u64,
}

/// Answers a block's questions during one call.
pub enum Mediator {
    /// For a call that belongs to nobody, such as reading OLX: there are no fields, no visitor and no children. It counts
    /// with those of this learning context.
    Unattended(LearningContextKey),
    /// For a view or a handler.
    Block(Box<BlockMediator>),
}

impl Mediator {
    /// Bytes of what this person would have in this block after the call, 0 when the call sets nothing.
    pub(crate) fn state_bytes(&self) -> usize {
        match self {
            Mediator::Unattended(_) => 0,
            Mediator::Block(block) => block.state_bytes(),
        }
    }

    pub(crate) fn into_changes(self) -> Changes {
        match self {
            Mediator::Unattended(_) => Changes::default(),
            Mediator::Block(block) => block.into_changes(),
        }
    }
}

/// One block in a [`Scene`].
pub struct BlockMediator {
    pub(crate) place: Arc<Place>,
    /// How many blocks are being rendered around this one.
    pub(crate) depth: usize,
    pub(crate) fields: BlockFields<Stored>,
    pub(crate) files: KeptFiles,
    /// Of the children that this block rendered.
    pub(crate) children: Changes,
    pub(crate) events: Vec<Event>,
}

/// A block in its scene: what decides where its fields are kept.
pub(crate) struct Place {
    pub(crate) scene: Arc<Scene>,
    pub(crate) block: Arc<Loaded>,
    personal: AtomicBool,
}

impl Place {
    /// To be called with every answer that somebody else, or a later call, may get differently: the view is not one for
    /// everybody then (`kept_views`).
    pub(crate) fn becomes_personal(&self) {
        self.personal.store(true, Ordering::Relaxed);
    }

    pub(crate) fn user(&self) -> &UserId {
        &self.scene.visitor.user
    }

    /// None for the author's scopes: those live with the content.
    fn key(&self, field: &FieldDeclaration) -> Option<StoreKey> {
        StoreKey::compose(field.scope, self.user(), self.block.usage(), &field.name)
    }
}

/// The fields of a block as they were when the call began.
pub(crate) struct Stored(Arc<Place>);

impl FieldSource for Stored {
    fn stored(&self, field: &FieldDeclaration) -> Result<Option<Arc<str>>, NoStore> {
        let Self(place) = self;
        Ok(match place.key(field) {
            Some(key) => {
                place.becomes_personal();
                place.scene.snapshot.values.get(&key).map(|stored| Arc::clone(&stored.json))
            }
            None => place.block.authored.get(&field.name).cloned(),
        })
    }

    fn unique_id(&self, field: &FieldDeclaration) -> Option<String> {
        let Self(place) = self;
        let (usage, user) = (place.block.usage(), place.user().to_string());
        let text = usage.to_string();
        // The content here has no definitions of its own, so a definition is its usage (spec 2.4.5).
        let ids = ScopeIds { user: &user, block_type: usage.block_type(), definition: &text, usage: &text };
        Some(ids.unique_id(field.scope.user(), field.scope.block(), &field.name))
    }

    /// Decided before anything is written, so that a refusal leaves nothing behind (spec 3.4.5).
    fn may_author(&self) -> Result<(), &'static str> {
        let Self(place) = self;
        let Place { scene, block, .. } = &**place;
        if !matches!(scene.stage, Stage::Handler { .. }) || !Arc::ptr_eq(block, &scene.resolved.root) {
            return Err("Only the handler that an author called may, on its own block.");
        }
        if block.version != Version::Draft {
            return Err(
                "Do not make changes to a component starting from the published or past versions. Use the latest draft.",
            );
        }
        if scene.access < Access::Edit {
            return Err("You do not have permission to edit this XBlock.");
        }
        Ok(())
    }
}

impl BlockMediator {
    pub(crate) fn new(scene: Arc<Scene>, block: Arc<Loaded>, depth: usize) -> Self {
        let definition = Arc::clone(block.block_type.definition());
        let today = today(scene.now_ms);
        let place = Arc::new(Place { scene, block, personal: AtomicBool::new(false) });
        let fields = BlockFields::new(definition, Stored(Arc::clone(&place)), today);
        Self {
            place,
            depth,
            fields,
            files: KeptFiles::default(),
            children: Changes::default(),
            events: Vec::new(),
        }
    }

    /// Whether the platform wants to know what learners have done.
    pub(crate) fn keeps_completion(&self) -> bool {
        self.place.scene.runtime.policy().completion
    }

    pub(crate) fn publish(&mut self, kind: EventKind) {
        self.events.push(Event { usage: self.place.block.usage().clone(), kind });
    }

    fn state_bytes(&self) -> usize {
        let changed: HashMap<StoreKey, Option<Arc<str>>> = self
            .fields
            .changes()
            .into_iter()
            .filter_map(|change| Some((self.place.key(change.field)?, change.value)))
            .collect();
        if changed.is_empty() {
            return 0;
        }
        let usage = self.place.block.usage();
        let mine = |key: &StoreKey| matches!(key, StoreKey::UserState(_, of, _) if of == usage);
        let kept = &self.place.scene.snapshot.values;
        let unchanged = kept.iter().filter(|(key, _)| mine(key) && !changed.contains_key(*key));
        let set = changed.iter().filter(|(key, _)| mine(key)).filter_map(|(_, value)| value.as_ref());
        unchanged.map(|(_, stored)| stored.json.len()).sum::<usize>()
            + set.map(|json| json.len()).sum::<usize>()
    }

    /// What this block changed, and its children. Authored fields were not read from a store: their versions
    /// say whether they are still what was read.
    fn into_changes(self) -> Changes {
        let Self { place, fields, files, children, events, .. } = self;
        let personal = place.personal.load(Ordering::Relaxed);
        let mut changes = Changes { events, personal, ..Changes::default() };
        for read in fields.reads() {
            if let Some(key) = place.key(read.field) {
                changes.reads.insert(key, Revision(read.found));
            }
        }
        for change in fields.changes() {
            match place.key(change.field) {
                Some(key) => {
                    changes.writes.insert(key, change.value);
                }
                None => {
                    changes.authored.insert(change.field.name.clone(), change.value);
                }
            }
        }
        files.add_to(&mut changes);
        changes.absorb(children);
        changes
    }
}

/// Completes dates that an author wrote without a year.
pub(crate) fn today(now_ms: u64) -> Date {
    let now =
        i64::try_from(now_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or_default();
    now.to_zoned(TimeZone::UTC).date()
}

/// The answers of `fields` in the words of the contract.
pub(crate) fn field_failure(error: AccessError) -> FieldFailure {
    match error {
        AccessError::Unknown(name) => FieldFailure::Unknown(name),
        AccessError::ReadOnly { .. } => FieldFailure::ReadOnly(error.to_string()),
        AccessError::WrongType(_) | AccessError::Poisoned(_) => FieldFailure::WrongType(error.to_string()),
        AccessError::Unavailable { .. } => FieldFailure::Unavailable(error.to_string()),
    }
}
