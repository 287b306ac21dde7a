//! What all pages share: the head, the identity switch of development mode, and the page that says what went wrong.

use axum::Extension;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::{Html, IntoResponse, Response};
use blockhouse_content::ContentError;
use blockhouse_fields::UserId;
use serde::Serialize;

use crate::routes::dev_identity::{CHOICES, Choice};
use crate::security_headers::OwnPage;
use crate::session::Session;
use crate::state::AppState;
use crate::texts::{self, ENGLISH, LANGUAGES, Language};

/// The parts of a page that are the same everywhere.
#[derive(Serialize)]
pub(crate) struct Chrome {
    assets: String,
    /// The language of the page's words, one of ours.
    language: String,
    direction: &'static str,
    /// The page itself, to come back to.
    here: String,
    languages: &'static [Language],
    /// The one that was chosen.
    chosen: String,
    /// Whether there is anything that this reader may write.
    writes: bool,
    /// The switch between identities; none outside development mode.
    switch: Option<Switch>,
}

#[derive(Serialize)]
struct Switch {
    choices: &'static [Choice],
    current: &'static str,
}

impl Chrome {
    /// For the page at `path`, as this session sees it, in English: for pages that are not translated.
    pub(crate) async fn new(state: &AppState, session: &Session, path: &str) -> Self {
        Self::in_language(state, session, path, ENGLISH).await
    }

    /// The same, for a reader of `locale`.
    pub(crate) async fn in_language(state: &AppState, session: &Session, path: &str, locale: &str) -> Self {
        let language = state.templates().texts().language(locale).to_owned();
        let switch = state
            .config()
            .development
            .then(|| Switch { choices: &CHOICES, current: Choice::of(session.learner()).name });
        let direction = texts::direction(&language);
        Self {
            assets: state.assets().base().to_owned(),
            language,
            direction,
            here: path.to_owned(),
            languages: &LANGUAGES,
            chosen: session.language().unwrap_or_default().to_owned(),
            writes: may_write(state, session).await,
            switch,
        }
    }
}

/// A page is shown also when it cannot be said who may write: then without the link.
async fn may_write(state: &AppState, session: &Session) -> bool {
    let Some(learner) = session.learner() else { return false };
    let asked = async {
        let person = state.runtime().people().person(&UserId::Learner(learner)).await?;
        Ok::<_, ContentError>(state.runtime().libraries().may_write(&person).await?)
    };
    asked.await.unwrap_or_else(|error| {
        tracing::warn!(%error, "it is not known who may write");
        false
    })
}

/// A rendered page with the headers that every page has. Pages are somebody's own, so nobody else may keep them.
pub(crate) fn page(html: Html<String>) -> Response {
    let caching = axum::http::HeaderValue::from_static("private, no-cache");
    (Extension(OwnPage), [(CACHE_CONTROL, caching)], html).into_response()
}

/// The page that says what went wrong.
#[derive(Serialize)]
pub(crate) struct ErrorPage<'a> {
    chrome: Chrome,
    title: &'a str,
    message: &'a str,
    request_id: &'a str,
}

impl ErrorPage<'_> {
    pub(crate) fn render(
        state: &AppState,
        chrome: Chrome,
        status: StatusCode,
        message: &str,
        id: &str,
    ) -> Response {
        let title = match status.as_u16() {
            404 => "not-found",
            403 => "not-allowed",
            400..500 => "did-not-work",
            _ => "went-wrong",
        };
        let title = &state.templates().texts().text(&chrome.language, title, &[]);
        let values = ErrorPage { chrome, title, message, request_id: id };
        match state.templates().render("error.html", values) {
            Ok(html) => page(html),
            // The error page itself is broken: say it plainly rather than not at all.
            Err(_) => format!("{title}: {message} (request {id})").into_response(),
        }
    }
}
