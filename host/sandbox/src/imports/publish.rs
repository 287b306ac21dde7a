//! `publish`: grades, completion and other events. They count as writes, since they are committed like them.

use wasmtime::Result;

use crate::bindings::publish::{Host as PublishHost, PublishError};
use crate::host::{Host, PublishFailure};
use crate::state::State;

impl<H: Host> PublishHost for State<H> {
    fn grade(&mut self, earned: f64, max: f64, only_if_higher: bool) -> Result<Result<(), PublishError>> {
        self.quota.write()?;
        Ok(self.host.publish_grade(earned, max, only_if_higher).map_err(PublishError::from))
    }

    fn completion(&mut self, fraction: f64) -> Result<Result<(), PublishError>> {
        self.quota.write()?;
        Ok(self.host.publish_completion(fraction).map_err(PublishError::from))
    }

    fn event(&mut self, name: String, data: String) -> Result<Result<(), PublishError>> {
        self.quota.write()?;
        self.quota.value(&data)?;
        Ok(self.host.publish_event(&name, data).map_err(PublishError::from))
    }
}

impl From<PublishFailure> for PublishError {
    fn from(failure: PublishFailure) -> Self {
        match failure {
            PublishFailure::NotInAHandler => Self::NotInAHandler,
            PublishFailure::Invalid(text) => Self::Invalid(text),
        }
    }
}
