//! What goes wrong, as HTTP. This is the only place that knows which error has which status and how it looks.
//!
//! | error | where it comes from | answer |
//! |---|---|---|
//! | [`RuntimeError`] | the runtime | `sources.rs`: 4xx when the caller or the content is at fault, 5xx otherwise |
//! | [`BundleError`] | the bundle store | `sources.rs`, in the same way |
//! | [`HttpError`] | this crate | made with one of its constructors |
//! | a panic | a bug | 500 |
//!
//! A handler returns an [`HttpError`]; [`Unanswered::render`] turns it into JSON for programs, a page for people or a
//! card inside a frame. Each carries the request id that is in the log. What went wrong inside the host stays in the
//! log, except in development mode.

mod render;
mod sources;

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use blockhouse_runtime::RuntimeError;

pub(crate) use render::Unanswered;

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

impl IntoResponse for HttpError {
    /// The status only: [`Unanswered::render`] writes the rest, because it knows who asked.
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
