//! Requests to a handler, its responses, and the rules of a JSON handler (spec 2.9.3).

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::{Error, Result};

/// A call of a handler, as it came over HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST`, … in upper case.
    pub method: String,
    /// What follows the handler's name in the path, without a leading slash; often empty.
    pub suffix: String,
    /// The query string without `?`; often empty.
    pub query: String,
    /// Lower-case names. Cookies and authorization are never among them.
    pub headers: Vec<(String, String)>,
    /// The body as it came.
    pub body: Vec<u8>,
}

impl Request {
    /// The first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON, or an answer with status 400.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).map_err(|error| match error.classify() {
            serde_json::error::Category::Data => Error::status(400, error.to_string()),
            _ => Error::status(400, "Invalid JSON"),
        })
    }

    /// The body or, where it is empty, the query string as form fields, in order and with repetitions.
    pub fn form(&self) -> Vec<(String, String)> {
        let body = String::from_utf8_lossy(&self.body);
        let text = if body.is_empty() { self.query.as_str() } else { body.as_ref() };
        text.split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (percent_decode(name), percent_decode(value)))
            .collect()
    }
}

/// A handler's answer. Whatever its status, the block's writes are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// 200 to 599.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Response {
    /// Status 200 with a body of this type, for instance `text/vtt; charset=utf-8`.
    pub fn new(content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Response {
            status: 200,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
        }
    }

    /// Status 200 with this JSON.
    pub fn json(value: impl Serialize) -> Result<Self> {
        Ok(Response::new("application/json; charset=utf-8", serde_json::to_vec(&value)?))
    }

    /// This status with `{"error": message}`.
    pub fn error(status: u16, message: &str) -> Self {
        let body = json!({ "error": message }).to_string();
        Response::new("application/json; charset=utf-8", body).with_status(status)
    }

    /// The same answer with another status.
    pub fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// The same answer with one more header.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The first header of this lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON, `null` where it is something else.
    pub fn body_json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// What `#[block]` answers for a handler that the block does not have (spec 2.9.2).
    pub fn no_such_handler(name: &str) -> Self {
        Response::error(404, &format!("this block has no handler `{name}`"))
    }
}

/// Runs a handler that takes and returns JSON; `#[block]` calls it for every handler with typed input.
pub fn json_handler<I: DeserializeOwned, O: Serialize>(
    request: &Request,
    handler: impl FnOnce(I) -> Result<O>,
) -> Result<Response> {
    if request.method != "POST" {
        return Ok(Response::error(405, "Method must be POST").with_header("allow", "POST"));
    }
    Response::json(handler(request.json()?)?)
}

fn percent_decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let decoded = match byte {
            b'+' => b' ',
            b'%' => {
                let ahead = rest.clone();
                match (hex(rest.next()), hex(rest.next())) {
                    (Some(high), Some(low)) => high * 16 + low,
                    _ => {
                        rest = ahead;
                        b'%'
                    }
                }
            }
            other => other,
        };
        bytes.push(decoded);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: Option<u8>) -> Option<u8> {
    char::from(digit?).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(body: &str) -> Request {
        Request { method: "POST".into(), body: body.into(), ..Request::default() }
    }

    #[test]
    fn row_037_another_method_than_post_is_answered_with_405() {
        let response =
            json_handler(&Request { method: "GET".into(), ..post("{}") }, |(): ()| Ok(())).unwrap();
        assert_eq!((response.status, response.header("allow")), (405, Some("POST")));
        assert_eq!(response.body_json(), json!({"error": "Method must be POST"}));
    }

    #[test]
    fn row_038_a_body_that_is_no_json_is_answered_with_400() {
        for body in ["", "not json", "{"] {
            let error = json_handler(&post(body), |_: Value| Ok(())).unwrap_err();
            assert_eq!(error, Error::status(400, "Invalid JSON"));
        }
    }

    #[test]
    fn json_of_another_shape_is_answered_with_400_and_the_reason() {
        let error = json_handler(&post("[1]"), |_: Vec<String>| Ok(())).unwrap_err();
        assert!(matches!(error, Error::Status { status: 400, message } if message.contains("invalid type")));
    }

    #[test]
    fn row_041_null_and_a_list_and_a_text_are_answers() {
        for value in [json!(null), json!([1]), json!("a")] {
            let response = json_handler(&post("null"), |(): ()| Ok(value.clone())).unwrap();
            assert_eq!((response.status, response.body_json()), (200, value));
        }
    }

    #[test]
    fn form_fields_keep_their_order_and_are_decoded() {
        let fields = post("a=1+2&b=%C3%A9&b=%2&c").form();
        let expected = [("a", "1 2"), ("b", "é"), ("b", "%2"), ("c", "")];
        assert_eq!(fields, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
