//! One request on the way from a block to a server, and the one that follows from a redirect.

use blockhouse_sandbox::{HttpFailure, HttpMethod, HttpRequest};
use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, HeaderMap, HeaderName,
    HeaderValue, LOCATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, USER_AGENT,
};
use reqwest::{Method, Request, StatusCode, Url};

use super::server::Server;

/// What goes along to another server than the one that the block named. Of any other header nobody knows whether it is
/// a key.
const FOR_ANYBODY: [HeaderName; 3] = [ACCEPT, ACCEPT_LANGUAGE, CONTENT_TYPE];

/// A request that can be sent.
pub(super) struct Hop {
    pub(super) url: Url,
    method: Method,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Hop {
    /// What a block wrote.
    pub(super) fn first(request: &HttpRequest) -> Result<Self, HttpFailure> {
        let url = Url::parse(&request.url)
            .map_err(|error| HttpFailure::Invalid(format!("this is no address of a server: {error}")))?;
        let method = match request.method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Head => Method::HEAD,
            HttpMethod::Post => Method::POST,
            HttpMethod::Put => Method::PUT,
            HttpMethod::Patch => Method::PATCH,
            HttpMethod::Delete => Method::DELETE,
        };
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let (name, value) = header(name, value)?;
            headers.append(name, value);
        }
        Self { url, method, headers, body: request.body.clone() }.checked()
    }

    /// Where an answer with this status and these headers leads, if it is a redirect.
    pub(super) fn after(&self, status: StatusCode, headers: &HeaderMap) -> Result<Option<Self>, HttpFailure> {
        let leads_on = matches!(
            status,
            StatusCode::MOVED_PERMANENTLY
                | StatusCode::FOUND
                | StatusCode::SEE_OTHER
                | StatusCode::TEMPORARY_REDIRECT
                | StatusCode::PERMANENT_REDIRECT
        );
        let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
        let Some(url) = location.filter(|_| leads_on).and_then(|location| self.url.join(location).ok())
        else {
            return Ok(None);
        };
        let reads = self.method == Method::GET || self.method == Method::HEAD;
        // As browsers do (fetch, 4.4).
        let becomes_get = match status {
            StatusCode::SEE_OTHER => !reads,
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            _ => false,
        };
        let mut headers = match Server::of(&url) == Server::of(&self.url) {
            true => self.headers.clone(),
            false => {
                let kept = |name: HeaderName| Some((name.clone(), self.headers.get(name)?.clone()));
                FOR_ANYBODY.into_iter().filter_map(kept).collect()
            }
        };
        let (method, body) = match becomes_get {
            true => (Method::GET, Vec::new()),
            false => (self.method.clone(), self.body.clone()),
        };
        if becomes_get {
            headers.remove(CONTENT_TYPE);
        }
        Self { url, method, headers, body }.checked().map(Some)
    }

    /// A name and a password in an address would go along as a header that nobody sees.
    fn checked(self) -> Result<Self, HttpFailure> {
        if self.url.username().is_empty() && self.url.password().is_none() {
            return Ok(self);
        }
        Err(HttpFailure::Invalid("an address has no user's name in it; use a header".to_owned()))
    }

    pub(super) fn request(&self) -> Request {
        let mut request = Request::new(self.method.clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        // Without a body, the others would have no `content-length` either, for which some servers wait.
        if !self.body.is_empty() || [Method::POST, Method::PUT, Method::PATCH].contains(&self.method) {
            *request.body_mut() = Some(self.body.clone().into());
        }
        request
    }
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), HttpFailure> {
    let known = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| HttpFailure::Invalid(format!("`{}` is no name of a header", name.escape_debug())))?;
    if is_of_the_connection(&known) || [HOST, CONTENT_LENGTH, EXPECT, USER_AGENT].contains(&known) {
        return Err(HttpFailure::Invalid(format!("the header `{known}` is the host's to set")));
    }
    // The value may be a key, so it is not repeated.
    let value = HeaderValue::from_str(value)
        .map_err(|_| HttpFailure::Invalid(format!("the header `{known}` cannot have this value")))?;
    Ok((known, value))
}

/// Headers that two servers on one connection say to each other (RFC 9110, 7.6.1).
pub(super) fn is_of_the_connection(name: &HeaderName) -> bool {
    [CONNECTION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE].contains(name)
        || name.as_str() == "keep-alive"
        || name.as_str().starts_with("proxy-")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(url: &str, headers: &[(&str, &str)]) -> Result<Hop, HttpFailure> {
        let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let request =
            HttpRequest { method: HttpMethod::Post, url: url.to_owned(), headers, body: b"mark".to_vec() };
        Hop::first(&request)
    }

    /// Where a POST with a key goes on to.
    fn led(status: u16, location: &str) -> Option<Hop> {
        let headers = [("authorization", "a key"), ("x-key", "a key"), ("content-type", "text/plain")];
        let hop = post("https://api.example.org/v1/marks", &headers).unwrap();
        let location = [(LOCATION, HeaderValue::from_str(location).unwrap())].into_iter().collect();
        hop.after(StatusCode::from_u16(status).unwrap(), &location).unwrap()
    }

    #[test]
    fn a_redirect_on_the_same_server_keeps_what_the_block_sent() {
        let hop = led(307, "/v2/marks").unwrap();
        assert_eq!((hop.url.as_str(), &hop.method), ("https://api.example.org/v2/marks", &Method::POST));
        assert_eq!((hop.headers.len(), &hop.body[..]), (3, &b"mark"[..]));
    }

    #[test]
    fn a_redirect_to_another_server_takes_no_key_along() {
        for location in ["https://other.example/", "https://api.example.org:8443/", "http://api.example.org/"]
        {
            let hop = led(308, location).unwrap();
            let left: Vec<_> = hop.headers.keys().map(HeaderName::as_str).collect();
            assert_eq!((left, &hop.body[..]), (vec!["content-type"], &b"mark"[..]), "{location}");
        }
    }

    #[test]
    fn a_post_that_is_led_to_its_result_becomes_a_get_without_a_body() {
        for status in [301, 302, 303] {
            let hop = led(status, "/result").unwrap();
            assert_eq!((&hop.method, hop.body.len(), hop.headers.len()), (&Method::GET, 0, 2), "{status}");
        }
    }

    #[test]
    fn what_leads_nowhere_is_the_answer_itself() {
        assert!(led(304, "/v2").is_none() && led(200, "/v2").is_none() && led(302, "https://").is_none());
    }

    #[test]
    fn a_request_that_cannot_be_sent_says_why() {
        for (url, headers, why) in [
            ("api.example.org", &[][..], "no address"),
            ("https://me:hunter2@api.example.org", &[], "no user's name"),
            ("https://api.example.org", &[("host", "evil.example")], "`host` is the host's to set"),
            ("https://api.example.org", &[("Content-Length", "1")], "`content-length` is the host's to set"),
            ("https://api.example.org", &[("Proxy-Authorization", "x")], "is the host's to set"),
            ("https://api.example.org", &[("user-agent", "x")], "is the host's to set"),
            ("https://api.example.org", &[("x y", "1")], "no name of a header"),
            ("https://api.example.org", &[("x", "hunter2\r\nhost: evil.example")], "cannot have this value"),
        ] {
            let Err(HttpFailure::Invalid(message)) = post(url, headers) else { panic!("{url} {headers:?}") };
            assert!(message.contains(why) && !message.contains("hunter2"), "{message}");
        }
    }
}
