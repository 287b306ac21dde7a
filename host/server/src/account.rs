//! Somebody with an account, as the authors' API asks for: who they are and what the platform lets them do.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use blockhouse_content::Person;
use blockhouse_content::libraries::Author;
use blockhouse_fields::UserId;

use crate::error::HttpError;
use crate::identity::Identity;
use crate::own_page;
use crate::state::AppState;

/// Who asks. A visitor without an account gets 401.
pub(crate) struct Account {
    /// The session behind it.
    pub(crate) identity: Identity,
    /// What is known of them.
    pub(crate) person: Person,
    account: i64,
}

impl Account {
    /// The number of the account.
    pub(crate) fn number(&self) -> i64 {
        self.account
    }

    /// Whose change a change is.
    pub(crate) fn author(&self) -> Author {
        Author { account: self.account, username: self.person.username.clone() }
    }

    /// The response, with the session's cookie when the browser has to be told.
    pub(crate) fn answer(&self, state: &AppState, body: impl IntoResponse) -> Response {
        self.identity.answer(state, body)
    }
}

impl FromRequestParts<AppState> for Account {
    type Rejection = HttpError;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, HttpError> {
        if !parts.method.is_safe() {
            own_page::check(&parts.headers, state.urls().origin())?;
        }
        let identity = Identity::from_request_parts(parts, state).await?;
        let account = match identity.visitor.user {
            UserId::Learner(id) | UserId::Author(id) => id,
            UserId::Anonymous(_) => return Err(HttpError::unauthorized()),
        };
        let person = state.runtime().people().person(&identity.visitor.user).await;
        let person = person.map_err(blockhouse_runtime::RuntimeError::from)?;
        Ok(Self { identity, person, account })
    }
}
