//! A host whose answers are written down, where a call is recorded. Without a tape it only passes questions on.

use std::mem;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use crate::files::{FileBytes, FileFailure};
use crate::host::{
    ChildError, FieldFailure, Fragment, Host, Later, LogLevel, PublishFailure, RelativeError, UserDetail,
    VisitorKind,
};
use crate::http::{HttpBounds, HttpFailure, HttpRequest, HttpResponse};
use crate::recording::{A_SECRET, Told};
use crate::storage::{KeptFile, Room, Space, StorageFailure};

/// The caller's host.
pub(crate) struct Taped<H> {
    pub(crate) host: H,
    tape: Option<Mutex<Tape>>,
}

#[derive(Default)]
struct Tape {
    told: Vec<Told>,
    /// Those that the block was given.
    secrets: Vec<String>,
}

/// A question, where there is a tape.
struct Asked {
    function: &'static str,
    arguments: Vec<String>,
}

impl<H> Taped<H> {
    pub(crate) fn silent(host: H) -> Self {
        Self { host, tape: None }
    }

    pub(crate) fn recording(host: H) -> Self {
        Self { host, tape: Some(Mutex::default()) }
    }

    /// What was written down.
    pub(crate) fn take(&mut self) -> Vec<Told> {
        let tape = self.tape.as_mut().map(|tape| tape.get_mut().unwrap_or_else(PoisonError::into_inner));
        let Tape { mut told, secrets } = tape.map(mem::take).unwrap_or_default();
        // Some services have their keys in the path of the address, and repeat them in what they answer.
        for told in told.iter_mut().filter(|told| told.function == "http.send") {
            secrets.iter().for_each(|secret| told.hide(secret));
        }
        told
    }

    fn asks(&self, function: &'static str, arguments: &[&str]) -> Option<Asked> {
        self.tape.as_ref()?;
        Some(Asked { function, arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect() })
    }

    fn told<T: Serialize>(&self, asked: Option<Asked>, answer: T) -> T {
        if let (Some(Asked { function, arguments }), Some(tape)) = (asked, &self.tape) {
            // What a host answers has a form in JSON.
            let answer = serde_json::to_value(&answer).unwrap_or_default();
            let told = Told { function: function.to_owned(), arguments, answer };
            tape.lock().unwrap_or_else(PoisonError::into_inner).told.push(told);
        }
        answer
    }
}

impl<H: Host> Host for Taped<H> {
    fn field_get(&mut self, name: &str) -> Result<Option<String>, FieldFailure> {
        let asked = self.asks("fields.get", &[name]);
        let answer = self.host.field_get(name);
        self.told(asked, answer)
    }

    fn field_set(&mut self, name: &str, json: String) -> Result<(), FieldFailure> {
        let asked = self.asks("fields.set", &[name, &json]);
        let answer = self.host.field_set(name, json);
        self.told(asked, answer)
    }

    fn field_delete(&mut self, name: &str) -> Result<(), FieldFailure> {
        let asked = self.asks("fields.delete", &[name]);
        let answer = self.host.field_delete(name);
        self.told(asked, answer)
    }

    fn usage_key(&self) -> String {
        self.told(self.asks("usage.key", &[]), self.host.usage_key())
    }

    /// It stands in the recording itself.
    fn context_key(&self) -> String {
        self.host.context_key()
    }

    fn children(&self) -> Vec<String> {
        self.told(self.asks("usage.children", &[]), self.host.children())
    }

    fn parent(&self) -> Option<String> {
        self.told(self.asks("usage.parent", &[]), self.host.parent())
    }

    fn siblings(&mut self) -> Later<'_, Vec<String>> {
        Box::pin(async move {
            let asked = self.asks("usage.siblings", &[]);
            let answer = self.host.siblings().await;
            self.told(asked, answer)
        })
    }

    fn authored_field<'a>(
        &'a mut self,
        key: &'a str,
        name: &'a str,
    ) -> Later<'a, Result<Option<String>, RelativeError>> {
        Box::pin(async move {
            let asked = self.asks("usage.authored-field", &[key, name]);
            let answer = self.host.authored_field(key, name).await;
            self.told(asked, answer)
        })
    }

    fn render_child<'a>(&'a mut self, key: &'a str) -> Later<'a, Result<Fragment, ChildError>> {
        Box::pin(async move {
            let asked = self.asks("usage.render-child", &[key]);
            let answer = self.host.render_child(key).await;
            self.told(asked, answer)
        })
    }

    fn handler_url(&self, handler: &str) -> String {
        self.told(self.asks("usage.handler-url", &[handler]), self.host.handler_url(handler))
    }

    fn resource_url(&self, path: &str) -> String {
        self.told(self.asks("usage.resource-url", &[path]), self.host.resource_url(path))
    }

    fn static_url(&self, name: &str) -> String {
        self.told(self.asks("usage.static-url", &[name]), self.host.static_url(name))
    }

    fn file_read<'a>(
        &'a mut self,
        name: &'a str,
        most: usize,
    ) -> Later<'a, Result<Option<FileBytes>, FileFailure>> {
        Box::pin(async move {
            let asked = self.asks("files.read", &[name]);
            let answer = self.host.file_read(name, most).await;
            self.told(asked, answer)
        })
    }

    fn visitor_kind(&self) -> VisitorKind {
        self.told(self.asks("user.kind", &[]), self.host.visitor_kind())
    }

    fn anonymous_student_id(&self) -> String {
        self.told(self.asks("user.anonymous-student-id", &[]), self.host.anonymous_student_id())
    }

    fn user_detail(&mut self, detail: UserDetail) -> Later<'_, Result<Option<String>, String>> {
        Box::pin(async move {
            let asked = self.asks("user-details", &[detail.name()]);
            let answer = self.host.user_detail(detail).await;
            self.told(asked, answer)
        })
    }

    /// A secret stands in no recording; only whether there is one.
    fn secret(&self, name: &str) -> Result<Option<String>, String> {
        let asked = self.asks("secrets.get", &[name]);
        let answer = self.host.secret(name);
        let _ = self.told(asked, answer.as_ref().map(|secret| secret.as_ref().map(|_| A_SECRET)));
        if let (Some(tape), Ok(Some(secret))) = (&self.tape, &answer) {
            tape.lock().unwrap_or_else(PoisonError::into_inner).secrets.push(secret.clone());
        }
        answer
    }

    fn http_send(
        &mut self,
        request: HttpRequest,
        bounds: HttpBounds,
    ) -> Later<'_, Result<HttpResponse, HttpFailure>> {
        Box::pin(async move {
            let asked = self.tape.is_some().then(|| request.question());
            let asked = asked.and_then(|asked| self.asks("http.send", &asked.each_ref().map(String::as_str)));
            let answer = self.host.http_send(request, bounds).await;
            self.told(asked, answer)
        })
    }

    fn kept_files(&mut self, space: Space) -> Later<'_, Result<Vec<KeptFile>, StorageFailure>> {
        Box::pin(async move {
            let asked = self.asks("storage.kept-files", &[space.name()]);
            let answer = self.host.kept_files(space).await;
            self.told(asked, answer)
        })
    }

    fn kept_file<'a>(
        &'a mut self,
        space: Space,
        name: &'a str,
        most: usize,
    ) -> Later<'a, Result<Option<FileBytes>, StorageFailure>> {
        Box::pin(async move {
            let asked = self.asks("storage.read", &[space.name(), name]);
            let answer = self.host.kept_file(space, name, most).await;
            self.told(asked, answer)
        })
    }

    fn keep_file<'a>(
        &'a mut self,
        space: Space,
        name: &'a str,
        data: FileBytes,
        room: Room,
    ) -> Later<'a, Result<(), StorageFailure>> {
        Box::pin(async move {
            let text = self.tape.is_some().then(|| data.text().into_owned());
            let asked = text.and_then(|text| self.asks("storage.write", &[space.name(), name, &text]));
            let answer = self.host.keep_file(space, name, data, room).await;
            self.told(asked, answer)
        })
    }

    fn delete_file<'a>(&'a mut self, space: Space, name: &'a str) -> Later<'a, Result<(), StorageFailure>> {
        Box::pin(async move {
            let asked = self.asks("storage.delete", &[space.name(), name]);
            let answer = self.host.delete_file(space, name).await;
            self.told(asked, answer)
        })
    }

    fn publish_grade(&mut self, earned: f64, max: f64, only_if_higher: bool) -> Result<(), PublishFailure> {
        let asked =
            self.asks("publish.grade", &[&earned.to_string(), &max.to_string(), &only_if_higher.to_string()]);
        let answer = self.host.publish_grade(earned, max, only_if_higher);
        self.told(asked, answer)
    }

    fn publish_completion(&mut self, fraction: f64) -> Result<(), PublishFailure> {
        let asked = self.asks("publish.completion", &[&fraction.to_string()]);
        let answer = self.host.publish_completion(fraction);
        self.told(asked, answer)
    }

    fn publish_event(&mut self, name: &str, data: String) -> Result<(), PublishFailure> {
        let asked = self.asks("publish.event", &[name, &data]);
        let answer = self.host.publish_event(name, data);
        self.told(asked, answer)
    }

    fn log(&mut self, level: LogLevel, message: &str) {
        let asked = self.asks("log.write", &[level.name(), message]);
        self.host.log(level, message);
        self.told(asked, ());
    }

    fn now_ms(&self) -> u64 {
        self.told(self.asks("clock.now", &[]), self.host.now_ms())
    }

    fn random_u64(&mut self) -> u64 {
        let asked = self.asks("random.u64", &[]);
        let answer = self.host.random_u64();
        self.told(asked, answer)
    }

    fn locale(&self) -> String {
        self.told(self.asks("i18n.locale", &[]), self.host.locale())
    }
}
