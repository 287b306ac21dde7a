//! What goes wrong, as HTTP. This is the only place that knows which error has which status and how it looks.
//!
//! | error | where it comes from | answer |
//! |---|---|---|
//! | [`RuntimeError`] | the runtime | `From` below: 4xx when the caller or the content is at fault, 5xx otherwise |
//! | [`BundleError`] | the bundle store | `From` below, in the same way |
//! | [`HttpError`] | this crate | made with one of its constructors |
//! | a panic | a bug | 500 |
//!
//! A handler returns an [`HttpError`]; [`render`] turns it into JSON for programs, a page for people or a card inside a
//! frame. Each carries the request id that is in the log. What went wrong inside the host stays in the log, except in
//! development mode.

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::multipart::MultipartError;
use axum::extract::rejection::{FormRejection, JsonRejection, PathRejection, QueryRejection};
use axum::extract::{Request, State};
use axum::http::header::{COOKIE, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Json, Response};
use blockhouse_content::ContentError;
use blockhouse_content::bundles::BundleError;
use blockhouse_content::libraries::LibraryError;
use blockhouse_keys::InvalidKey;
use blockhouse_runtime::{PackageError, RegistryError, RuntimeError};
use blockhouse_state::StateError;

use crate::frame_document::FramePage;
use crate::identity::locale;
use crate::pages::{Chrome, ErrorPage};
use crate::platform::TokenError;
use crate::request_id::request_id;
use crate::state::AppState;

/// An answer that is not what was asked for.
#[derive(Clone, Debug)]
pub(crate) struct HttpError {
    status: StatusCode,
    /// For whoever asked. Says what they can do.
    message: Cow<'static, str>,
    /// For the log, and in development mode for the page too.
    detail: Option<String>,
    /// Seconds after which the same request may succeed.
    retry_after: Option<u32>,
    /// The runtime's error, from which a frame makes its card.
    source: Option<Arc<RuntimeError>>,
    /// Which value of the request is wrong; its name carries the message too, for programs.
    field: Option<&'static str>,
    /// The version on which the edit would have to be based.
    current_version: Option<u64>,
}

impl HttpError {
    fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            status,
            message: message.into(),
            detail: None,
            retry_after: None,
            source: None,
            field: None,
            current_version: None,
        }
    }

    /// 404: there is nothing at this address.
    pub(crate) fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    /// 400: the request cannot be understood.
    pub(crate) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 400: one value of the request cannot be used.
    pub(crate) fn invalid(field: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Some(field), ..Self::bad_request(message) }
    }

    /// 401: somebody has to say who they are.
    pub(crate) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Authentication credentials were not provided.")
    }

    /// 401: whoever this claims to be, it is not shown.
    pub(crate) fn not_authenticated(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, message)
    }

    /// 403: understood, and refused.
    pub(crate) fn forbidden(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// 405: not with this method.
    pub(crate) fn method_not_allowed() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "this address does not take this method")
    }

    /// 408: the body took too long to arrive.
    pub(crate) fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "the request's body took too long to arrive")
    }

    /// 413: the body is larger than `limit` bytes.
    pub(crate) fn too_large(limit: usize) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("the request's body is over the limit of {limit} bytes"),
        )
    }

    /// 429: less, please.
    pub(crate) fn too_many(seconds: u32) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too many requests; wait a moment").retry_after(seconds)
    }

    /// 500: something that must not happen. `detail` is for the log.
    pub(crate) fn internal(detail: impl Into<String>) -> Self {
        let error =
            Self::new(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong here; please try again later");
        Self { detail: Some(detail.into()), ..error }
    }

    /// 503: not now.
    pub(crate) fn unavailable(detail: impl Into<String>) -> Self {
        let error =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "not available right now; try again in a moment");
        Self { detail: Some(detail.into()), retry_after: Some(5), ..error }
    }

    /// Its status.
    pub(crate) fn status(&self) -> StatusCode {
        self.status
    }

    /// The message, for a form that is shown again with it.
    ///
    /// # Errors
    /// What is not the fault of what was typed stays an error.
    pub(crate) fn for_form(self) -> Result<String, Self> {
        match self.status {
            StatusCode::BAD_REQUEST | StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY => {
                Ok(self.message.into_owned())
            }
            _ => Err(self),
        }
    }

    fn retry_after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }
}

impl From<RuntimeError> for HttpError {
    fn from(error: RuntimeError) -> Self {
        let text = error.to_string();
        let mapped = match &error {
            RuntimeError::NoSuchContext(_)
            | RuntimeError::NoSuchBlock(_)
            | RuntimeError::NoSuchView { .. } => Self::not_found(text),
            RuntimeError::NotInstalled { .. } | RuntimeError::CompletionOff => Self::not_found(text),
            RuntimeError::Forbidden(_) => Self::forbidden(text),
            RuntimeError::BrokenContent { .. } => Self::new(StatusCode::UNPROCESSABLE_ENTITY, text),
            RuntimeError::State(StateError::TooLong { .. }) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, text)
            }
            RuntimeError::SubmissionKeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, text),
            RuntimeError::AlreadySubmitted => Self::new(StatusCode::CONFLICT, text),
            RuntimeError::Conflict => Self::new(StatusCode::CONFLICT, text).retry_after(1),
            RuntimeError::SetAside { seconds, .. } => {
                let seconds = u32::try_from(*seconds).unwrap_or(u32::MAX);
                Self::new(StatusCode::SERVICE_UNAVAILABLE, text).retry_after(seconds)
            }
            RuntimeError::Busy => Self::new(StatusCode::SERVICE_UNAVAILABLE, text).retry_after(1),
            RuntimeError::State(_) => Self::unavailable(chain(&error)),
            RuntimeError::BlockFailed { block_type, .. } => {
                let message =
                    format!("the block of type `{block_type}` failed; nothing of this call was stored");
                Self { detail: Some(text), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, message) }
            }
            RuntimeError::Content(content) => Self::from_content(content, chain(&error)),
            RuntimeError::Install { source, .. } if source.is_the_packages_fault() => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, format!("{text}: {source}"))
            }
            RuntimeError::Install { .. } => Self::internal(chain(&error)),
            RuntimeError::Tag(_) => Self::new(StatusCode::CONFLICT, text),
            RuntimeError::Registry(registry) => Self::from_registry(registry, chain(&error)),
        };
        Self { source: Some(Arc::new(error)), ..mapped }
    }
}

impl HttpError {
    /// 409: an edit of what has moved on since.
    fn stale(text: String, current: u64) -> Self {
        Self { current_version: Some(current), ..Self::new(StatusCode::CONFLICT, text) }
    }

    /// The registry's reasons; `detail` is the whole of it for the log.
    fn from_registry(error: &RegistryError, detail: String) -> Self {
        let text = error.to_string();
        match error {
            RegistryError::NotInstalled { .. } => Self::not_found(text),
            RegistryError::NothingBefore(_) | RegistryError::Current { .. } => {
                Self::new(StatusCode::CONFLICT, text)
            }
            RegistryError::Package(PackageError::Io { .. })
            | RegistryError::Io { .. }
            | RegistryError::Damaged { .. } => Self::internal(detail),
            RegistryError::Package(_) => Self::new(StatusCode::UNPROCESSABLE_ENTITY, text),
        }
    }

    /// The content's reasons; `detail` is the whole of it for the log.
    fn from_content(error: &ContentError, detail: String) -> Self {
        let text = error.to_string();
        match error {
            ContentError::NoSuchBlock(_)
            | ContentError::NoSuchVersion(_)
            | ContentError::NoSuchContext(_)
            | ContentError::NoSuchKind(_) => Self::not_found(text),
            ContentError::NotEditable(_) => Self::bad_request(text),
            ContentError::MayNotEdit(_) => Self::forbidden(text),
            ContentError::Stale { current, .. } => Self::stale(text, *current),
            ContentError::Unavailable(_) => Self::unavailable(detail),
            ContentError::Read { .. } | ContentError::Damaged { .. } => Self::internal(detail),
        }
    }
}

impl From<BundleError> for HttpError {
    fn from(error: BundleError) -> Self {
        let text = error.to_string();
        match error {
            error if error.is_not_found() => Self::not_found(text),
            BundleError::Invalid(_) | BundleError::NothingToCommit | BundleError::LinkCycle { .. } => {
                Self::bad_request(text)
            }
            BundleError::Conflict(_) | BundleError::CollectionInUse(_) => {
                Self::new(StatusCode::CONFLICT, text)
            }
            BundleError::Unsupported(_) => Self::new(StatusCode::NOT_IMPLEMENTED, text),
            error @ (BundleError::Unavailable(_) | BundleError::Refused { .. }) => {
                Self::unavailable(chain(&error))
            }
            error => Self::internal(chain(&error)),
        }
    }
}

impl HttpError {
    /// An error of a bundle store about something that was named in a body: it does not make the address one at which
    /// there is nothing.
    pub(crate) fn from_body(error: BundleError) -> Self {
        match error {
            BundleError::CollectionNotFound(_)
            | BundleError::BundleNotFound(_)
            | BundleError::ContentsNotFound(_) => Self::bad_request(error.to_string()),
            BundleError::VersionNotFound { bundle, version } => Self::bad_request(format!(
                "BundleVersion ({bundle}, {version}) referenced in a link does not exist."
            )),
            error => error.into(),
        }
    }
}

/// An error with all its causes, for the log.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}

impl From<TokenError> for HttpError {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Invalid(_) => Self::not_authenticated(error.to_string()),
            TokenError::Keys(_) => Self::unavailable(chain(&error)),
        }
    }
}

impl From<InvalidKey> for HttpError {
    fn from(error: InvalidKey) -> Self {
        Self::not_found(error.to_string())
    }
}

impl From<PathRejection> for HttpError {
    fn from(_: PathRejection) -> Self {
        Self::not_found("there is nothing at this address")
    }
}

impl From<LibraryError> for HttpError {
    fn from(error: LibraryError) -> Self {
        let text = error.to_string();
        match error {
            LibraryError::NoSuchLibrary(_)
            | LibraryError::NoSuchComponent(_)
            | LibraryError::NoSuchContainer(_)
            | LibraryError::NoSuchCollection(_)
            | LibraryError::NoSuchFile(_)
            | LibraryError::NoSuchGrant(_) => Self::not_found(text),
            LibraryError::Invalid { field, .. } => Self::invalid(field, text),
            LibraryError::Stale { current, .. } => Self::stale(text, current),
            LibraryError::Store(_) => Self::unavailable(chain(&error)),
            LibraryError::File(_) => Self::internal(chain(&error)),
            LibraryError::Damaged(_) => Self::internal(text),
        }
    }
}

impl From<JsonRejection> for HttpError {
    fn from(error: JsonRejection) -> Self {
        Self::new(error.status(), error.body_text())
    }
}

impl From<QueryRejection> for HttpError {
    fn from(error: QueryRejection) -> Self {
        Self::bad_request(error.body_text())
    }
}

impl From<MultipartError> for HttpError {
    fn from(error: MultipartError) -> Self {
        Self::new(error.status(), error.body_text())
    }
}

impl From<FormRejection> for HttpError {
    fn from(error: FormRejection) -> Self {
        Self::bad_request(error.body_text())
    }
}

impl From<minijinja::Error> for HttpError {
    fn from(error: minijinja::Error) -> Self {
        Self::internal(format!("a page could not be rendered: {error:#}"))
    }
}

impl IntoResponse for HttpError {
    /// The status only: [`render`] writes the rest, because it knows who asked.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// For `CatchPanicLayer`. The panic's text goes to the log.
pub(crate) fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str).or(cause.downcast_ref::<&str>().copied());
    HttpError::internal(format!("panic: {}", text.unwrap_or("without a text"))).into_response()
}

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

/// Writes the log line and the body of every [`HttpError`].
pub(crate) async fn render(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let cookies = request.headers().get(COOKIE).cloned();
    let locale = locale(request.headers());
    let id = request_id(request.extensions());
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<HttpError>() else {
        return response;
    };
    error.log(&id);
    let shown = error.shown(state.config().development);
    let mut body = match Format::of(&path) {
        Format::Json => Json(error.json(&shown, &id)).into_response(),
        Format::Frame => FramePage::failure(&state, error.source.as_deref(), &shown, &id),
        Format::Page => {
            let session = state.sessions().read(&HeaderMap::from_iter(cookies.map(|value| (COOKIE, value))));
            let chrome = Chrome::in_language(&state, &session, &path, &locale);
            ErrorPage::render(&state, chrome, error.status, &shown, &id)
        }
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

    fn shown(&self, development: bool) -> String {
        match &self.detail {
            Some(detail) if development => format!("{} ({detail})", self.message),
            _ => self.message.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapped(error: RuntimeError) -> (u16, Option<u32>) {
        let error = HttpError::from(error);
        (error.status.as_u16(), error.retry_after)
    }

    #[test]
    fn a_conflict_may_be_tried_again() {
        assert_eq!(mapped(RuntimeError::Conflict), (409, Some(1)));
    }

    #[test]
    fn a_busy_host_may_be_tried_again() {
        assert_eq!(mapped(RuntimeError::Busy), (503, Some(1)));
    }

    #[test]
    fn a_store_that_is_away_is_unavailable_and_its_reason_is_not_told() {
        let cause = Arc::new(std::io::Error::other("the disk is gone"));
        let error: HttpError = RuntimeError::State(StateError::Unavailable(cause)).into();
        assert_eq!(error.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(!error.shown(false).contains("disk"));
        assert!(error.shown(true).contains("the disk is gone"), "in development it is told");
    }

    #[test]
    fn a_missing_block_type_is_not_found() {
        assert_eq!(mapped(RuntimeError::NotInstalled { block_type: "done".to_owned() }), (404, None));
    }

    #[test]
    fn a_value_that_does_not_fit_is_the_callers_fault() {
        assert_eq!(
            mapped(RuntimeError::State(StateError::TooLong { what: "the key", limit: 255 })),
            (422, None)
        );
    }

    #[test]
    fn programs_get_json_people_get_pages_and_frames_get_cards() {
        assert_eq!(Format::of("/api/xblock/v2/xblocks/x/"), Format::Json);
        assert_eq!(Format::of("/static/c/x.png"), Format::Json);
        assert_eq!(Format::of("/frame/x/1-2/student_view"), Format::Frame);
        assert_eq!(Format::of("/learn/c/u"), Format::Page);
        assert_eq!(Format::of("/"), Format::Page);
    }
}
