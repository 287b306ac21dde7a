//! `fields`: the block's own fields, by name.

use wasmtime::Result;

use crate::bindings::fields::{FieldError, Host as FieldsHost};
use crate::host::{FieldFailure, Host};
use crate::state::State;

impl<H: Host> FieldsHost for State<H> {
    fn get(&mut self, name: String) -> Result<Result<Option<String>, FieldError>> {
        self.quota.host_call()?;
        Ok(self.host.field_get(&name).map_err(FieldError::from))
    }

    fn set(&mut self, name: String, value: String) -> Result<Result<(), FieldError>> {
        self.quota.write()?;
        self.quota.value(&value)?;
        Ok(self.host.field_set(&name, value).map_err(FieldError::from))
    }

    fn delete(&mut self, name: String) -> Result<Result<(), FieldError>> {
        self.quota.write()?;
        Ok(self.host.field_delete(&name).map_err(FieldError::from))
    }
}

impl From<FieldFailure> for FieldError {
    fn from(failure: FieldFailure) -> Self {
        match failure {
            FieldFailure::Unknown(text) => Self::UnknownField(text),
            FieldFailure::ReadOnly(text) => Self::ReadOnly(text),
            FieldFailure::WrongType(text) => Self::WrongType(text),
            FieldFailure::Unavailable(text) => Self::Unavailable(text),
        }
    }
}
