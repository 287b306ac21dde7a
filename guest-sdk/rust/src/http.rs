//! Requests to other servers. The block says `capabilities = ["http"]`, and the operator grants it and lists the
//! servers; any other, and in courses where it is not granted all of them, is refused.
//!
//! ```
//! use blockhouse_sdk::http;
//! use blockhouse_sdk::prelude::*;
//!
//! /// Has essays marked by a service.
//! #[derive(Fields)]
//! struct Essay {
//!     /// The learner's mark.
//!     #[field(scope = user_state)]
//!     mark: Field<i64>,
//! }
//!
//! #[block(name = "essay", display_name = "Essay", capabilities = ["http"])]
//! impl Essay {
//!     #[handler]
//!     fn hand_in(&mut self, essay: String) -> Result<i64> {
//!         let request = http::Request::post("https://marks.example.org/v1/essays").json(&essay)?;
//!         let answer = match request.send() {
//!             Err(http::Failure::TooSlow | http::Failure::Unreachable(_)) => {
//!                 return Err(Error::status(503, "Essays cannot be marked now. Try again later."));
//!             }
//!             answer => answer?,
//!         };
//!         *self.mark = answer.body_json()["mark"].as_i64().unwrap_or_default();
//!         Ok(*self.mark)
//!     }
//! }
//! # fn main() {
//! let mut host = blockhouse_sdk::testing::TestHost::<Essay>::new();
//! host.other_servers(|_request| Ok(Response::new("application/json", r#"{"mark": 5}"#)));
//! assert_eq!(host.learner("alice").post("hand_in", "It was a dark night.").body_json(), 5);
//! assert_eq!(host.take_requests()[0].body, br#""It was a dark night.""#);
//! # }
//! ```
//!
//! What was sent cannot be taken back: let requests follow from what the learner submitted rather than from what others
//! change, since a handler may be run again on fresh state. A request that it makes again unchanged is not sent again.

use std::fmt;

use serde::Serialize;

use crate::{Response, Result, backend};

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Reads the headers.
    Head,
    /// Hands something over.
    Post,
    /// Puts something in place.
    Put,
    /// Changes a part.
    Patch,
    /// Takes away.
    Delete,
}

/// A request to another server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// What it does.
    pub method: Method,
    /// `https://…`.
    pub url: String,
    /// Names and values. `host`, `content-length`, `user-agent` and those of the connection are the host's to set.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// A request without headers and body.
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Request { method, url: url.into(), headers: Vec::new(), body: Vec::new() }
    }

    /// A GET.
    pub fn get(url: impl Into<String>) -> Self {
        Request::new(Method::Get, url)
    }

    /// A POST.
    pub fn post(url: impl Into<String>) -> Self {
        Request::new(Method::Post, url)
    }

    /// The same request with one more header.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same request with this JSON for a body.
    pub fn json(mut self, value: impl Serialize) -> Result<Self> {
        self.body = serde_json::to_vec(&value)?;
        Ok(self.with_header("content-type", "application/json"))
    }

    /// Sends it and waits for the answer, whatever its status. Only a handler may.
    pub fn send(self) -> Result<Response, Failure> {
        backend::http_send(self)
    }
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Views only look; requests come from handlers.
    NotInAHandler,
    /// The operator does not let this block ask this server in this course or library, and why.
    Refused(String),
    /// The request is none that can be sent, and why.
    Invalid(String),
    /// The answer is larger than the host takes.
    TooLarge,
    /// The answer did not come in time. Whether the server did what it was asked is not known.
    TooSlow,
    /// The server cannot be reached, and which.
    Unreachable(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::NotInAHandler => f.write_str("a view cannot send requests: only a handler can"),
            Failure::Refused(why) => write!(f, "the host refused: {why}"),
            Failure::Invalid(why) => write!(f, "the request cannot be sent: {why}"),
            Failure::TooLarge => f.write_str("the other server's answer is too large"),
            Failure::TooSlow => f.write_str("the other server took too long"),
            Failure::Unreachable(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for Failure {}
