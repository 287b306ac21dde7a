//! `usage`: where the block stands, its children, and the addresses of its parts.

use wasmtime::Result;

use crate::bindings::usage::{ChildError as WitChildError, Fragment as WitFragment, Host as UsageHost};
use crate::host::{ChildError, Host};
use crate::state::State;

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

    async fn render_child(&mut self, key: String) -> Result<Result<WitFragment, WitChildError>> {
        self.quota.host_call()?;
        if let Some(lane) = &self.lane {
            lane.leave();
        }
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
