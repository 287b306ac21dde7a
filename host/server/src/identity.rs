//! Who is asking. A page is asked for by a session, or by a token of the platform (`platform`); a frame and a handler
//! are asked for by the credential in their address, and by nothing else.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use blockhouse_fields::UserId;
use blockhouse_keys::UsageKey;
use blockhouse_runtime::Visitor;

use crate::error::HttpError;
use crate::locale;
use crate::platform::Member;
use crate::session::Session;
use crate::state::AppState;
use crate::urls::AUTHOR;

/// Somebody with a session. A visitor without one gets an id now.
pub(crate) struct Identity {
    /// Who, for the runtime.
    pub(crate) visitor: Visitor,
    /// The session behind it.
    pub(crate) session: Session,
}

impl Identity {
    /// Whether it is nobody registered.
    pub(crate) fn is_anonymous(&self) -> bool {
        matches!(self.visitor.user, UserId::Anonymous(_))
    }

    /// The response, with the session's cookie when the browser has to be told.
    pub(crate) fn answer(&self, state: &AppState, body: impl IntoResponse) -> Response {
        (state.sessions().write(&self.session), body).into_response()
    }
}

impl FromRequestParts<AppState> for Identity {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        if let Some(token) = bearer(&parts.headers)? {
            // A token stands for itself: whoever brings one means it, and needs no session.
            let platform = state.platform().ok_or_else(|| {
                HttpError::not_authenticated(
                    "this host takes no tokens; it has no `platform` in its settings",
                )
            })?;
            let Member { user, locale: known } = platform.member(token, state.now_s()).await?;
            let locale = known.unwrap_or_else(|| locale::of_browser(&parts.headers));
            return Ok(Self { visitor: Visitor { user, locale }, session: Session::default() });
        }
        let mut session = match Session::from_request_parts(parts, state).await {
            Ok(session) => session,
            Err(never) => match never {},
        };
        let user = match session.learner() {
            Some(id) => UserId::Learner(id),
            None => UserId::Anonymous(session.anonymous_id()),
        };
        let locale = locale::of(&session, &parts.headers);
        Ok(Self { visitor: Visitor { user, locale }, session })
    }
}

/// The token that a program sends with its request.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, HttpError> {
    let Some(value) = headers.get(AUTHORIZATION) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(HttpError::not_authenticated("`Authorization` takes `Bearer` and a token")),
    }
}

/// `{user}-{token}` from an address.
pub(crate) struct Credential<'a> {
    user: &'a str,
    token: &'a str,
}

impl<'a> Credential<'a> {
    /// Takes it apart. A text of another form is no such address (spec 3.6.1).
    pub(crate) fn parse(text: &'a str) -> Result<Self, HttpError> {
        let is_word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || c == '_');
        match text.split_once('-') {
            Some((user, token)) if is_word(user) && is_word(token) => Ok(Self { user, token }),
            _ => Err(HttpError::not_found("there is nothing at this address")),
        }
    }

    /// Who may act on `usage` with it, in the order of spec 3.6.5: the token, then the session, then the user.
    ///
    /// # Errors
    /// 403: the token is wrong or too old; a learner's session and the address disagree; the user id has no meaning.
    pub(crate) fn authorize(
        &self,
        state: &AppState,
        session: &Session,
        usage: &UsageKey,
    ) -> Result<UserId, HttpError> {
        if !state.urls().is_authorized(self.user, self.token, usage) {
            return Err(HttpError::forbidden("Invalid/expired auth token."));
        }
        let user = user_id(self.user);
        let account = match &user {
            Some(UserId::Learner(id) | UserId::Author(id)) => Some(*id),
            _ => None,
        };
        match session.learner() {
            // A visitor's session never disagrees: the address supersedes it (spec 3.6.5).
            Some(learner) if account != Some(learner) => {
                Err(HttpError::forbidden("Authentication conflict."))
            }
            _ => user.ok_or_else(|| HttpError::forbidden("Invalid user ID format.")),
        }
    }
}

/// Digits are a learner, `anon…` is a visitor, `author…` somebody who writes, and they can never be equal (spec 3.7.2).
fn user_id(text: &str) -> Option<UserId> {
    if text.starts_with("anon") {
        return Some(UserId::Anonymous(Arc::from(text)));
    }
    let account =
        |digits: &str| digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()));
    match text.strip_prefix(AUTHOR) {
        Some(digits) => account(digits).map(UserId::Author),
        None => account(text).map(UserId::Learner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_104_digits_and_anon_ids_are_never_the_same_person() {
        assert_eq!(user_id("12"), Some(UserId::Learner(12)));
        assert_eq!(user_id("anon12"), Some(UserId::Anonymous("anon12".into())));
        assert_eq!(user_id("author12"), Some(UserId::Author(12)));
        assert_ne!(user_id("12"), user_id("anon12"));
    }

    #[test]
    fn other_user_ids_have_no_meaning() {
        for text in ["bob", "+1", "-1", "99999999999999999999", "", "1x", "author", "author+1"] {
            assert_eq!(user_id(text), None, "{text}");
        }
    }

    #[test]
    fn a_credential_is_a_user_and_a_token() {
        let credential = Credential::parse("anon1-abc").ok().unwrap();
        assert_eq!((credential.user, credential.token), ("anon1", "abc"));
        for text in ["", "1", "1-", "-abc", "1-a-b", "1-a/b"] {
            assert!(Credential::parse(text).is_err(), "{text}");
        }
    }
}
