//! How an error looks to whoever asked: JSON for programs, a page for people, a card inside a frame.

use axum::extract::Request;
use axum::http::header::{ACCEPT_LANGUAGE, COOKIE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::{IntoResponse, Json, Response};

use super::HttpError;
use crate::frame_document::FramePage;
use crate::locale;
use crate::pages::{Chrome, ErrorPage};
use crate::state::AppState;

/// What whoever asked can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Json,
    Page,
    Frame,
}

impl Format {
    fn of(path: &str) -> Self {
        const PROGRAMS: [&str; 8] =
            ["/api/", "/xblock/", "/static/", "/files/", "/assets/", "/healthz", "/readyz", "/metrics"];
        if path.starts_with("/frame/") || path.starts_with("/xblocks/") {
            Self::Frame
        } else if PROGRAMS.iter().any(|prefix| path.starts_with(prefix)) || path.ends_with("/standing") {
            Self::Json
        } else {
            Self::Page
        }
    }
}

/// What an error's answer needs to know of the request, which is gone by then.
pub(crate) struct Unanswered {
    uri: Uri,
    cookies: Option<HeaderValue>,
    languages: Option<HeaderValue>,
}

impl Unanswered {
    pub(crate) fn of(request: &Request) -> Self {
        let header = |name| request.headers().get(name).cloned();
        Self { uri: request.uri().clone(), cookies: header(COOKIE), languages: header(ACCEPT_LANGUAGE) }
    }

    /// Writes the log line and the body of an [`HttpError`]; any other answer stays as it is.
    pub(crate) async fn render(self, state: &AppState, id: &str, mut response: Response) -> Response {
        let Some(error) = response.extensions_mut().remove::<HttpError>() else {
            return response;
        };
        error.log(id);
        let shown = error.shown(state.config().development);
        let mut body = match Format::of(self.uri.path()) {
            Format::Json => Json(error.json(&shown, id)).into_response(),
            Format::Frame => FramePage::failure(state, error.source.as_deref(), &shown, id),
            Format::Page => self.page(state, &error, &shown, id).await,
        };
        *body.status_mut() = error.status;
        // What the layers below said stays: the methods that are allowed, and who may read the answer.
        for (name, value) in response.headers() {
            body.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        if let Some(seconds) = error.retry_after {
            body.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        body
    }

    async fn page(self, state: &AppState, error: &HttpError, shown: &str, id: &str) -> Response {
        let header = |name, value: Option<HeaderValue>| value.map(|value| (name, value));
        let headers = [header(COOKIE, self.cookies), header(ACCEPT_LANGUAGE, self.languages)];
        let headers = HeaderMap::from_iter(headers.into_iter().flatten());
        let session = state.sessions().read(&headers);
        let language = locale::of(&session, &headers);
        let chrome = Chrome::in_language(state, &session, self.uri.path(), &language).await;
        ErrorPage::render(state, chrome, error.status, shown, id)
    }
}

impl HttpError {
    fn json(&self, shown: &str, id: &str) -> serde_json::Value {
        let mut body = serde_json::json!({ "detail": shown, "request_id": id });
        if let Some(object) = body.as_object_mut() {
            object.extend(self.field.map(|field| (field.to_owned(), shown.into())));
            object.extend(self.current_version.map(|version| ("version_num".to_owned(), version.into())));
        }
        body
    }

    fn log(&self, id: &str) {
        let (status, message, detail) = (self.status.as_u16(), &self.message, self.detail.as_deref());
        if self.status.is_server_error() {
            tracing::error!(request_id = id, status, detail, "{message}");
        } else {
            tracing::debug!(request_id = id, status, detail, "{message}");
        }
    }

    pub(super) fn shown(&self, development: bool) -> String {
        match &self.detail {
            Some(detail) if development => format!("{} ({detail})", self.message),
            _ => self.message.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_get_json_people_get_pages_and_frames_get_cards() {
        assert_eq!(Format::of("/api/xblock/v2/xblocks/x/"), Format::Json);
        assert_eq!(Format::of("/static/c/x.png"), Format::Json);
        assert_eq!(Format::of("/frame/x/1-2/student_view"), Format::Frame);
        assert_eq!(Format::of("/learn/c/u"), Format::Page);
        assert_eq!(Format::of("/"), Format::Page);
    }
}
