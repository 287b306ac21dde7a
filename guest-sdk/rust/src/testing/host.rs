//! The host of a test and the visitors who call the block through it.

use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::catalogues;
use super::imports::{self, VisitorKind};
use super::state::{Details, Event, State, Write};
use crate::block::{
    AnswersForContexts, AuthorView, Block, Grading, Handlers, Indexing, Olx, OlxWriter, OnReset, PublicView,
    StudentView, StudentViewData, StudioView,
};
use crate::learning_context::{Answer, Question};
use crate::{Fragment, Request, Reset, Response, call, http};

/// A host with one usage of the block `B`.
pub struct TestHost<B> {
    state: State,
    block: PhantomData<B>,
}

/// Somebody who looks at the block or calls it.
///
/// The short methods expect the call to end well; those that begin with `try_` give the block's failure.
pub struct Visitor<'a, B> {
    host: &'a mut TestHost<B>,
}

impl<B: Block> Default for TestHost<B> {
    fn default() -> Self {
        Self::new()
    }
}

impl<B: Block> TestHost<B> {
    /// A host on which nothing is set.
    pub fn new() -> Self {
        let definition = B::definition();
        let state = State {
            usage_key: format!("lb:TestX:lib:{}:one", definition.name),
            capabilities: definition.capabilities,
            details: BTreeMap::new(),
            secrets: BTreeMap::new(),
            kept_files: BTreeMap::new(),
            other_servers: None,
            requests: Vec::new(),
            block_type: definition.name.to_owned(),
            declarations: definition.fields,
            values: Default::default(),
            writes: Vec::new(),
            events: Vec::new(),
            log: Vec::new(),
            children: Vec::new(),
            parent: None,
            siblings: Vec::new(),
            relatives: BTreeMap::new(),
            files: BTreeMap::new(),
            context_key: "lib:TestX:lib".to_owned(),
            locale: "en".to_owned(),
            catalogues: catalogues::of_the_crate(),
            now_ms: 1_700_000_000_000,
            random: 0,
            user: String::new(),
            visitor: VisitorKind::Learner,
            in_handler: false,
        };
        TestHost { state, block: PhantomData }
    }

    /// Sets a field as its author would.
    #[expect(
        clippy::expect_used,
        reason = "a test names a field of its block and a value that JSON can hold"
    )]
    pub fn author(&mut self, field: &str, value: impl Serialize) -> &mut Self {
        let place = self.state.place(field).expect("a field of the block");
        let value = serde_json::to_value(value).expect("a value that JSON can hold");
        self.state.values.insert(place, value);
        self
    }

    /// Sets the fields that the block reads from this OLX element.
    pub fn author_olx(&mut self, element: &str) -> &mut Self
    where
        B: Olx,
    {
        if let Value::Object(fields) = self.parse_olx(element) {
            for (name, value) in fields {
                self.author(&name, value);
            }
        }
        self
    }

    /// Gives the block a parent with these children.
    pub fn below(&mut self, parent: &str, children: &[&str]) -> &mut Self {
        self.state.parent = Some(parent.to_owned());
        self.state.siblings = children.iter().map(|key| (*key).to_owned()).collect();
        self.relative(parent, &[]);
        children.iter().for_each(|key| _ = self.relative(key, &[]));
        self
    }

    /// Says what the author of the parent, a sibling or a child wrote.
    pub fn relative(&mut self, key: &str, fields: &[(&str, Value)]) -> &mut Self {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        self.state.relatives.entry(key.to_owned()).or_default().extend(fields);
        self
    }

    /// Gives the block a child that renders to `fragment`.
    pub fn child(&mut self, key: &str, fragment: Fragment) -> &mut Self {
        self.state.children.push((key.to_owned(), fragment));
        self
    }

    /// Puts an author's file beside the block: `en.srt` for `/static/en.srt`.
    pub fn file(&mut self, name: &str, bytes: impl Into<Vec<u8>>) -> &mut Self {
        self.state.files.insert(name.to_owned(), bytes.into());
        self
    }

    /// Gives the usage and its context other keys than the defaults.
    pub fn at(&mut self, usage_key: &str, context_key: &str) -> &mut Self {
        self.state.usage_key = usage_key.to_owned();
        self.state.context_key = context_key.to_owned();
        self
    }

    /// Says who somebody is, for a block that asks for `user-details`.
    pub fn known(&mut self, name: &str, details: Details) -> &mut Self {
        self.state.details.insert(name.to_owned(), details);
        self
    }

    /// Gives the block a secret, for a block that asks for `secrets`.
    pub fn secret(&mut self, name: &str, value: &str) -> &mut Self {
        self.state.secrets.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Answers requests to other servers, for a block that asks for `http`.
    pub fn other_servers(
        &mut self,
        answer: impl Fn(&http::Request) -> Result<Response, http::Failure> + Send + Sync + 'static,
    ) -> &mut Self {
        self.state.other_servers = Some(Arc::new(answer));
        self
    }

    /// Sets the clock, in milliseconds since 1970.
    pub fn at_time(&mut self, now_ms: u64) -> &mut Self {
        self.state.now_ms = now_ms;
        self
    }

    /// Sets the seed from which the host's random numbers follow.
    pub fn seeded(&mut self, seed: u64) -> &mut Self {
        self.state.random = seed;
        self
    }

    /// Sets the readers' language.
    pub fn in_locale(&mut self, locale: &str) -> &mut Self {
        self.state.locale = locale.to_owned();
        self
    }

    /// A learner with an account.
    pub fn learner(&mut self, name: &str) -> Visitor<'_, B> {
        self.visitor(name, VisitorKind::Learner)
    }

    /// A visitor without an account.
    pub fn anonymous(&mut self, name: &str) -> Visitor<'_, B> {
        self.visitor(name, VisitorKind::Anonymous)
    }

    /// An author with the draft before them: their handler calls may set content and settings.
    pub fn author_at_work(&mut self, name: &str) -> Visitor<'_, B> {
        self.visitor(name, VisitorKind::Author)
    }

    fn visitor(&mut self, name: &str, kind: VisitorKind) -> Visitor<'_, B> {
        self.state.user = name.to_owned();
        self.state.visitor = kind;
        Visitor { host: self }
    }

    /// The key of the usage.
    pub fn usage_key(&self) -> &str {
        &self.state.usage_key
    }

    /// What was stored since the last time, in order.
    pub fn take_writes(&mut self) -> Vec<Write> {
        std::mem::take(&mut self.state.writes)
    }

    /// What was published since the last time, in order.
    pub fn take_events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.state.events)
    }

    /// What was sent to other servers since the last time, in order.
    pub fn take_requests(&mut self) -> Vec<http::Request> {
        std::mem::take(&mut self.state.requests)
    }

    /// What was logged since the last time, each line after its level: `Warn: …`.
    pub fn take_log(&mut self) -> Vec<String> {
        std::mem::take(&mut self.state.log)
    }

    /// The fields that the block reads from this element.
    pub fn parse_olx(&self, element: &str) -> Value
    where
        B: Olx,
    {
        read(ended_well(call::parse_olx::<B>(element)))
    }

    /// As [`TestHost::parse_olx`], with the block's failure.
    pub fn try_parse_olx(&self, element: &str) -> Result<Value, String>
    where
        B: Olx,
    {
        call::parse_olx::<B>(element).map(read)
    }

    /// The element that the block writes for these fields.
    pub fn write_olx(&self, element: &str, fields: &Value) -> String
    where
        B: OlxWriter,
    {
        ended_well(call::write_olx::<B>(element, &fields.to_string()))
    }

    /// What it answers about the learning context with this document, or its failure.
    pub fn try_ask_context(&self, document: &str, question: &Question) -> Result<Answer, String>
    where
        B: AnswersForContexts,
    {
        call::learning_context::<B>(document, question)
    }

    /// The most points that a learner can earn.
    pub fn max_score(&mut self) -> f64
    where
        B: Grading,
    {
        ended_well(self.call(false, call::max_score::<B>))
    }

    /// What a search index should know.
    pub fn index(&mut self) -> Value
    where
        B: Indexing,
    {
        read(ended_well(self.call(false, call::index::<B>)))
    }

    /// The block's content for front ends without HTML.
    pub fn student_view_data(&mut self) -> Value
    where
        B: StudentViewData,
    {
        read(ended_well(self.call(false, call::student_view_data::<B>)))
    }

    /// A call is a transaction: what a failed one did is dropped, except for its log and what it sent.
    fn call<T>(&mut self, in_handler: bool, call: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
        let before = State { in_handler, ..self.state.clone() };
        let (answer, after) = imports::run(before, call);
        match &answer {
            Ok(_) => self.state = after,
            Err(_) => {
                self.state.log = after.log;
                self.state.requests = after.requests;
            }
        }
        answer
    }
}

impl<B: Block> Visitor<'_, B> {
    /// Renders the student view.
    pub fn student_view(self) -> Fragment
    where
        B: StudentView,
    {
        ended_well(self.try_student_view(json!({})))
    }

    /// Renders the student view in this context.
    pub fn try_student_view(self, context: Value) -> Result<Fragment, String>
    where
        B: StudentView,
    {
        self.host.call(false, || call::student_view::<B>(&context.to_string()))
    }

    /// Renders the public view.
    pub fn public_view(self) -> Fragment
    where
        B: PublicView,
    {
        ended_well(self.try_public_view(json!({})))
    }

    /// Renders the public view in this context.
    pub fn try_public_view(self, context: Value) -> Result<Fragment, String>
    where
        B: PublicView,
    {
        self.host.call(false, || call::public_view::<B>(&context.to_string()))
    }

    /// Renders the author view.
    pub fn author_view(self) -> Fragment
    where
        B: AuthorView,
    {
        ended_well(self.host.call(false, || call::author_view::<B>("{}")))
    }

    /// Renders the studio view.
    pub fn studio_view(self) -> Fragment
    where
        B: StudioView,
    {
        ended_well(self.host.call(false, || call::studio_view::<B>("{}")))
    }

    /// Posts JSON to a handler.
    pub fn post(self, handler: &str, body: impl Serialize) -> Response
    where
        B: Handlers,
    {
        let body = ended_well(serde_json::to_vec(&body).map_err(|error| error.to_string()));
        self.request(handler, Request { method: "POST".to_owned(), body, ..Request::default() })
    }

    /// Gets a handler's answer.
    pub fn get(self, handler: &str) -> Response
    where
        B: Handlers,
    {
        self.request(handler, Request { method: "GET".to_owned(), ..Request::default() })
    }

    /// Sends a request to a handler.
    pub fn request(self, handler: &str, request: Request) -> Response
    where
        B: Handlers,
    {
        ended_well(self.try_request(handler, request))
    }

    /// As [`Visitor::request`], with the block's failure.
    pub fn try_request(self, handler: &str, request: Request) -> Result<Response, String>
    where
        B: Handlers,
    {
        self.host.call(true, || call::handle::<B>(handler, &request))
    }

    /// Takes away what the visitor has, as an operator does. A block that fails does not stop it.
    pub fn reset(self, reset: Reset) -> Result<(), String>
    where
        B: OnReset,
    {
        let told = self.host.call(false, || call::on_reset::<B>(reset));
        if reset.fields {
            self.host.state.forget_user_state();
        }
        told
    }

    /// What the visitor's field holds now: the stored value or the default.
    #[expect(clippy::expect_used, reason = "a test names a field of its block and reads it as its own type")]
    pub fn field<T: DeserializeOwned>(self, field: &str) -> T {
        let state = &self.host.state;
        let place = state.place(field).expect("a field of the block");
        let default =
            || state.declarations.iter().find(|known| known.name == field).map(|known| &known.default);
        let value = state.values.get(&place).or_else(default).cloned().unwrap_or_default();
        serde_json::from_value(value).expect("the field's type")
    }
}

#[expect(clippy::panic, reason = "a failed call fails the test, unless it asked for the failure with `try_`")]
fn ended_well<T>(answer: Result<T, String>) -> T {
    answer.unwrap_or_else(|message| panic!("the block failed: {message}"))
}

fn read(json: String) -> Value {
    ended_well(serde_json::from_str(&json).map_err(|error| error.to_string()))
}
