//! `user`: who is looking, as far as a block may know.

use wasmtime::Result;

use crate::bindings::user::{Host as UserHost, VisitorKind as WitVisitorKind};
use crate::host::{Host, VisitorKind};
use crate::state::State;

impl<H: Host> UserHost for State<H> {
    fn kind(&mut self) -> Result<WitVisitorKind> {
        self.quota.host_call()?;
        Ok(match self.host.visitor_kind() {
            VisitorKind::Learner => WitVisitorKind::Learner,
            VisitorKind::Anonymous => WitVisitorKind::Anonymous,
            VisitorKind::Author => WitVisitorKind::Author,
        })
    }

    fn anonymous_student_id(&mut self) -> Result<String> {
        self.quota.host_call()?;
        Ok(self.host.anonymous_student_id())
    }
}
