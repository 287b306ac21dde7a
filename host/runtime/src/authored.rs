//! What the author wrote into a block: OLX read into field values, once per text and block version.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use blockhouse_content::{Definition, olx};
use blockhouse_fields::BlockDefinition;
use blockhouse_sandbox::{BlockType, Call, CallError, Export, Output};
use jiff::civil::Date;
use lru::LruCache;
use serde_json::Value;

use crate::mediate::{Mediator, today};
use crate::{Runtime, RuntimeError};

/// How many definitions stay read.
const CACHED: NonZeroUsize = NonZeroUsize::new(10_000).unwrap();

/// The authored fields that are set, as JSON text.
pub(crate) type Authored = BTreeMap<String, Arc<str>>;

/// By digest of the component and digest of the OLX with its inherited settings.
type Key = (String, String);

pub(crate) struct AuthoredCache(Mutex<LruCache<Key, Arc<Authored>>>);

impl Default for AuthoredCache {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(CACHED)))
    }
}

impl AuthoredCache {
    fn get(&self, key: &Key) -> Option<Arc<Authored>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned()
    }

    fn put(&self, key: Key, authored: &Arc<Authored>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).put(key, Arc::clone(authored));
    }
}

impl Runtime {
    /// The values that the author set, ancestors' settings included where the block has not its own.
    pub(crate) async fn authored(
        &self,
        definition: &Definition,
        block_type: &BlockType<Mediator>,
    ) -> Result<Arc<Authored>, RuntimeError> {
        let key = (block_type.digest().to_owned(), definition.digest.clone());
        if let Some(found) = self.inner.authored.get(&key) {
            return Ok(found);
        }
        let today = today((self.inner.parts.clock)());
        let values = if block_type.exports().has(Export::Olx) {
            self.read_by_block(definition, block_type).await?
        } else {
            olx::read_fields(block_type.definition(), &definition.olx, today)
                .map_err(|error| broken(definition, error.to_string()))?
                .values
        };
        let authored = Arc::new(with_inherited(block_type.definition(), definition, values, today));
        self.inner.authored.put(key, &authored);
        Ok(authored)
    }

    async fn read_by_block(
        &self,
        definition: &Definition,
        block_type: &BlockType<Mediator>,
    ) -> Result<BTreeMap<String, Value>, RuntimeError> {
        let call = Call::ParseOlx { element: definition.olx.to_string() };
        let unattended = Mediator::Unattended(definition.usage.context_key());
        let finished = self.supervise(block_type, call, unattended).await?;
        let failed = |source| RuntimeError::BlockFailed {
            usage: definition.usage.clone(),
            block_type: definition.block_type.clone(),
            source,
        };
        match finished.result {
            Ok(Output::Json(json)) => serde_json::from_str(&json).map_err(|error| {
                failed(CallError::BadOutput(format!("not a JSON object of fields: {error}")))
            }),
            Ok(other) => Err(failed(CallError::BadOutput(format!("{other:?}")))),
            // The block read the author's text and says what is wrong with it.
            Err(CallError::Failed(message)) => Err(broken(definition, message)),
            Err(source) => Err(failed(source)),
        }
    }
}

fn broken(definition: &Definition, reason: String) -> RuntimeError {
    RuntimeError::BrokenContent { usage: definition.usage.clone(), reason }
}

/// What the context overrides goes before what the author wrote, and that before what an ancestor has.
///
/// A value of the wrong type counts as unset: one junk attribute must not cost the learner the block.
fn with_inherited(
    declared: &BlockDefinition,
    definition: &Definition,
    values: BTreeMap<String, Value>,
    today: Date,
) -> Authored {
    let mut authored = Authored::new();
    for field in declared.fields.iter().filter(|field| field.scope.is_authored()) {
        let read = |text: &String| field.read_text(text, today).ok();
        let overriding = definition.overrides.get(&field.name).and_then(read);
        let own = || values.get(&field.name).cloned();
        let value = overriding.or_else(own).or_else(|| definition.inherited.get(&field.name).and_then(read));
        match value.map(|value| field.coerce(&value, today)) {
            Some(Ok(value)) => {
                authored.insert(field.name.clone(), value.to_string().into());
            }
            Some(Err(error)) => tracing::warn!(usage = %definition.usage, %error, "authored value ignored"),
            None => {}
        }
    }
    authored
}
