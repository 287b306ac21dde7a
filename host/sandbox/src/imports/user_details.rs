//! `user-details`: who the learner is, where the operator lets a block know.

use wasmtime::Result;

use crate::bindings::user_details::Host as UserDetailsHost;
use crate::host::{Host, UserDetail};
use crate::state::State;

impl<H: Host> State<H> {
    async fn user_detail(&mut self, detail: UserDetail) -> Result<Result<Option<String>, String>> {
        self.quota.host_call()?;
        self.wait();
        Ok(self.meter.exclude(self.host.user_detail(detail)).await)
    }
}

impl<H: Host> UserDetailsHost for State<H> {
    async fn display_name(&mut self) -> Result<Result<Option<String>, String>> {
        self.user_detail(UserDetail::DisplayName).await
    }

    async fn username(&mut self) -> Result<Result<Option<String>, String>> {
        self.user_detail(UserDetail::Username).await
    }

    async fn email(&mut self) -> Result<Result<Option<String>, String>> {
        self.user_detail(UserDetail::Email).await
    }
}
