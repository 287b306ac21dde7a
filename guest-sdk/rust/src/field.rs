//! One field of a block: read from the host when it is first looked at, written back when it has changed.
//!
//! A call asks the host only for the fields that it uses. Nothing is written before the call ends well, and
//! nothing at all where a value was only looked at or set to what it was (spec 2.6).

use std::cell::OnceCell;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::{Error, Result, backend, call};

/// A field of type `T`. It stands for its value: `*self.count += 1`, `self.title.len()`, `*self.done = true`.
pub struct Field<T> {
    name: &'static str,
    default: fn() -> T,
    value: OnceCell<T>,
    /// What the host knows, kept from the moment in which the value may first change.
    baseline: Option<Value>,
}

impl<T: Serialize + DeserializeOwned> Field<T> {
    /// A field that is still to be read. `#[derive(Fields)]` calls this.
    pub fn new(name: &'static str, default: fn() -> T) -> Self {
        Field { name, default, value: OnceCell::new(), baseline: None }
    }

    /// Whether a value is stored, be it equal to the default.
    pub fn is_set(&self) -> bool {
        self.stored().is_some() || self.is_changed()
    }

    /// Forgets the stored value, so that the declared default holds again.
    pub fn reset(&mut self) -> Result<()> {
        backend::field_delete(self.name)?;
        self.baseline = None;
        self.value = OnceCell::from((self.default)());
        Ok(())
    }

    /// Hands a changed value to the host. `#[derive(Fields)]` calls this when a call has ended well.
    pub fn save(&mut self) -> Result<()> {
        if !self.is_changed() {
            return Ok(());
        }
        let value = serde_json::to_value(&**self)?;
        backend::field_set(self.name, &value.to_string())?;
        self.baseline = Some(value);
        Ok(())
    }

    fn is_changed(&self) -> bool {
        let now = || serde_json::to_value(&**self).ok();
        self.baseline.is_some() && self.baseline != now()
    }

    fn stored(&self) -> Option<String> {
        backend::field_get(self.name).unwrap_or_else(|error| {
            call::fail(error);
            None
        })
    }

    fn load(&self) -> T {
        let Some(json) = self.stored() else {
            return (self.default)();
        };
        serde_json::from_str(&json).unwrap_or_else(|error| {
            // `null` may stand in any field (spec 2.3): where the type has no room for it, it means unset.
            if json != "null" {
                let message =
                    format!("field `{}` holds another type than the block expects: {error}", self.name);
                call::fail(Error::failure(message));
            }
            (self.default)()
        })
    }
}

impl<T: Serialize + DeserializeOwned> Deref for Field<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.value.get_or_init(|| self.load())
    }
}

impl<T: Serialize + DeserializeOwned> DerefMut for Field<T> {
    fn deref_mut(&mut self) -> &mut T {
        if self.baseline.is_none() {
            // A value that JSON cannot hold counts as changed: saving it then says why.
            self.baseline = Some(serde_json::to_value(&**self).unwrap_or(Value::Null));
        }
        match self.value.get_mut() {
            Some(value) => value,
            None => unreachable!("a baseline exists only for a value that was read"),
        }
    }
}

impl<T: fmt::Display + Serialize + DeserializeOwned> fmt::Display for Field<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: fmt::Debug + Serialize + DeserializeOwned> fmt::Debug for Field<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
