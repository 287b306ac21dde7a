//! What an address's parts mean. A part that means nothing makes the address one that does not exist: 404.

use axum::extract::FromRequestParts;
use blockhouse_keys::{LearningContextKey, UsageKey};
use blockhouse_runtime::{Version, View};

use crate::error::HttpError;

/// `axum`'s extractor, with our errors.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(HttpError))]
pub(crate) struct Path<T>(pub(crate) T);

/// The same for what stands behind the address.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Query), rejection(HttpError))]
pub(crate) struct Query<T>(pub(crate) T);

/// A block.
pub(crate) fn usage(text: &str) -> Result<UsageKey, HttpError> {
    Ok(text.parse()?)
}

/// A block at a version: `KEY`, `KEY@draft`, `KEY@published` or `KEY@N` (spec 3.10). `None` where none is named.
pub(crate) fn versioned(text: &str) -> Result<(UsageKey, Option<Version>), HttpError> {
    // Keys of courses have `@` in them, so the whole text is tried first.
    let whole = match text.parse() {
        Ok(usage) => return Ok((usage, None)),
        Err(error) => error,
    };
    let (usage, version) = text.rsplit_once('@').ok_or(whole)?;
    let version = version.parse().map_err(|error| HttpError::not_found(format!("{error}")))?;
    Ok((usage.parse()?, Some(version)))
}

/// A learning context.
pub(crate) fn context(text: &str) -> Result<LearningContextKey, HttpError> {
    Ok(text.parse()?)
}

/// A view by the name that Open edX gives it.
pub(crate) fn view(name: &str) -> Result<View, HttpError> {
    let known = View::ALL.into_iter().find(|view| view.name() == name);
    known.ok_or_else(|| {
        HttpError::not_found(format!(
            "there is no view `{name}`: student_view, public_view, author_view and studio_view exist"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_112_a_version_stands_behind_the_key() {
        let versioned = |text| versioned(text).ok().unwrap();
        let (usage, version) = versioned("lb:O:L:html:a@draft");
        assert_eq!((usage.as_str(), version), ("lb:O:L:html:a", Some(Version::Draft)));
        assert_eq!(versioned("lb:O:L:html:a@published").1, Some(Version::Published));
        assert_eq!(versioned("lb:O:L:html:a@3").1, Some(Version::Number(3)));
        assert_eq!(versioned("lb:O:L:html:a").1, None);
    }

    #[test]
    fn a_block_of_a_course_whose_name_is_a_number_has_no_version() {
        let (usage, version) = versioned("block-v1:O+C+R+type@html+block@12").ok().unwrap();
        assert_eq!((usage.block_id(), version), ("12", None));
    }

    #[test]
    fn row_113_an_invalid_version_is_no_address() {
        for text in ["lb:O:L:html:a@", "lb:O:L:html:a@latest", "lb:O:L:html:a@-1", "lb:O:L@1"] {
            assert!(versioned(text).is_err(), "{text}");
        }
    }
}
