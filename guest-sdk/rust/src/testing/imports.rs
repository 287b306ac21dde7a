//! The host's functions as the host in memory answers them. `component::imports` has the same functions.
//!
//! The state of the running call is the thread's: a block calls the host's functions without naming a host.

use std::cell::RefCell;

use super::state::{Event, State};
use crate::i18n::Argument;
use crate::{Error, Fragment, Response, Result, files, http, storage};
use serde_json::json;

thread_local! {
    static RUNNING: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// What kind of person is looking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitorKind {
    /// Has an account.
    Learner,
    /// Has none.
    Anonymous,
    /// Previews the block while writing it.
    Author,
}

/// How much a log line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// For whoever writes the block.
    Debug,
    /// Worth knowing.
    Info,
    /// Something is odd, and the block goes on.
    Warn,
    /// Something failed.
    Error,
}

/// Runs a call on this state and gives the state as the call left it.
pub(crate) fn run<T>(state: State, call: impl FnOnce() -> T) -> (T, State) {
    RUNNING.set(Some(state));
    let answer = call();
    (answer, with(|state| state.clone()))
}

#[expect(clippy::panic, reason = "a test that calls a block without a host has to be told")]
fn with<T>(ask: impl FnOnce(&mut State) -> T) -> T {
    RUNNING.with_borrow_mut(|running| match running {
        Some(state) => ask(state),
        None => panic!("a block's methods ask the host: call them through blockhouse_sdk::testing::TestHost"),
    })
}

pub(crate) fn field_get(name: &str) -> Result<Option<String>> {
    with(|state| Ok(state.values.get(&state.place(name)?).map(|value| value.to_string())))
}

pub(crate) fn field_set(name: &str, json: &str) -> Result<()> {
    let value = serde_json::from_str(json)?;
    with(|state| {
        let place = state.writable(name)?;
        state.write(place, Some(value));
        Ok(())
    })
}

pub(crate) fn field_delete(name: &str) -> Result<()> {
    with(|state| {
        let place = state.writable(name)?;
        if state.values.contains_key(&place) {
            state.write(place, None);
        }
        Ok(())
    })
}

pub(crate) fn usage_key() -> String {
    with(|state| state.usage_key.clone())
}

pub(crate) fn context_key() -> String {
    with(|state| state.context_key.clone())
}

pub(crate) fn children() -> Vec<String> {
    with(|state| state.children.iter().map(|(key, _)| key.clone()).collect())
}

pub(crate) fn parent() -> Option<String> {
    with(|state| state.parent.clone())
}

pub(crate) fn siblings() -> Vec<String> {
    with(|state| state.siblings.clone())
}

pub(crate) fn authored_field(key: &str, name: &str) -> Result<Option<String>> {
    with(|state| match state.relatives.get(key) {
        Some(fields) => Ok(fields.get(name).map(ToString::to_string)),
        None => Err(Error::failure(format!("{key} is no relative of this block"))),
    })
}

pub(crate) fn render_child(key: &str) -> Result<Fragment> {
    with(|state| {
        let child = state.children.iter().find(|(known, _)| known == key);
        match child {
            Some((_, fragment)) => Ok(fragment.clone()),
            None => Err(Error::failure(format!("{key} is not a child of this block"))),
        }
    })
}

pub(crate) fn handler_url(handler: &str) -> String {
    with(|state| format!("/handler/{}/{handler}", state.usage_key))
}

pub(crate) fn resource_url(path: &str) -> String {
    with(|state| format!("/resource/{}/{path}", state.block_type))
}

pub(crate) fn static_url(name: &str) -> String {
    with(|state| format!("/asset/{}/{name}", state.context_key))
}

pub(crate) fn file_read(name: &str) -> Result<Option<Vec<u8>>, files::Failure> {
    with(|state| Ok(state.files.get(name).cloned()))
}

pub(crate) fn visitor_kind() -> VisitorKind {
    with(|state| state.visitor)
}

pub(crate) fn anonymous_student_id() -> String {
    with(|state| match state.visitor {
        VisitorKind::Anonymous => state.user.clone(),
        VisitorKind::Learner | VisitorKind::Author => format!("pseudonym-of-{}", state.user),
    })
}

pub(crate) fn display_name() -> Result<Option<String>> {
    with(|state| Ok(state.details()?.display_name))
}

pub(crate) fn username() -> Result<Option<String>> {
    with(|state| Ok(state.details()?.username))
}

pub(crate) fn email() -> Result<Option<String>> {
    with(|state| Ok(state.details()?.email))
}

pub(crate) fn secret(name: &str) -> Result<Option<String>> {
    with(|state| {
        state.asked_for("secrets")?;
        Ok(state.secrets.get(name).cloned())
    })
}

pub(crate) fn http_send(request: http::Request) -> Result<Response, http::Failure> {
    with(|state| {
        if let Err(error) = state.asked_for("http") {
            return Err(http::Failure::Refused(error.into_message()));
        }
        if !state.in_handler {
            return Err(http::Failure::NotInAHandler);
        }
        let answer = match &state.other_servers {
            Some(answer) => answer(&request),
            None => Err(http::Failure::Unreachable(
                "the test has no other servers: TestHost::other_servers".to_owned(),
            )),
        };
        state.requests.push(request);
        answer
    })
}

pub(crate) fn kept_files(space: storage::Space) -> Result<Vec<storage::KeptFile>, storage::Failure> {
    with(|state| {
        state.may_keep_files()?;
        let owner = state.file_owner(space);
        let mine = state.kept_files.iter().filter(|((of, _), _)| *of == owner);
        let file = |((_, name), bytes): (&(String, String), &Vec<u8>)| storage::KeptFile {
            name: name.clone(),
            bytes: bytes.len() as u64,
        };
        Ok(mine.map(file).collect())
    })
}

pub(crate) fn kept_file(space: storage::Space, name: &str) -> Result<Option<Vec<u8>>, storage::Failure> {
    with(|state| {
        state.may_keep_files()?;
        Ok(state.kept_files.get(&(state.file_owner(space), name.to_owned())).cloned())
    })
}

pub(crate) fn keep_file(space: storage::Space, name: &str, data: &[u8]) -> Result<(), storage::Failure> {
    with(|state| {
        state.may_change_files()?;
        state.kept_files.insert((state.file_owner(space), name.to_owned()), data.to_owned());
        Ok(())
    })
}

pub(crate) fn delete_file(space: storage::Space, name: &str) -> Result<(), storage::Failure> {
    with(|state| {
        state.may_change_files()?;
        state.kept_files.remove(&(state.file_owner(space), name.to_owned()));
        Ok(())
    })
}

pub(crate) fn publish_grade(earned: f64, max: f64, only_if_higher: bool) -> Result<()> {
    if !(max >= 0.0 && (0.0..=max).contains(&earned)) {
        return Err(Error::failure(format!("{earned} of {max} is no score")));
    }
    publish("grade", json!({"value": earned, "max_value": max, "only_if_higher": only_if_higher}))
}

pub(crate) fn publish_completion(fraction: f64) -> Result<()> {
    if !(0.0..=1.0).contains(&fraction) {
        return Err(Error::failure(format!("completion {fraction} is not between 0.0 and 1.0")));
    }
    publish("completion", json!({ "completion": fraction }))
}

pub(crate) fn publish_event(name: &str, data: &str) -> Result<()> {
    publish(name, serde_json::from_str(data)?)
}

fn publish(name: &str, data: serde_json::Value) -> Result<()> {
    with(|state| {
        if !state.in_handler {
            return Err(Error::failure("a view cannot publish: only a handler can"));
        }
        let event = Event { user: state.user.clone(), name: name.to_owned(), data };
        state.events.push(event);
        Ok(())
    })
}

pub(crate) fn log(level: LogLevel, message: &str) {
    with(|state| state.log.push(format!("{level:?}: {message}")));
}

pub(crate) fn now_ms() -> u64 {
    with(|state| state.now_ms)
}

pub(crate) fn random_u64() -> u64 {
    with(|state| {
        // SplitMix64: the same numbers in every run of a test.
        state.random = state.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state.random ^ (state.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    })
}

pub(crate) fn locale() -> String {
    with(|state| state.locale.clone())
}

pub(crate) fn text(id: &str, arguments: &[(&str, Argument)]) -> Option<String> {
    let arguments: Vec<_> = arguments
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Argument::Text(text) => blockhouse_i18n::Argument::Text(text.clone()),
                Argument::Number(number) => blockhouse_i18n::Argument::Number(*number),
            };
            (*name, value)
        })
        .collect();
    with(|state| state.catalogues.text(&state.locale, id, &arguments))
}
