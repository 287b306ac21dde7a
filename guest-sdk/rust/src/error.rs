//! What a block's method may fail with.
//!
//! `Error` takes any other error through `?`, so it is not an `std::error::Error` itself: the two would overlap.

use std::fmt;

/// The result of a block's methods.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a view or handler did not end well.
#[derive(Clone, PartialEq, Eq)]
pub enum Error {
    /// An answer that the learner's browser is to see. The block's writes are kept (spec 2.9.3).
    Status {
        /// 400 to 599.
        status: u16,
        /// One sentence for whoever called the handler.
        message: String,
    },
    /// The block could not do its work. Nothing that the call wrote is kept.
    Failure(String),
}

impl Error {
    /// A handler's answer with this HTTP status and the body `{"error": message}`.
    pub fn status(status: u16, message: impl Into<String>) -> Self {
        Error::Status { status, message: message.into() }
    }

    /// A failure of the block, for its log.
    pub fn failure(message: impl Into<String>) -> Self {
        Error::Failure(message.into())
    }

    pub(crate) fn into_message(self) -> String {
        match self {
            Error::Status { message, .. } | Error::Failure(message) => message,
        }
    }
}

impl<E: std::error::Error> From<E> for Error {
    fn from(error: E) -> Self {
        Error::Failure(error.to_string())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Status { status, message } => write!(f, "{status}: {message}"),
            Error::Failure(message) => f.write_str(message),
        }
    }
}
