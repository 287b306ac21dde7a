//! A block's authored fields for an editor that is not the block's own (spec 3.10, `fields/`).

use std::collections::BTreeMap;
use std::sync::Arc;

use blockhouse_content::{Access, ContentError, Edit, Version};
use blockhouse_fields::{BlockDefinition, FieldError, Scope};
use blockhouse_keys::UsageKey;
use serde_json::Value;

use crate::mediate::today;
use crate::resolve::Admitted;
use crate::{BlockInfo, Runtime, RuntimeError, Visitor};

/// The fields that an author can set, and those that are set.
#[derive(Clone, Debug)]
pub struct AuthoredFields {
    /// Of which block.
    pub block: BlockInfo,
    /// How the fields are declared.
    pub declared: Arc<BlockDefinition>,
    /// The values of those that are set.
    pub set: BTreeMap<String, Value>,
    /// The number of the version that has them.
    pub number: Option<u64>,
}

/// Why fields cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum SetFieldsError {
    /// The block declares no such field, or authors do not set it.
    #[error("the block has no field `{0}` that an author sets")]
    Unknown(String),
    /// A value is not of its field's type.
    #[error(transparent)]
    Value(#[from] FieldError),
    /// Anything else.
    #[error(transparent)]
    Runtime(#[from] RuntimeError),
}

impl AuthoredFields {
    /// The values of one scope that are set.
    pub fn of_scope(&self, scope: Scope) -> BTreeMap<&str, &Value> {
        let declared = self.declared.fields_in(scope);
        declared.filter_map(|field| Some((field.name.as_str(), self.set.get(&field.name)?))).collect()
    }
}

impl Runtime {
    /// The authored fields of a version, for somebody who may read them.
    ///
    /// # Errors
    /// As [`Runtime::view`].
    pub async fn fields(
        &self,
        visitor: &Visitor,
        usage: &UsageKey,
        version: Version,
    ) -> Result<AuthoredFields, RuntimeError> {
        let admitted = self.admit_author(visitor, usage, version).await?;
        let loaded = self.load(Arc::clone(&admitted.definition), version).await?;
        let value =
            |(name, json): (&String, &Arc<str>)| Some((name.clone(), serde_json::from_str(json).ok()?));
        Ok(AuthoredFields {
            block: self.describe(&admitted),
            declared: Arc::clone(loaded.block_type.definition()),
            set: loaded.authored.iter().filter_map(value).collect(),
            number: admitted.definition.number,
        })
    }

    /// The element of a version as its author wrote it, for somebody who may read it. The block's type need not be
    /// installed.
    ///
    /// # Errors
    /// As [`Runtime::view`], but for what comes of running the block.
    pub async fn olx(
        &self,
        visitor: &Visitor,
        usage: &UsageKey,
        version: Version,
    ) -> Result<Arc<str>, RuntimeError> {
        Ok(Arc::clone(&self.admit_author(visitor, usage, version).await?.definition.olx))
    }

    async fn admit_author(
        &self,
        visitor: &Visitor,
        usage: &UsageKey,
        version: Version,
    ) -> Result<Admitted, RuntimeError> {
        let admitted = self.admit(&visitor.on(version), usage, version).await?;
        if admitted.access < Access::Read {
            return Err(RuntimeError::Forbidden(usage.clone()));
        }
        Ok(admitted)
    }

    /// Sets fields in the draft, or resets them to their defaults with `None`, and gives the number of the new
    /// version. With `based_on`, only if that is the current one.
    ///
    /// # Errors
    /// [`SetFieldsError`]; nothing is changed then.
    pub async fn set_fields(
        &self,
        visitor: &Visitor,
        usage: &UsageKey,
        changes: BTreeMap<String, Option<Value>>,
        based_on: Option<u64>,
    ) -> Result<u64, SetFieldsError> {
        let visitor = visitor.on(Version::Draft);
        let admitted = self.admit(&visitor, usage, Version::Draft).await?;
        if admitted.access < Access::Edit {
            return Err(RuntimeError::from(ContentError::MayNotEdit(usage.clone())).into());
        }
        let loaded = self.load(Arc::clone(&admitted.definition), Version::Draft).await?;
        let now_ms = (self.inner.parts.clock)();
        let mut coerced = BTreeMap::new();
        for (name, value) in changes {
            let field = loaded.block_type.definition().field(&name).filter(|field| field.scope.is_authored());
            let field = field.ok_or_else(|| SetFieldsError::Unknown(name.clone()))?;
            let value = value.map(|value| field.coerce(&value, today(now_ms))).transpose()?;
            coerced.insert(name, value.map(|value| Arc::from(value.to_string())));
        }
        let edit = Edit {
            usage: usage.clone(),
            author: visitor.user,
            based_on: based_on.or(admitted.definition.number),
            olx: self.write_olx(&loaded, &coerced).await?,
            now_ms,
        };
        Ok(admitted.context.save(edit).await.map_err(RuntimeError::from)?)
    }
}
