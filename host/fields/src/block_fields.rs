//! The fields of one block during one call: what it reads, what it has written, what is to be stored (spec 2.6).
//!
//! The store is read at most once for each field and never written: the changes are collected and handed over in the
//! end, to be stored together or not at all. JSON text goes in and comes out; every value that passes is one of its
//! field's type.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::Value;

use crate::{BlockDefinition, ConversionError, FieldDeclaration, FieldError, Scope};

/// Where the values come from: a snapshot that was taken before the call.
pub trait FieldSource {
    /// The JSON text that the store has for the field; `None` when it was never set. Of an authored field it is in
    /// normal form: what [`FieldDeclaration::coerce`] made of it.
    ///
    /// # Errors
    /// There is no store for the field's scope.
    fn stored(&self, field: &FieldDeclaration) -> Result<Option<Arc<str>>, NoStore>;

    /// The default of a field that asks for a unique one; see [`ScopeIds::unique_id`](crate::ScopeIds::unique_id).
    /// `None` from a source that does not know whose fields it has.
    fn unique_id(&self, field: &FieldDeclaration) -> Option<String> {
        let _ = field;
        None
    }

    /// Whether this call may write authored fields: an author's call on a draft may.
    ///
    /// # Errors
    /// A sentence that says what would be needed.
    fn may_author(&self) -> Result<(), &'static str> {
        Err("Only a handler that an author calls on a draft may.")
    }
}

/// There is no store for a scope here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoStore;

/// Why a field could not be read or written.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AccessError {
    /// The block declares no such field.
    #[error("the block declares no field `{0}`")]
    Unknown(String),
    /// Only authors write the field, and not here.
    #[error("field `{field}` is read-only here: its scope {scope:?} is written by authors. {why}")]
    ReadOnly {
        /// The field.
        field: String,
        /// Its scope.
        scope: Scope,
        /// A sentence that says what would be needed.
        why: &'static str,
    },
    /// The value that the block wants to set is not one of the field's type.
    #[error(transparent)]
    WrongType(FieldError),
    /// The stored value is not one of the field's type.
    #[error("the stored value is unusable until the field is set or deleted: {0}")]
    Poisoned(FieldError),
    /// There is no store for the field's scope.
    #[error("field `{field}` cannot be used here: there is no store for its scope {scope:?}")]
    Unavailable {
        /// The field.
        field: String,
        /// Its scope.
        scope: Scope,
    },
}

/// A field that is to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Change<'a> {
    /// Which field.
    pub field: &'a FieldDeclaration,
    /// Its new value as JSON text; `None` forgets it.
    pub value: Option<Arc<str>>,
}

/// A field on which the call depends.
#[derive(Clone, Debug, PartialEq)]
pub struct Read<'a> {
    /// Which field.
    pub field: &'a FieldDeclaration,
    /// The store's own text.
    pub found: Option<Arc<str>>,
}

/// The fields of one block during one call.
#[derive(Debug)]
pub struct BlockFields<S> {
    definition: Arc<BlockDefinition>,
    source: S,
    today: Date,
    /// The fields that the call has touched, by name.
    entries: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    found: Option<Arc<str>>,
    stored: Stored,
    /// Never equal to what is stored.
    pending: Option<Pending>,
}

#[derive(Debug)]
enum Stored {
    Unset,
    Set(Json),
    Poisoned(FieldError),
}

#[derive(Debug)]
enum Pending {
    Set(Json),
    Delete,
}

/// A value with its text.
#[derive(Debug)]
struct Json {
    text: Arc<str>,
    value: Value,
}

impl<S: FieldSource> BlockFields<S> {
    /// No field is read yet. `today` completes dates that leave out their year.
    pub fn new(definition: Arc<BlockDefinition>, source: S, today: Date) -> Self {
        Self { definition, source, today, entries: HashMap::new() }
    }

    /// The value as JSON text: what this call has set, or else what is stored; `None` when the field is unset and so
    /// has its default.
    ///
    /// # Errors
    /// Also when what is stored is not one of the field's type.
    pub fn get(&mut self, name: &str) -> Result<Option<Arc<str>>, AccessError> {
        let definition = Arc::clone(&self.definition);
        let field = declared(&definition, name)?;
        if field.scope.is_authored() && !self.entries.contains_key(name) {
            return Ok(self.authored(field)?.or_else(|| self.unique_default(field)));
        }
        let entry = self.entry(field)?;
        match (&entry.pending, &entry.stored) {
            (Some(Pending::Set(json)), _) | (None, Stored::Set(json)) => Ok(Some(Arc::clone(&json.text))),
            (Some(Pending::Delete), _) | (None, Stored::Unset) => Ok(self.unique_default(field)),
            (None, Stored::Poisoned(error)) => Err(AccessError::Poisoned(error.clone())),
        }
    }

    /// Whether the field has a value of its own, null included, and not its default.
    ///
    /// # Errors
    /// The field is unknown, or has no store.
    pub fn is_set(&mut self, name: &str) -> Result<bool, AccessError> {
        let definition = Arc::clone(&self.definition);
        let entry = self.entry(declared(&definition, name)?)?;
        Ok(match &entry.pending {
            Some(pending) => matches!(pending, Pending::Set(_)),
            None => !matches!(entry.stored, Stored::Unset),
        })
    }

    /// Sets the field. A value equal to the one that is stored is no change.
    ///
    /// # Errors
    /// Also when the text is not JSON or does not say a value of the field's type; nothing is changed then.
    pub fn set(&mut self, name: &str, json: &str) -> Result<(), AccessError> {
        let definition = Arc::clone(&self.definition);
        let field = self.writable(&definition, name)?;
        let value = parse(field, json)
            .and_then(|value| field.coerce(&value, self.today))
            .map_err(AccessError::WrongType)?;
        let entry = self.entry(field)?;
        entry.pending = match &entry.stored {
            Stored::Set(stored) if stored.value == value => None,
            _ => Some(Pending::Set(Json { text: value.to_string().into(), value })),
        };
        Ok(())
    }

    /// Forgets the field, so that it has its default again. Forgetting an unset field is no change.
    ///
    /// # Errors
    /// The field is unknown, is the author's, or has no store.
    pub fn delete(&mut self, name: &str) -> Result<(), AccessError> {
        let definition = Arc::clone(&self.definition);
        let entry = self.entry(self.writable(&definition, name)?)?;
        entry.pending = match entry.stored {
            Stored::Unset => None,
            Stored::Set(_) | Stored::Poisoned(_) => Some(Pending::Delete),
        };
        Ok(())
    }

    /// What is to be stored, each field once, in the order of the declaration.
    pub fn changes(&self) -> Vec<Change<'_>> {
        let change = |(field, entry): (_, &Entry)| {
            let value = match entry.pending.as_ref()? {
                Pending::Set(json) => Some(Arc::clone(&json.text)),
                Pending::Delete => None,
            };
            Some(Change { field, value })
        };
        self.touched().filter_map(change).collect()
    }

    /// What the call has seen of the store, each field once, in the order of the declaration. A field that was set is
    /// among them: whether its value is a change depends on what was stored.
    pub fn reads(&self) -> Vec<Read<'_>> {
        self.touched().map(|(field, entry)| Read { field, found: entry.found.clone() }).collect()
    }

    fn touched(&self) -> impl Iterator<Item = (&FieldDeclaration, &Entry)> {
        self.definition.fields.iter().filter_map(|field| Some((field, self.entries.get(&field.name)?)))
    }

    /// What the call knows of the field; the first time the store is asked.
    fn entry(&mut self, field: &FieldDeclaration) -> Result<&mut Entry, AccessError> {
        match self.entries.entry(field.name.clone()) {
            Occupied(entry) => Ok(entry.into_mut()),
            Vacant(place) => {
                let unavailable =
                    |_| AccessError::Unavailable { field: field.name.clone(), scope: field.scope };
                let found = self.source.stored(field).map_err(unavailable)?;
                let stored =
                    found.as_ref().map_or(Stored::Unset, |text| Stored::read(field, text, self.today));
                Ok(place.insert(Entry { found, stored, pending: None }))
            }
        }
    }

    /// Authored values were coerced when the content was read and cannot change during a call, so their text is handed
    /// out as it is: the largest values of most blocks would otherwise be parsed and written at every call.
    fn authored(&self, field: &FieldDeclaration) -> Result<Option<Arc<str>>, AccessError> {
        self.source
            .stored(field)
            .map_err(|_| AccessError::Unavailable { field: field.name.clone(), scope: field.scope })
    }

    fn writable<'d>(
        &self,
        definition: &'d BlockDefinition,
        name: &str,
    ) -> Result<&'d FieldDeclaration, AccessError> {
        let field = declared(definition, name)?;
        if field.scope.is_authored() {
            let refuse = |why| AccessError::ReadOnly { field: field.name.clone(), scope: field.scope, why };
            self.source.may_author().map_err(refuse)?;
        }
        Ok(field)
    }

    fn unique_default(&self, field: &FieldDeclaration) -> Option<Arc<str>> {
        let id = field.unique_id.then(|| self.source.unique_id(field)).flatten()?;
        Some(Value::String(id).to_string().into())
    }
}

impl Stored {
    fn read(field: &FieldDeclaration, text: &Arc<str>, today: Date) -> Self {
        let normal = parse(field, text).and_then(|stored| Ok((field.read_json(&stored, today)?, stored)));
        match normal {
            Ok((value, stored)) if value == stored => Self::Set(Json { text: Arc::clone(text), value }),
            Ok((value, _)) => Self::Set(Json { text: value.to_string().into(), value }),
            Err(error) => Self::Poisoned(error),
        }
    }
}

fn declared<'d>(definition: &'d BlockDefinition, name: &str) -> Result<&'d FieldDeclaration, AccessError> {
    definition.field(name).ok_or_else(|| AccessError::Unknown(name.to_owned()))
}

fn parse(field: &FieldDeclaration, json: &str) -> Result<Value, FieldError> {
    serde_json::from_str(json).map_err(|error| FieldError {
        field: field.name.clone(),
        reason: ConversionError::NotJson { problem: error.to_string() },
    })
}
