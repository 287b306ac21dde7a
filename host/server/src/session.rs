//! The session: a signed cookie that remembers who a browser is. It holds no secret and no authority beyond that.
//!
//! A visitor's `anon` id is made when the first page needs it, not before, so that probes and crawlers cost nothing.
//! It is kept when the browser becomes a learner, and that learner gets nothing of its state, unless they are offered to
//! keep the answers (`offer.rs`) and want to.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum_extra::extract::cookie::{Cookie, Key, SameSite, SignedCookieJar};
use hmac::{Hmac, KeyInit, Mac};
use rand::Rng;
use sha2::Sha256;

use crate::ServerConfig;
use crate::locale::is_locale;
use crate::state::AppState;

/// The cookie's name.
pub(crate) const NAME: &str = "blockhouse_session";

/// How long a browser keeps the cookie, in seconds: two weeks, as in Open edX.
const MAX_AGE_S: u64 = 14 * 24 * 3600;

/// Who this browser is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Session {
    /// `anon` and 20 hex digits, once it was needed.
    anonymous: Option<Arc<str>>,
    /// The learner chosen in development mode.
    learner: Option<i64>,
    /// The language that was chosen, as a BCP 47 tag.
    language: Option<String>,
    /// Whether the browser has to be told.
    changed: bool,
}

impl Session {
    /// The registered learner, if it is one.
    pub(crate) fn learner(&self) -> Option<i64> {
        self.learner
    }

    /// The language that somebody chose to read in; else the browser's counts.
    pub(crate) fn language(&self) -> Option<&str> {
        self.language.as_deref()
    }

    /// From now on this browser's pages are in another language; without one, in the browser's.
    pub(crate) fn read_in(&mut self, language: Option<String>) {
        self.language = language;
        self.changed = true;
    }

    /// The id of the visitor that this browser is, or was before it became a learner.
    pub(crate) fn anonymous(&self) -> Option<&Arc<str>> {
        self.anonymous.as_ref()
    }

    /// From now on this browser is another visitor.
    pub(crate) fn forget_visitor(&mut self) {
        self.changed |= self.anonymous.take().is_some();
    }

    /// The visitor's id, made now if there is none yet (spec 3.7.1).
    pub(crate) fn anonymous_id(&mut self) -> Arc<str> {
        if let Some(id) = &self.anonymous {
            return id.clone();
        }
        let id: Arc<str> = new_anonymous_id().into();
        self.anonymous = Some(id.clone());
        self.changed = true;
        id
    }

    /// Becomes a learner, or a visitor again.
    pub(crate) fn choose(&mut self, learner: Option<i64>) {
        self.learner = learner;
        self.changed = true;
    }

    fn to_text(&self) -> String {
        let learner = self.learner.map(|id| id.to_string()).unwrap_or_default();
        let anonymous = self.anonymous.as_deref().unwrap_or_default();
        format!("{anonymous}.{learner}.{}", self.language().unwrap_or_default())
    }

    /// Reads a cookie whose signature was right. What it cannot read, it takes as absent.
    fn from_text(text: &str) -> Self {
        let mut parts = text.split('.');
        let anonymous = parts.next().filter(|id| is_anonymous_id(id)).map(Arc::from);
        let learner = parts.next().and_then(|id| id.parse().ok());
        let language = parts.next().filter(|tag| is_locale(tag)).map(str::to_owned);
        Self { anonymous, learner, language, changed: false }
    }
}

fn new_anonymous_id() -> String {
    let random: [u8; 10] = rand::rng().random();
    random.iter().fold(String::from("anon"), |id, byte| id + &format!("{byte:02x}"))
}

fn is_anonymous_id(text: &str) -> bool {
    let is_hex = |digits: &str| digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.strip_prefix("anon").is_some_and(is_hex)
}

/// Reads and writes session cookies.
#[derive(Clone)]
pub(crate) struct Sessions {
    /// The first one signs, all of them validate. Never empty.
    keys: Vec<Key>,
    secure: bool,
    development: bool,
}

impl Sessions {
    pub(crate) fn new(config: &ServerConfig) -> Self {
        let keys = config.secret_keys.iter().filter_map(|secret| cookie_key(secret)).collect();
        Self { keys, secure: config.is_https(), development: config.development }
    }

    /// The session of a request. A cookie that nobody here signed is no cookie.
    pub(crate) fn read(&self, headers: &HeaderMap) -> Session {
        let cookie =
            self.keys.iter().find_map(|key| SignedCookieJar::from_headers(headers, key.clone()).get(NAME));
        let mut session = cookie.map(|cookie| Session::from_text(cookie.value())).unwrap_or_default();
        // A learner who was chosen in development mode is nobody when the mode is off.
        session.learner = session.learner.filter(|_| self.development);
        session
    }

    /// What the response has to carry. Nothing when nothing changed.
    pub(crate) fn write(&self, session: &Session) -> Option<SignedCookieJar> {
        let key = self.keys.first().filter(|_| session.changed)?;
        let mut cookie = Cookie::new(NAME, session.to_text());
        cookie.set_http_only(true);
        cookie.set_same_site(SameSite::Lax);
        cookie.set_path("/");
        cookie.set_secure(self.secure);
        cookie.set_max_age(std::time::Duration::from_secs(MAX_AGE_S).try_into().ok());
        Some(SignedCookieJar::new(key.clone()).add(cookie))
    }
}

/// A cookie key of its own from a secret that also serves other purposes.
fn cookie_key(secret: &[u8]) -> Option<Key> {
    let mut bytes = Vec::with_capacity(64);
    for half in ["session cookie, first half", "session cookie, second half"] {
        let mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
        bytes.extend_from_slice(&mac.chain_update(half).finalize().into_bytes());
    }
    Key::try_from(bytes.as_slice()).ok()
}

impl FromRequestParts<AppState> for Session {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Infallible> {
        Ok(state.sessions().read(&parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::header::{COOKIE, SET_COOKIE};
    use axum::response::IntoResponse;

    use super::*;

    fn sessions(secrets: &[u8], public_url: &str, development: bool) -> Sessions {
        let keys = secrets.iter().map(|byte| vec![*byte; 32]).collect();
        Sessions::new(&ServerConfig { development, ..ServerConfig::new(public_url, keys) })
    }

    fn set_cookie(sessions: &Sessions, session: &Session) -> String {
        let response = (sessions.write(session).unwrap(), ()).into_response();
        response.headers()[SET_COOKIE].to_str().unwrap().to_owned()
    }

    /// What a browser sends back.
    fn headers(set_cookie: &str) -> HeaderMap {
        let cookie = set_cookie.split(';').next().unwrap();
        HeaderMap::from_iter([(COOKIE, cookie.parse().unwrap())])
    }

    fn visitor() -> Session {
        let mut session = Session::default();
        session.anonymous_id();
        session
    }

    #[test]
    fn a_visitor_keeps_the_id_that_was_made_on_first_use() {
        let sessions = sessions(&[1], "http://x", false);
        let mut first = visitor();
        let mut again = sessions.read(&headers(&set_cookie(&sessions, &first)));
        assert_eq!(first.anonymous_id(), again.anonymous_id());
        assert!(sessions.write(&again).is_none(), "an unchanged session sets no cookie");
    }

    #[test]
    fn an_anonymous_id_is_anon_and_twenty_hex_digits() {
        let id = visitor().anonymous_id();
        assert_eq!(id.len(), 24);
        assert!(is_anonymous_id(&id), "{id}");
        assert_ne!(id, visitor().anonymous_id());
    }

    #[test]
    fn a_request_without_need_of_an_id_gets_no_cookie() {
        let sessions = sessions(&[1], "http://x", false);
        assert!(sessions.write(&sessions.read(&HeaderMap::new())).is_none());
    }

    #[test]
    fn a_cookie_that_was_tampered_with_is_no_cookie() {
        let sessions = sessions(&[1], "http://x", true);
        let mut session = visitor();
        session.choose(Some(1));
        let forged = set_cookie(&sessions, &session).replacen(".1.;", ".2.;", 1);
        assert_eq!(sessions.read(&headers(&forged)), Session::default());
    }

    #[test]
    fn a_rotated_key_logs_nobody_out() {
        let mut session = visitor();
        let cookie = set_cookie(&sessions(&[1], "http://x", false), &session);
        let mut read = sessions(&[2, 1], "http://x", false).read(&headers(&cookie));
        assert_eq!(read.anonymous_id(), session.anonymous_id());
        assert_eq!(sessions(&[2], "http://x", false).read(&headers(&cookie)), Session::default());
    }

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
        let cookie = set_cookie(&sessions(&[1], "http://x", false), &visitor());
        for attribute in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Secure"), "{cookie}");
    }

    #[test]
    fn the_cookie_is_secure_when_the_public_url_is_https() {
        assert!(set_cookie(&sessions(&[1], "https://x", false), &visitor()).contains("Secure"));
    }

    #[test]
    fn a_chosen_learner_counts_in_development_mode_only() {
        let mut session = visitor();
        session.choose(Some(2));
        let cookie = set_cookie(&sessions(&[1], "http://x", true), &session);
        assert_eq!(sessions(&[1], "http://x", true).read(&headers(&cookie)).learner(), Some(2));
        assert_eq!(sessions(&[1], "http://x", false).read(&headers(&cookie)).learner(), None);
    }
}
