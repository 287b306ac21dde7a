//! Which status each error of the layers below has, and how much of it is told.

use std::sync::Arc;

use axum::extract::multipart::MultipartError;
use axum::extract::rejection::{FormRejection, JsonRejection, PathRejection, QueryRejection};
use axum::http::StatusCode;
use blockhouse_content::bundles::BundleError;
use blockhouse_content::libraries::LibraryError;
use blockhouse_content::{ContentError, DocumentError, StorageError};
use blockhouse_keys::InvalidKey;
use blockhouse_runtime::{
    ContextDocumentError, PackageError, PluginContextError, RegistryError, RuntimeError,
};
use blockhouse_state::StateError;

use super::HttpError;
use crate::platform::TokenError;

impl From<RuntimeError> for HttpError {
    fn from(error: RuntimeError) -> Self {
        let text = error.to_string();
        let mapped = match &error {
            RuntimeError::NoSuchContext(_)
            | RuntimeError::NoSuchBlock(_)
            | RuntimeError::NoSuchView { .. } => Self::not_found(text),
            RuntimeError::NotInstalled { .. } | RuntimeError::CompletionOff | RuntimeError::NoRecordings => {
                Self::not_found(text)
            }
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
            RuntimeError::ContextFailed { block_type, .. } => {
                let message = format!("the learning contexts of `{block_type}` cannot answer");
                Self { detail: Some(text), ..Self::new(StatusCode::INTERNAL_SERVER_ERROR, message) }
            }
            RuntimeError::NotLoaded { .. } => Self::internal(chain(&error)),
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

impl From<ContextDocumentError> for HttpError {
    fn from(error: ContextDocumentError) -> Self {
        let text = error.to_string();
        match error {
            ContextDocumentError::Forbidden(_) => Self::forbidden(text),
            ContextDocumentError::Source(_) => Self::invalid("document", text),
            ContextDocumentError::Plugin(PluginContextError::Refused(_)) => Self::invalid("document", text),
            ContextDocumentError::Plugin(PluginContextError::NoSuchKind(_)) => Self::not_found(text),
            ContextDocumentError::Plugin(PluginContextError::Runtime(error))
            | ContextDocumentError::Runtime(error) => error.into(),
            ContextDocumentError::Document(DocumentError::NoSuchDocument(_)) => Self::not_found(text),
            ContextDocumentError::Document(DocumentError::Stale { current, .. }) => {
                Self::stale(text, current)
            }
            ContextDocumentError::Document(DocumentError::TooLarge) => {
                Self::new(StatusCode::PAYLOAD_TOO_LARGE, text)
            }
            ContextDocumentError::Document(DocumentError::LongKey(_)) => Self::bad_request(text),
            ContextDocumentError::Document(DocumentError::Store(error)) => match error {
                StorageError::Damaged(_) => Self::internal(error.to_string()),
                _ => Self::unavailable(error.to_string()),
            },
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
            | LibraryError::NoSuchLink(_)
            | LibraryError::NoSuchGrant(_) => Self::not_found(text),
            LibraryError::Invalid { field, .. } => Self::invalid(field, text),
            LibraryError::Stale { current, .. } => Self::stale(text, current),
            LibraryError::Unseen(_) => Self::new(StatusCode::CONFLICT, text),
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
}
