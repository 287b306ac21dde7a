//! The host's functions in the SDK's own types. `testing::imports` has the same functions for native tests.

use super::bindings::blockhouse::block as wit;
use super::bindings::blockhouse::block::fields::FieldError;
use super::bindings::blockhouse::block::files::FileError;
use super::bindings::blockhouse::block::http::HttpError;
use super::bindings::blockhouse::block::publish::PublishError;
use super::bindings::blockhouse::block::storage::StorageError;
use super::bindings::blockhouse::block::usage::{ChildError, RelativeError};
use crate::i18n::Argument;
use crate::{Error, Fragment, Response, Result, files, http, storage};

pub use wit::log::Level as LogLevel;
pub use wit::user::VisitorKind;

pub(crate) fn field_get(name: &str) -> Result<Option<String>> {
    wit::fields::get(name).map_err(|error| field_error(name, error))
}

pub(crate) fn field_set(name: &str, json: &str) -> Result<()> {
    wit::fields::set(name, json).map_err(|error| field_error(name, error))
}

pub(crate) fn field_delete(name: &str) -> Result<()> {
    wit::fields::delete(name).map_err(|error| field_error(name, error))
}

fn field_error(name: &str, error: FieldError) -> Error {
    Error::failure(match error {
        FieldError::UnknownField(_) => {
            format!("the host knows no field `{name}`: build the package again")
        }
        FieldError::ReadOnly(_) => {
            format!("field `{name}` cannot be written here: authors write it")
        }
        FieldError::WrongType(expected) => {
            format!("field `{name}` cannot hold that value: {expected}")
        }
        FieldError::Unavailable(why) => format!("field `{name}` is out of reach: {why}"),
    })
}

pub(crate) fn usage_key() -> String {
    wit::usage::key()
}

pub(crate) fn context_key() -> String {
    wit::usage::context_key()
}

pub(crate) fn children() -> Vec<String> {
    wit::usage::children()
}

pub(crate) fn parent() -> Option<String> {
    wit::usage::parent()
}

pub(crate) fn siblings() -> Vec<String> {
    wit::usage::siblings()
}

pub(crate) fn authored_field(key: &str, name: &str) -> Result<Option<String>> {
    wit::usage::authored_field(key, name).map_err(|error| {
        Error::failure(match error {
            RelativeError::NoRelative => format!("{key} is no relative of this block"),
            RelativeError::Unavailable => format!("{key} cannot be looked at now"),
        })
    })
}

pub(crate) fn render_child(key: &str) -> Result<Fragment> {
    wit::usage::render_child(key).map(Fragment::from).map_err(|error| {
        Error::failure(match error {
            ChildError::NoSuchChild => format!("{key} is not a child of this block"),
            ChildError::TooDeep => "children are nested too deep".to_owned(),
        })
    })
}

pub(crate) fn handler_url(handler: &str) -> String {
    wit::usage::handler_url(handler)
}

pub(crate) fn resource_url(path: &str) -> String {
    wit::usage::resource_url(path)
}

pub(crate) fn static_url(name: &str) -> String {
    wit::usage::static_url(name)
}

pub(crate) fn file_read(name: &str) -> Result<Option<Vec<u8>>, files::Failure> {
    wit::files::read(name).map_err(|error| match error {
        FileError::TooLarge => files::Failure::TooLarge,
        FileError::Unavailable(why) => files::Failure::Unavailable(why),
    })
}

pub(crate) fn visitor_kind() -> VisitorKind {
    wit::user::kind()
}

pub(crate) fn anonymous_student_id() -> String {
    wit::user::anonymous_student_id()
}

fn refused(why: String) -> Error {
    Error::failure(format!("the host refused: {why}"))
}

pub(crate) fn display_name() -> Result<Option<String>> {
    wit::user_details::display_name().map_err(refused)
}

pub(crate) fn username() -> Result<Option<String>> {
    wit::user_details::username().map_err(refused)
}

pub(crate) fn email() -> Result<Option<String>> {
    wit::user_details::email().map_err(refused)
}

pub(crate) fn secret(name: &str) -> Result<Option<String>> {
    wit::secrets::get(name).map_err(refused)
}

pub(crate) fn http_send(request: http::Request) -> Result<Response, http::Failure> {
    let http::Request { method, url, headers, body } = request;
    let method = match method {
        http::Method::Get => wit::http::Method::Get,
        http::Method::Head => wit::http::Method::Head,
        http::Method::Post => wit::http::Method::Post,
        http::Method::Put => wit::http::Method::Put,
        http::Method::Patch => wit::http::Method::Patch,
        http::Method::Delete => wit::http::Method::Delete,
    };
    let answer = wit::http::send(&wit::http::Request { method, url, headers, body });
    let wit::http::Response { status, headers, body } = answer.map_err(|error| match error {
        HttpError::NotInAHandler => http::Failure::NotInAHandler,
        HttpError::Refused(why) => http::Failure::Refused(why),
        HttpError::Invalid(why) => http::Failure::Invalid(why),
        HttpError::TooLarge => http::Failure::TooLarge,
        HttpError::TooSlow => http::Failure::TooSlow,
        HttpError::Unreachable(why) => http::Failure::Unreachable(why),
    })?;
    Ok(Response { status, headers, body })
}

pub(crate) fn kept_files(space: storage::Space) -> Result<Vec<storage::KeptFile>, storage::Failure> {
    let files = wit::storage::kept_files(wit_space(space)).map_err(storage_failure)?;
    let file = |wit::storage::KeptFile { name, bytes }| storage::KeptFile { name, bytes };
    Ok(files.into_iter().map(file).collect())
}

pub(crate) fn kept_file(space: storage::Space, name: &str) -> Result<Option<Vec<u8>>, storage::Failure> {
    wit::storage::read(wit_space(space), name).map_err(storage_failure)
}

pub(crate) fn keep_file(space: storage::Space, name: &str, data: &[u8]) -> Result<(), storage::Failure> {
    wit::storage::write(wit_space(space), name, data).map_err(storage_failure)
}

pub(crate) fn delete_file(space: storage::Space, name: &str) -> Result<(), storage::Failure> {
    wit::storage::delete(wit_space(space), name).map_err(storage_failure)
}

fn wit_space(space: storage::Space) -> wit::storage::Space {
    match space {
        storage::Space::Own => wit::storage::Space::Own,
        storage::Space::Shared => wit::storage::Space::Shared,
    }
}

fn storage_failure(error: StorageError) -> storage::Failure {
    match error {
        StorageError::NotInAHandler => storage::Failure::NotInAHandler,
        StorageError::Refused(why) => storage::Failure::Refused(why),
        StorageError::InvalidName => storage::Failure::InvalidName,
        StorageError::TooLarge => storage::Failure::TooLarge,
        StorageError::Full => storage::Failure::Full,
        StorageError::Unavailable(why) => storage::Failure::Unavailable(why),
    }
}

pub(crate) fn publish_grade(earned: f64, max: f64, only_if_higher: bool) -> Result<()> {
    wit::publish::grade(earned, max, only_if_higher).map_err(publish_error)
}

pub(crate) fn publish_completion(fraction: f64) -> Result<()> {
    wit::publish::completion(fraction).map_err(publish_error)
}

pub(crate) fn publish_event(name: &str, data: &str) -> Result<()> {
    wit::publish::event(name, data).map_err(publish_error)
}

fn publish_error(error: PublishError) -> Error {
    Error::failure(match error {
        PublishError::NotInAHandler => "a view cannot publish: only a handler can".to_owned(),
        PublishError::Invalid(why) => format!("the event is not what its type asks for: {why}"),
    })
}

pub(crate) fn log(level: LogLevel, message: &str) {
    wit::log::write(level, message);
}

pub(crate) fn now_ms() -> u64 {
    wit::clock::now()
}

pub(crate) fn random_u64() -> u64 {
    wit::random::u64()
}

pub(crate) fn locale() -> String {
    wit::i18n::locale()
}

pub(crate) fn text(id: &str, arguments: &[(&str, Argument)]) -> Option<String> {
    let arguments: Vec<_> = arguments
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Argument::Text(text) => wit::i18n::Argument::Text(text.clone()),
                Argument::Number(number) => wit::i18n::Argument::Number(*number),
            };
            ((*name).to_owned(), value)
        })
        .collect();
    wit::i18n::text(id, &arguments)
}
