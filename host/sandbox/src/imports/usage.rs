//! `usage`: where the block stands, its children, and the addresses of its parts.

use wasmtime::Result;

use crate::bindings::usage::{
    ChildError as WitChildError, Fragment as WitFragment, Host as UsageHost,
    RelativeError as WitRelativeError,
};
use crate::host::{ChildError, Host, RelativeError};
use crate::state::State;

impl<H> State<H> {
    /// Whoever waits takes nobody's turn meanwhile.
    pub(super) fn wait(&self) {
        if let Some(lane) = &self.lane {
            lane.leave();
        }
    }
}

impl<H: Host> UsageHost for State<H> {
    fn key(&mut self) -> Result<String> {
        self.quota.host_call()?;
        Ok(self.host.usage_key())
    }

    fn context_key(&mut self) -> Result<String> {
        self.quota.host_call()?;
        Ok(self.host.context_key())
    }

    fn children(&mut self) -> Result<Vec<String>> {
        self.quota.host_call()?;
        Ok(self.host.children())
    }

    fn parent(&mut self) -> Result<Option<String>> {
        self.quota.host_call()?;
        Ok(self.host.parent())
    }

    async fn siblings(&mut self) -> Result<Vec<String>> {
        self.quota.host_call()?;
        self.wait();
        Ok(self.meter.exclude(self.host.siblings()).await)
    }

    async fn authored_field(
        &mut self,
        key: String,
        name: String,
    ) -> Result<Result<Option<String>, WitRelativeError>> {
        self.quota.host_call()?;
        self.wait();
        let found = self.meter.exclude(self.host.authored_field(&key, &name)).await;
        Ok(found.map_err(|error| match error {
            RelativeError::NoRelative => WitRelativeError::NoRelative,
            RelativeError::Unavailable => WitRelativeError::Unavailable,
        }))
    }

    async fn render_child(&mut self, key: String) -> Result<Result<WitFragment, WitChildError>> {
        self.quota.host_call()?;
        self.wait();
        let rendered = self.meter.exclude(self.host.render_child(&key)).await;
        Ok(rendered.map(WitFragment::from).map_err(|error| match error {
            ChildError::NoSuchChild => WitChildError::NoSuchChild,
            ChildError::TooDeep => WitChildError::TooDeep,
        }))
    }

    fn handler_url(&mut self, handler: String) -> Result<String> {
        self.quota.host_call()?;
        Ok(self.host.handler_url(&handler))
    }

    fn resource_url(&mut self, path: String) -> Result<String> {
        self.quota.host_call()?;
        Ok(self.host.resource_url(&path))
    }

    fn static_url(&mut self, name: String) -> Result<String> {
        self.quota.host_call()?;
        Ok(self.host.static_url(&name))
    }
}
