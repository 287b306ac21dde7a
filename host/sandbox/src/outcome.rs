//! How a call ended and what it cost.

use std::str::Utf8Error;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use wasmtime::{PoolConcurrencyLimitError, Trap};

use crate::exports::Export;
use crate::host::{Fragment, Response};
use crate::learning_context::ContextAnswer;
use crate::limits::{Exhausted, Limit};
use crate::wasi::Exited;

/// A call that has ended. The host comes back however it ended.
#[derive(Debug)]
pub struct Finished<H> {
    /// The host that was handed in, with what the call did to it. After an error nothing of that may be kept.
    pub host: H,
    /// What the block answered.
    pub result: Result<Output, CallError>,
    /// What it cost.
    pub cost: Cost,
    /// Where in the component it broke off, if it did.
    pub backtrace: Option<String>,
}

impl<H> Finished<H> {
    pub(crate) fn map_host<T>(self, map: impl FnOnce(H) -> T) -> Finished<T> {
        let Self { host, result, cost, backtrace } = self;
        Finished { host: map(host), result, cost, backtrace }
    }

    /// A call that never came to the block.
    pub(crate) fn unstarted(host: H, error: CallError) -> Self {
        Self { host, result: Err(error), cost: Cost::default(), backtrace: None }
    }
}

/// What a block answered, checked and within its limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Output {
    /// Of a view.
    Fragment(Fragment),
    /// Of a handler.
    Response(Response),
    /// Of `olx`, `indexing` and `student-view-data`: well-formed JSON.
    Json(String),
    /// Of `olx-writer`.
    Text(String),
    /// Of `grading`: finite and at least 0.
    Score(f64),
    /// Of `reset`.
    Done,
    /// Of `learning-context`: an answer to the question that was asked.
    Context(ContextAnswer),
}

/// Why a call gave no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The block cannot do this. Its type says so, no code ran.
    #[error("the block does not export `{0}`")]
    NotExported(Export),
    /// The block said that it cannot do what was asked.
    #[error("the block reports: {0}")]
    Failed(String),
    /// The block's code broke off.
    #[error("the block stopped: {0}")]
    Trapped(String),
    /// The block used more than it may.
    #[error("the block used up its limit `{0}`")]
    OutOf(Limit),
    /// The blocks around this one had used what they may together. This block is not to blame.
    #[error("the blocks around this one used up their limit `{0}`")]
    OutOfShared(Limit),
    /// The block answered with something that the contract does not allow.
    #[error("the block's answer is not usable: {0}")]
    BadOutput(String),
    /// Too many calls at once. Trying again later helps.
    #[error("too many blocks are running; try again in a moment")]
    Busy,
    /// The call could not be set up. The block is not to blame.
    #[error("the block could not be started: {0}")]
    Host(String),
}

/// What a call used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Processor time, without that of rendered children.
    pub cpu: Duration,
    /// From start to end, without queueing.
    pub wall: Duration,
    /// Linear memory at its largest.
    pub memory_bytes: usize,
    /// Calls of the host, without log lines.
    pub host_calls: u32,
    /// Those of them that change something.
    pub writes: u32,
    /// The size of the values, events and requests that it handed to the host.
    pub handed_bytes: usize,
    /// Log text that was kept, with 16 bytes for each line.
    pub log_bytes: usize,
    /// Log lines that were not kept.
    pub log_lines_dropped: u64,
    /// The size of the answer.
    pub output_bytes: usize,
}

/// The most of a block's own words that an error carries.
const MESSAGE_BYTES: usize = 2_000;

impl CallError {
    /// The block's own `failure`, cut to a length that a log and a card can bear.
    pub(crate) fn failed(mut message: String) -> Self {
        if message.len() > MESSAGE_BYTES {
            message.truncate(message.floor_char_boundary(MESSAGE_BYTES));
            message.push('…');
        }
        Self::Failed(message)
    }

    /// Whose fault an error out of wasmtime is; `otherwise` where the error does not say.
    pub(crate) fn classify(error: &wasmtime::Error, otherwise: fn(String) -> Self) -> Self {
        if let Some(Exhausted(limit)) = error.downcast_ref() {
            return Self::OutOf(*limit);
        }
        if let Some(trap) = error.downcast_ref::<Trap>() {
            return Self::Trapped(trap_text(*trap));
        }
        if let Some(exited) = error.downcast_ref::<Exited>() {
            return Self::Trapped(exited.to_string());
        }
        if error.is::<PoolConcurrencyLimitError>() {
            return Self::Busy;
        }
        if error.is::<Utf8Error>() {
            return Self::BadOutput("a string in it is not UTF-8".to_owned());
        }
        // wasmtime keeps the types of these errors to itself, so their text has to tell; tests pin it.
        let text = format!("{error:#}");
        if text.contains("fuel allocated for hostcalls has been exhausted") {
            Self::OutOf(Limit::HostCallBytes)
        } else if text.contains("store handle limit exceeded") {
            Self::OutOf(Limit::Handles)
        } else if text.contains("resource limit exceeded") {
            Self::OutOf(Limit::Instances)
        } else {
            otherwise(text)
        }
    }
}

fn trap_text(trap: Trap) -> String {
    match trap {
        Trap::StackOverflow => "it recursed too deep".to_owned(),
        Trap::UnreachableCodeReached => "it panicked; its log may say why".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_failure_is_cut_at_a_character() {
        let CallError::Failed(text) = CallError::failed("é".repeat(MESSAGE_BYTES)) else { panic!() };
        assert!(text.len() < MESSAGE_BYTES + 4);
        assert!(text.ends_with("é…"));
    }

    #[test]
    fn a_limit_is_found_below_other_context() {
        let error = wasmtime::Error::from(Exhausted(Limit::Writes)).context("while calling `set`");
        assert_eq!(CallError::classify(&error, CallError::Host), CallError::OutOf(Limit::Writes));
    }
}
