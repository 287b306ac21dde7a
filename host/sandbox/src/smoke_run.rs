//! The smoke run of a version that was just installed: each view that it has is called once, under the limits that hold
//! for it here, with fields that nobody has set and nobody around. Nothing is kept, published or sent. What comes of it
//! is a report for whoever wrote the block and no judgement: it may need content that it does not have yet.

use std::collections::BTreeMap;
use std::future::ready;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::call::Call;
use crate::exports::Export;
use crate::files::{FileBytes, FileFailure};
use crate::host::{
    ChildError, FieldFailure, Fragment, Host, Later, LogLevel, PublishFailure, RelativeError, UserDetail,
    VisitorKind,
};
use crate::http::{HttpBounds, HttpFailure, HttpRequest, HttpResponse};
use crate::imports;
use crate::outcome::{CallError, Cost};
use crate::sandbox::Sandbox;
use crate::storage::{KeptFile, Room, Space, StorageFailure};

/// How one view went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmokeCall {
    /// Which.
    pub view: Export,
    /// Why there is nothing to see, if there is not.
    pub failure: Option<CallError>,
    /// What it used.
    pub cost: Cost,
}

/// The views, and who looks at them.
const VIEWS: [(Export, VisitorKind); 4] = [
    (Export::StudentView, VisitorKind::Learner),
    (Export::PublicView, VisitorKind::Anonymous),
    (Export::AuthorView, VisitorKind::Author),
    (Export::StudioView, VisitorKind::Author),
];

fn call(view: Export) -> Call {
    let context = "{}".to_owned();
    match view {
        Export::PublicView => Call::PublicView { context },
        Export::AuthorView => Call::AuthorView { context },
        Export::StudioView => Call::StudioView { context },
        _ => Call::StudentView { context },
    }
}

impl<H: Host> Sandbox<H> {
    /// Calls the views of an installed version; none where it is not installed, or must be installed again.
    pub async fn smoke_run(&self, digest: &str) -> Vec<SmokeCall> {
        let stage = match self.with_hosts::<Alone>() {
            Ok(stage) => stage,
            Err(error) => {
                tracing::error!(%error, "there is no smoke run");
                return Vec::new();
            }
        };
        let Some(block) = stage.restore(digest) else { return Vec::new() };
        let mut calls = Vec::new();
        for (view, visitor) in VIEWS.into_iter().filter(|(view, _)| block.exports().index(*view).is_some()) {
            let finished = stage.run(&block, call(view), Alone::new(visitor)).await;
            calls.push(SmokeCall { view, failure: finished.result.err(), cost: finished.cost });
        }
        calls
    }

    /// A sandbox for hosts of another kind, which shares everything else with this one.
    fn with_hosts<T: Host>(&self) -> wasmtime::Result<Sandbox<T>> {
        Ok(Sandbox {
            linker: imports::linker(&self.engine)?,
            engine: self.engine.clone(),
            is_limited: self.is_limited,
            most_instances: self.most_instances,
            limits: Arc::clone(&self.limits),
            limits_of: self.limits_of.clone(),
            grants: self.grants.clone(),
            permits: self.permits.clone(),
            slow_lane: Arc::clone(&self.slow_lane),
            debts: Arc::clone(&self.debts),
            artifacts: Arc::clone(&self.artifacts),
            compilers: Arc::clone(&self.compilers),
        })
    }
}

/// A block without parent, children, files and history, and somebody who looks at it for the first time.
struct Alone {
    visitor: VisitorKind,
    fields: BTreeMap<String, String>,
    /// How many random numbers it has had.
    drawn: u64,
}

impl Alone {
    fn new(visitor: VisitorKind) -> Self {
        Self { visitor, fields: BTreeMap::new(), drawn: 0 }
    }
}

impl Host for Alone {
    fn field_get(&mut self, name: &str) -> Result<Option<String>, FieldFailure> {
        Ok(self.fields.get(name).cloned())
    }

    fn field_set(&mut self, name: &str, json: String) -> Result<(), FieldFailure> {
        self.fields.insert(name.to_owned(), json);
        Ok(())
    }

    fn field_delete(&mut self, name: &str) -> Result<(), FieldFailure> {
        self.fields.remove(name);
        Ok(())
    }

    fn usage_key(&self) -> String {
        "lb:smoke:run:block:one".to_owned()
    }

    fn context_key(&self) -> String {
        "lib:smoke:run".to_owned()
    }

    fn children(&self) -> Vec<String> {
        Vec::new()
    }

    fn parent(&self) -> Option<String> {
        None
    }

    fn siblings(&mut self) -> Later<'_, Vec<String>> {
        Box::pin(ready(Vec::new()))
    }

    fn authored_field<'a>(
        &'a mut self,
        _: &'a str,
        _: &'a str,
    ) -> Later<'a, Result<Option<String>, RelativeError>> {
        Box::pin(ready(Err(RelativeError::NoRelative)))
    }

    fn render_child<'a>(&'a mut self, _: &'a str) -> Later<'a, Result<Fragment, ChildError>> {
        Box::pin(ready(Err(ChildError::NoSuchChild)))
    }

    fn handler_url(&self, handler: &str) -> String {
        format!("/smoke-run/{handler}")
    }

    fn resource_url(&self, path: &str) -> String {
        format!("/smoke-run/{path}")
    }

    fn static_url(&self, name: &str) -> String {
        format!("/smoke-run/{name}")
    }

    fn file_read<'a>(
        &'a mut self,
        _: &'a str,
        _: usize,
    ) -> Later<'a, Result<Option<FileBytes>, FileFailure>> {
        Box::pin(ready(Ok(None)))
    }

    fn visitor_kind(&self) -> VisitorKind {
        self.visitor
    }

    fn anonymous_student_id(&self) -> String {
        "0".repeat(32)
    }

    fn user_detail(&mut self, _: UserDetail) -> Later<'_, Result<Option<String>, String>> {
        Box::pin(ready(Ok(None)))
    }

    fn secret(&self, _: &str) -> Result<Option<String>, String> {
        Ok(None)
    }

    fn http_send(&mut self, _: HttpRequest, _: HttpBounds) -> Later<'_, Result<HttpResponse, HttpFailure>> {
        Box::pin(ready(Err(HttpFailure::NotInAHandler)))
    }

    fn kept_files(&mut self, _: Space) -> Later<'_, Result<Vec<KeptFile>, StorageFailure>> {
        Box::pin(ready(Ok(Vec::new())))
    }

    fn kept_file<'a>(
        &'a mut self,
        _: Space,
        _: &'a str,
        _: usize,
    ) -> Later<'a, Result<Option<FileBytes>, StorageFailure>> {
        Box::pin(ready(Ok(None)))
    }

    fn keep_file<'a>(
        &'a mut self,
        _: Space,
        _: &'a str,
        _: FileBytes,
        _: Room,
    ) -> Later<'a, Result<(), StorageFailure>> {
        Box::pin(ready(Err(StorageFailure::NotInAHandler)))
    }

    fn delete_file<'a>(&'a mut self, _: Space, _: &'a str) -> Later<'a, Result<(), StorageFailure>> {
        Box::pin(ready(Err(StorageFailure::NotInAHandler)))
    }

    fn publish_grade(&mut self, _: f64, _: f64, _: bool) -> Result<(), PublishFailure> {
        Err(PublishFailure::NotInAHandler)
    }

    fn publish_completion(&mut self, _: f64) -> Result<(), PublishFailure> {
        Err(PublishFailure::NotInAHandler)
    }

    fn publish_event(&mut self, _: &str, _: String) -> Result<(), PublishFailure> {
        Err(PublishFailure::NotInAHandler)
    }

    fn log(&mut self, _: LogLevel, _: &str) {}

    fn now_ms(&self) -> u64 {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        u64::try_from(now.as_millis()).unwrap_or_default()
    }

    fn random_u64(&mut self) -> u64 {
        self.drawn = self.drawn.wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.drawn
    }

    fn locale(&self) -> String {
        "en".to_owned()
    }
}
