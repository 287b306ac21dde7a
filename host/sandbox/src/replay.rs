//! A host that answers from a recording: in the order in which it was asked then, and as long as it is asked the same.

use std::collections::VecDeque;
use std::future::ready;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;

use crate::block_type::BlockType;
use crate::files::{FileBytes, FileFailure};
use crate::host::{
    ChildError, FieldFailure, Fragment, Host, Later, LogLevel, PublishFailure, RelativeError, UserDetail,
    VisitorKind,
};
use crate::http::{HttpBounds, HttpFailure, HttpRequest, HttpResponse};
use crate::outcome::{Cost, Finished};
use crate::recording::{Outcome, Recording, Told};
use crate::sandbox::Sandbox;
use crate::storage::{KeptFile, Room, Space, StorageFailure};

/// Answers the questions of one call.
pub struct Replay {
    context: String,
    tape: Mutex<Tape>,
}

struct Tape {
    told: VecDeque<Told>,
    asked: usize,
    departure: Option<Departure>,
    lines: Vec<String>,
}

/// Where a call took another way than it did when it was recorded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("question {number}: it asked `{asked}`, and asked `{expected}` when it was recorded")]
pub struct Departure {
    /// Counted from 1.
    pub number: usize,
    /// The question.
    pub asked: String,
    /// What it was then.
    pub expected: String,
}

/// What came of running a recorded call again.
#[derive(Debug)]
pub struct Replayed {
    /// How it ended this time.
    pub outcome: Outcome,
    /// Where it first took another way.
    pub departure: Option<Departure>,
    /// What it wrote to its log.
    pub lines: Vec<String>,
    /// What it cost.
    pub cost: Cost,
}

impl Sandbox<Replay> {
    /// Runs a recorded call again, on the version of the block that it was recorded with.
    pub async fn replay(&self, block: &BlockType<Replay>, recording: &Recording) -> Replayed {
        let host = Replay::of(recording);
        let Finished { host, result, cost, backtrace } = self.run(block, recording.call.clone(), host).await;
        let outcome = Outcome::of(&result, backtrace);
        let mut tape = host.tape.into_inner().unwrap_or_else(PoisonError::into_inner);
        tape.check_end();
        Replayed { outcome, departure: tape.departure, lines: tape.lines, cost }
    }
}

impl Tape {
    fn depart(&mut self, asked: String, expected: String) {
        let number = self.asked;
        self.departure.get_or_insert(Departure { number, asked, expected });
    }

    fn check_end(&mut self) {
        self.asked += 1;
        if let Some(told) = self.told.pop_front() {
            self.depart("nothing more".to_owned(), question(&told.function, &told.arguments));
        }
    }
}

fn question(function: &str, arguments: &[String]) -> String {
    format!("{function}({})", arguments.join(", "))
}

impl Replay {
    fn of(recording: &Recording) -> Self {
        let told = recording.told.iter().cloned().collect();
        let tape = Tape { told, asked: 0, departure: None, lines: Vec::new() };
        Self { context: recording.context.clone(), tape: Mutex::new(tape) }
    }

    fn tape(&self) -> MutexGuard<'_, Tape> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What was answered then; `otherwise` from where the call takes another way.
    fn answer<T: DeserializeOwned>(&self, function: &str, arguments: &[&str], otherwise: T) -> T {
        let mut tape = self.tape();
        tape.asked += 1;
        let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
        match tape.told.pop_front() {
            Some(told) if told.function == function && told.arguments == arguments => {
                serde_json::from_value(told.answer).unwrap_or(otherwise)
            }
            told => {
                let expected = told.map(|told| question(&told.function, &told.arguments));
                let expected = expected.unwrap_or_else(|| "nothing more".to_owned());
                tape.depart(question(function, &arguments), expected);
                otherwise
            }
        }
    }
}

impl Host for Replay {
    fn field_get(&mut self, name: &str) -> Result<Option<String>, FieldFailure> {
        self.answer("fields.get", &[name], Ok(None))
    }

    fn field_set(&mut self, name: &str, json: String) -> Result<(), FieldFailure> {
        self.answer("fields.set", &[name, &json], Ok(()))
    }

    fn field_delete(&mut self, name: &str) -> Result<(), FieldFailure> {
        self.answer("fields.delete", &[name], Ok(()))
    }

    fn usage_key(&self) -> String {
        self.answer("usage.key", &[], String::new())
    }

    fn context_key(&self) -> String {
        self.context.clone()
    }

    fn children(&self) -> Vec<String> {
        self.answer("usage.children", &[], Vec::new())
    }

    fn parent(&self) -> Option<String> {
        self.answer("usage.parent", &[], None)
    }

    fn siblings(&mut self) -> Later<'_, Vec<String>> {
        Box::pin(ready(self.answer("usage.siblings", &[], Vec::new())))
    }

    fn authored_field<'a>(
        &'a mut self,
        key: &'a str,
        name: &'a str,
    ) -> Later<'a, Result<Option<String>, RelativeError>> {
        let otherwise = Err(RelativeError::Unavailable);
        Box::pin(ready(self.answer("usage.authored-field", &[key, name], otherwise)))
    }

    fn render_child<'a>(&'a mut self, key: &'a str) -> Later<'a, Result<Fragment, ChildError>> {
        Box::pin(ready(self.answer("usage.render-child", &[key], Err(ChildError::NoSuchChild))))
    }

    fn handler_url(&self, handler: &str) -> String {
        self.answer("usage.handler-url", &[handler], String::new())
    }

    fn resource_url(&self, path: &str) -> String {
        self.answer("usage.resource-url", &[path], String::new())
    }

    fn static_url(&self, name: &str) -> String {
        self.answer("usage.static-url", &[name], String::new())
    }

    fn file_read<'a>(
        &'a mut self,
        name: &'a str,
        _most: usize,
    ) -> Later<'a, Result<Option<FileBytes>, FileFailure>> {
        Box::pin(ready(self.answer("files.read", &[name], Ok(None))))
    }

    fn visitor_kind(&self) -> VisitorKind {
        self.answer("user.kind", &[], VisitorKind::Anonymous)
    }

    fn anonymous_student_id(&self) -> String {
        self.answer("user.anonymous-student-id", &[], String::new())
    }

    fn user_detail(&mut self, detail: UserDetail) -> Later<'_, Result<Option<String>, String>> {
        Box::pin(ready(self.answer("user-details", &[detail.name()], Ok(None))))
    }

    fn secret(&self, name: &str) -> Result<Option<String>, String> {
        self.answer("secrets.get", &[name], Ok(None))
    }

    fn http_send(
        &mut self,
        request: HttpRequest,
        _bounds: HttpBounds,
    ) -> Later<'_, Result<HttpResponse, HttpFailure>> {
        let otherwise = Err(HttpFailure::Unreachable("it was not asked when it was recorded".to_owned()));
        let question = request.question();
        Box::pin(ready(self.answer("http.send", &question.each_ref().map(String::as_str), otherwise)))
    }

    fn kept_files(&mut self, space: Space) -> Later<'_, Result<Vec<KeptFile>, StorageFailure>> {
        Box::pin(ready(self.answer("storage.kept-files", &[space.name()], Ok(Vec::new()))))
    }

    fn kept_file<'a>(
        &'a mut self,
        space: Space,
        name: &'a str,
        _most: usize,
    ) -> Later<'a, Result<Option<FileBytes>, StorageFailure>> {
        Box::pin(ready(self.answer("storage.read", &[space.name(), name], Ok(None))))
    }

    fn keep_file<'a>(
        &'a mut self,
        space: Space,
        name: &'a str,
        data: FileBytes,
        _room: Room,
    ) -> Later<'a, Result<(), StorageFailure>> {
        Box::pin(ready(self.answer("storage.write", &[space.name(), name, &data.text()], Ok(()))))
    }

    fn delete_file<'a>(&'a mut self, space: Space, name: &'a str) -> Later<'a, Result<(), StorageFailure>> {
        Box::pin(ready(self.answer("storage.delete", &[space.name(), name], Ok(()))))
    }

    fn publish_grade(&mut self, earned: f64, max: f64, only_if_higher: bool) -> Result<(), PublishFailure> {
        let arguments = [earned.to_string(), max.to_string(), only_if_higher.to_string()];
        self.answer("publish.grade", &arguments.each_ref().map(String::as_str), Ok(()))
    }

    fn publish_completion(&mut self, fraction: f64) -> Result<(), PublishFailure> {
        self.answer("publish.completion", &[&fraction.to_string()], Ok(()))
    }

    fn publish_event(&mut self, name: &str, data: String) -> Result<(), PublishFailure> {
        self.answer("publish.event", &[name, &data], Ok(()))
    }

    fn log(&mut self, level: LogLevel, message: &str) {
        self.answer("log.write", &[level.name(), message], ());
        self.tape().lines.push(message.to_owned());
    }

    fn now_ms(&self) -> u64 {
        self.answer("clock.now", &[], 0)
    }

    fn random_u64(&mut self) -> u64 {
        self.answer("random.u64", &[], 0)
    }

    fn locale(&self) -> String {
        self.answer("i18n.locale", &[], "en".to_owned())
    }
}
