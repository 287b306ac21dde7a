//! What an address's parts mean. A part that means nothing makes the address one that does not exist: 404.

use axum::extract::FromRequestParts;
use blockhouse_keys::{LearningContextKey, UsageKey};
use blockhouse_runtime::View;

use crate::error::HttpError;

/// `axum`'s extractor, with our errors.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(HttpError))]
pub(crate) struct Path<T>(pub(crate) T);

/// A block.
pub(crate) fn usage(text: &str) -> Result<UsageKey, HttpError> {
    Ok(text.parse()?)
}

/// A learning context.
pub(crate) fn context(text: &str) -> Result<LearningContextKey, HttpError> {
    Ok(text.parse()?)
}

/// A view by the name that Open edX gives it.
pub(crate) fn view(name: &str) -> Result<View, HttpError> {
    let known = [View::Student, View::Public].into_iter().find(|view| view.name() == name);
    known.ok_or_else(|| {
        HttpError::not_found(format!("there is no view `{name}`: student_view and public_view exist"))
    })
}
