//! A server, as the operator lists it: `api.example.org`, `api.example.org:8443`, or, without encryption,
//! `http://inner.example:8080`.

use std::fmt;
use std::str::FromStr;

use reqwest::Url;

/// One server: its name, its port, and whether what is said to it is encrypted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Server {
    encrypted: bool,
    host: String,
    port: u16,
}

/// A text that names no server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` names no server; write \"api.example.org\", \"api.example.org:8443\", or \"http://inner.example:8080\" for \
     one without encryption"
)]
pub struct InvalidServer(String);

impl Server {
    /// The server of an address; none where its scheme is another than https and http.
    pub(crate) fn of(url: &Url) -> Option<Self> {
        let encrypted = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return None,
        };
        let host = url.host_str().filter(|host| !host.is_empty())?.to_owned();
        Some(Self { encrypted, host, port: url.port_or_known_default()? })
    }
}

impl FromStr for Server {
    type Err = InvalidServer;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidServer(text.to_owned());
        let address = match text.split_once("://") {
            Some(_) => text.to_owned(),
            None => format!("https://{text}"),
        };
        let url = Url::parse(&address).map_err(|_| invalid())?;
        // Whoever writes a path, or a star, means something by it that would not hold.
        let says_more = text.ends_with('/') || text.contains(['*', '@', '?', '#']) || url.path() != "/";
        match says_more {
            true => Err(invalid()),
            false => Self::of(&url).ok_or_else(invalid),
        }
    }
}

impl fmt::Display for Server {
    /// As the operator would write it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { encrypted, host, port } = self;
        match (encrypted, port) {
            (true, 443) => f.write_str(host),
            (true, _) => write!(f, "{host}:{port}"),
            (false, 80) => write!(f, "http://{host}"),
            (false, _) => write!(f, "http://{host}:{port}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_written_as_it_is_read() {
        for text in [
            "api.example.org",
            "api.example.org:8443",
            "http://inner.example",
            "http://127.0.0.1:8080",
            "http://[::1]:8080",
        ] {
            assert_eq!(text.parse::<Server>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_says_more_than_a_server_is_refused() {
        for text in [
            "",
            "*.example.org",
            "api.example.org/v1",
            "api.example.org/",
            "user@api.example.org",
            "ftp://api.example.org",
            "api.example.org?x",
            "two words",
        ] {
            assert!(text.parse::<Server>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_is_of_the_server_with_its_scheme_name_and_port() {
        let listed: Server = "API.example.org".parse().unwrap();
        let of = |url: &str| Server::of(&Url::parse(url).unwrap());
        assert_eq!(of("https://api.example.org:443/v1?x=1"), Some(listed.clone()));
        for other in [
            "http://api.example.org/",
            "https://api.example.org:444/",
            "https://api.example.org./",
            "https://api.example.org.evil.example/",
            "https://evil.example/api.example.org",
            "https://api.example.org@evil.example/",
        ] {
            assert_ne!(of(other), Some(listed.clone()), "{other}");
        }
        assert_eq!(of("file:///etc/passwd"), None);
    }
}
