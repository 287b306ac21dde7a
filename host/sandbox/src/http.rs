//! What blocks send to other servers, and what they are answered. How it is sent is the caller's.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What a request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HttpMethod {
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

impl HttpMethod {
    /// As it is sent.
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// A request to another server, as the block wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// What it does.
    pub method: HttpMethod,
    /// Where to.
    pub url: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl HttpRequest {
    pub(crate) fn bytes(&self) -> usize {
        self.url.len() + header_bytes(&self.headers) + self.body.len()
    }

    /// What a recording says of it: how, where to, and the names of the headers. Keys travel in the values of headers, in
    /// queries and in bodies, in many forms, so none of these stands there.
    pub(crate) fn question(&self) -> [String; 3] {
        let place = self.url.split(['?', '#']).next().unwrap_or_default();
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        [self.method.name().to_owned(), place.to_owned(), names.join(" ")]
    }
}

/// What the server answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(with = "crate::recording::bytes_as_text")]
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// How large it is, as [`HttpBounds`] counts.
    pub fn bytes(&self) -> usize {
        header_bytes(&self.headers) + self.body.len()
    }
}

/// Why there is no answer; the WIT variant `http-error`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HttpFailure {
    /// The call is no handler's.
    NotInAHandler,
    /// The operator does not let the block.
    Refused(String),
    /// The request cannot be sent.
    Invalid(String),
    /// The answer is too large.
    TooLarge,
    /// It took too long.
    TooSlow,
    /// The server cannot be reached.
    Unreachable(String),
}

/// How much of an answer there may be, and how long it may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpBounds {
    /// Bytes of headers and body together. What comes after them is not to be read.
    pub response_bytes: usize,
    /// From the start of the request to the end of the answer.
    pub time: Duration,
}

fn header_bytes(headers: &[(String, String)]) -> usize {
    headers.iter().map(|(name, value)| name.len() + value.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_names_where_a_request_went_and_nothing_that_may_be_a_key() {
        let request = HttpRequest {
            method: HttpMethod::Post,
            url: "https://api.example.org/v1/marks?key=hunter2#hunter2".to_owned(),
            headers: vec![("authorization".to_owned(), "Bearer hunter2".to_owned())],
            body: b"hunter2".to_vec(),
        };
        assert_eq!(request.question(), ["POST", "https://api.example.org/v1/marks", "authorization"]);
    }
}
