//! What the sandbox asks its caller for: one method for each function that the WIT imports give a block.
//!
//! The limits on number and size of these calls are the sandbox's; an implementation only answers.

use std::future::Future;
use std::pin::Pin;

use serde::{Deserialize, Serialize};

use crate::files::{FileBytes, FileFailure};
use crate::http::{HttpBounds, HttpFailure, HttpRequest, HttpResponse};
use crate::storage::{KeptFile, Room, Space, StorageFailure};

/// A rendered view in the form of spec 2.7.4.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Fragment {
    /// HTML.
    pub content: String,
    /// What the HTML needs, in order, without repetitions.
    pub resources: Vec<Resource>,
    /// The global JavaScript function that starts the block's page.
    pub js_init_fn: Option<String>,
    /// 1 where there is such a function.
    pub js_init_version: Option<u32>,
    /// Its third argument.
    pub json_init_args: Option<serde_json::Value>,
}

/// A script, style sheet or snippet (spec 2.7.2).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Resource {
    /// `text` or `url`.
    pub kind: String,
    /// The text or the URL.
    pub data: String,
    /// `text/css`, `application/javascript` or `text/html`.
    pub mimetype: String,
    /// `head` or `foot`.
    pub placement: String,
}

/// A handler call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Upper case.
    pub method: String,
    /// Without a leading slash.
    pub suffix: String,
    /// Without `?`.
    pub query: String,
    /// Lower-case names.
    pub headers: Vec<(String, String)>,
    /// As it came.
    #[serde(with = "crate::recording::bytes_as_text")]
    pub body: Vec<u8>,
}

/// A handler's answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// 200 to 599.
    pub status: u16,
    /// As the block gave them.
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(with = "crate::recording::bytes_as_text")]
    pub body: Vec<u8>,
}

/// Why a field could not be read or written; the WIT variant `field-error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldFailure {
    /// No such field is declared.
    Unknown(String),
    /// Only authors write it.
    ReadOnly(String),
    /// The value is not of the declared type.
    WrongType(String),
    /// No store for it.
    Unavailable(String),
}

/// Why an event was not taken; the WIT variant `publish-error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PublishFailure {
    /// The call is a view.
    NotInAHandler,
    /// The data is wrong.
    Invalid(String),
}

/// Why a child could not be rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ChildError {
    /// No such child.
    NoSuchChild,
    /// Nested too deep.
    TooDeep,
}

/// Why a relative could not be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelativeError {
    /// No relative of this block.
    NoRelative,
    /// It cannot be read.
    Unavailable,
}

/// An answer that has to be waited for.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Who is looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum VisitorKind {
    /// Has an account.
    Learner,
    /// Has none.
    Anonymous,
    /// Previews.
    Author,
}

/// Something that is known of a learner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserDetail {
    /// What people call them.
    DisplayName,
    /// The account's name.
    Username,
    /// The e-mail address.
    Email,
}

impl UserDetail {
    /// Its name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::DisplayName => "display-name",
            Self::Username => "username",
            Self::Email => "email",
        }
    }
}

/// The level of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// For whoever writes the block.
    Debug,
    /// Worth knowing.
    Info,
    /// Odd.
    Warn,
    /// Failed.
    Error,
}

impl LogLevel {
    /// Its name in the contract.
    pub fn name(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// The answers to one call's questions. Everything was prefetched, so only rendering a child, looking
/// at relatives or persons, reading and keeping files, and asking other servers wait.
pub trait Host: Send + 'static {
    /// `fields.get`
    fn field_get(&mut self, name: &str) -> Result<Option<String>, FieldFailure>;
    /// `fields.set`
    fn field_set(&mut self, name: &str, json: String) -> Result<(), FieldFailure>;
    /// `fields.delete`
    fn field_delete(&mut self, name: &str) -> Result<(), FieldFailure>;
    /// `usage.key`
    fn usage_key(&self) -> String;
    /// `usage.context-key`
    fn context_key(&self) -> String;
    /// `usage.children`
    fn children(&self) -> Vec<String>;
    /// `usage.parent`
    fn parent(&self) -> Option<String>;
    /// `usage.siblings`
    fn siblings(&mut self) -> Later<'_, Vec<String>>;
    /// `usage.authored-field`
    fn authored_field<'a>(
        &'a mut self,
        key: &'a str,
        name: &'a str,
    ) -> Later<'a, Result<Option<String>, RelativeError>>;
    /// `usage.render-child`
    fn render_child<'a>(&'a mut self, key: &'a str) -> Later<'a, Result<Fragment, ChildError>>;
    /// `usage.handler-url`
    fn handler_url(&self, handler: &str) -> String;
    /// `usage.resource-url`
    fn resource_url(&self, path: &str) -> String;
    /// `usage.static-url`
    fn static_url(&self, name: &str) -> String;
    /// `files.read`, of a file with at most so many bytes
    fn file_read<'a>(
        &'a mut self,
        name: &'a str,
        most: usize,
    ) -> Later<'a, Result<Option<FileBytes>, FileFailure>>;
    /// `user.kind`
    fn visitor_kind(&self) -> VisitorKind;
    /// `user.anonymous-student-id`
    fn anonymous_student_id(&self) -> String;
    /// `user-details`; refused with a sentence for the operator
    fn user_detail(&mut self, detail: UserDetail) -> Later<'_, Result<Option<String>, String>>;
    /// `secrets.get`; refused with a sentence for the operator
    fn secret(&self, name: &str) -> Result<Option<String>, String>;
    /// `http.send`
    fn http_send(
        &mut self,
        request: HttpRequest,
        bounds: HttpBounds,
    ) -> Later<'_, Result<HttpResponse, HttpFailure>>;
    /// `storage.kept-files`
    fn kept_files(&mut self, space: Space) -> Later<'_, Result<Vec<KeptFile>, StorageFailure>>;
    /// `storage.read`, of a file with at most so many bytes
    fn kept_file<'a>(
        &'a mut self,
        space: Space,
        name: &'a str,
        most: usize,
    ) -> Later<'a, Result<Option<FileBytes>, StorageFailure>>;
    /// `storage.write`, where there is so much room
    fn keep_file<'a>(
        &'a mut self,
        space: Space,
        name: &'a str,
        data: FileBytes,
        room: Room,
    ) -> Later<'a, Result<(), StorageFailure>>;
    /// `storage.delete`
    fn delete_file<'a>(&'a mut self, space: Space, name: &'a str) -> Later<'a, Result<(), StorageFailure>>;
    /// `publish.grade`
    fn publish_grade(&mut self, earned: f64, max: f64, only_if_higher: bool) -> Result<(), PublishFailure>;
    /// `publish.completion`
    fn publish_completion(&mut self, fraction: f64) -> Result<(), PublishFailure>;
    /// `publish.event`
    fn publish_event(&mut self, name: &str, data: String) -> Result<(), PublishFailure>;
    /// `log.write`
    fn log(&mut self, level: LogLevel, message: &str);
    /// `clock.now`, milliseconds since 1970; the same during one call
    fn now_ms(&self) -> u64;
    /// `random.u64`
    fn random_u64(&mut self) -> u64;
    /// `i18n.locale`
    fn locale(&self) -> String;
}
