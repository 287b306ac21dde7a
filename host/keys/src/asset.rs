//! Asset keys: `asset-v1:…+type@T+block@NAME`, and the deprecated `/c4x/…` (spec 1.7.2).

use std::sync::Arc;

use crate::{
    CannotMap, CourseKey, InvalidKey, LearningContextKey,
    characters::Class,
    error::Reason,
    locator::{self, Locator},
    slashes::Slashes,
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "asset-v1:";
const DEPRECATED: &str = "/c4x/";

/// A file of a course, such as an image or its thumbnail.
///
/// Its name has no `/`: directories are written with `_` or percent escapes. As with usage keys, a
/// missing type is refused, and the deprecated form does not name the run.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AssetKey {
    text: Arc<str>,
    // Not in the text of a deprecated key that was mapped: its run is then known from here alone.
    course: CourseKey,
}

key_text!(AssetKey, "asset key");
ordered_by_parts!(AssetKey);

impl AssetKey {
    pub(crate) fn new(course: &CourseKey, asset_type: &str, name: &str) -> Result<Self, InvalidKey> {
        let (text, type_allowed) = match course.locator() {
            Some(context) => (format!("{NAMESPACE}{context}+type@{asset_type}+block@{name}"), Class::Id),
            None => {
                let (org, number) = (course.org().unwrap_or_default(), course.course().unwrap_or_default());
                (format!("{DEPRECATED}{org}/{number}/{asset_type}/{name}"), Class::EscapedId)
            }
        };
        type_allowed
            .check("asset type", asset_type)
            .and_then(|()| Class::EscapedId.check("name", name))
            .map_err(|reason| InvalidKey::new(Self::KIND, &*text, reason))?;
        Ok(Self { text: text.into(), course: course.clone() })
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let course = if let Some(rest) = text.strip_prefix(NAMESPACE) {
            let read = Locator::read(rest, locator::COURSE, Class::EscapedId)?;
            CourseKey::from_locator(read.context_of_block()?)
        } else if let Some(rest) = text.strip_prefix(DEPRECATED) {
            let read = Slashes::read(rest)?;
            CourseKey::without_run(read.org, read.course)
        } else {
            return Err("it must be asset-v1:ORG+COURSE+RUN+type@TYPE+block@NAME".into());
        };
        Ok(Self { text: text.into(), course })
    }

    /// The canonical text. That of a deprecated key leaves out the run, even when it is known.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The course.
    pub fn course_key(&self) -> &CourseKey {
        &self.course
    }

    /// The kind of file, such as `asset` or `thumbnail`.
    pub fn asset_type(&self) -> &str {
        let found = match self.text.strip_prefix(DEPRECATED) {
            Some(rest) => Slashes::split(rest).map(|parts| parts.category),
            None => locator::labelled(&self.text, "type"),
        };
        found.unwrap_or_default()
    }

    /// The file's name.
    pub fn name(&self) -> &str {
        let found = match self.text.strip_prefix(DEPRECATED) {
            Some(rest) => Slashes::split(rest).map(|parts| parts.name),
            None => locator::labelled(&self.text, "block"),
        };
        found.unwrap_or_default()
    }

    /// The revision of a deprecated key.
    pub fn revision(&self) -> Option<&str> {
        Slashes::split(self.text.strip_prefix(DEPRECATED)?)?.revision
    }

    /// Whether it has the form `/c4x/…`.
    pub fn is_deprecated(&self) -> bool {
        self.text.starts_with(DEPRECATED)
    }

    /// The same file in another run, or on another branch, of its course.
    ///
    /// # Errors
    /// When the context is not a course, or has no place for the type.
    pub fn map_into_course(&self, context: &LearningContextKey) -> Result<Self, CannotMap> {
        let refuse = |reason: Reason| CannotMap::new(self.as_str(), context.as_str(), reason);
        let course = context.as_course().ok_or_else(|| refuse("only courses have asset keys".into()))?;
        Self::new(course, self.asset_type(), self.name()).map_err(|invalid| refuse(invalid.reason))
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        let mut parts = vec![
            ("course_key", Some(self.course.as_str())),
            ("block_type", Some(self.asset_type())),
            ("block_id", Some(self.name())),
        ];
        if self.is_deprecated() {
            parts.push(("revision", self.revision()));
        }
        parts
    }

    fn order(&self) -> impl Ord + '_ {
        (&self.course, self.asset_type(), self.name(), self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_may_have_percent_escapes_and_the_type_may_not() {
        let key: AssetKey = "asset-v1:o+c+r+type@asset+block@a%20b.png".parse().unwrap();
        assert_eq!((key.asset_type(), key.name()), ("asset", "a%20b.png"));
        assert!("asset-v1:o+c+r+type@%+block@a".parse::<AssetKey>().is_err());
    }

    #[test]
    fn a_deprecated_key_is_read_and_mapped() {
        let key: AssetKey = "/c4x/org/course/asset/a~b.png@draft".parse().unwrap();
        assert_eq!((key.name(), key.revision()), ("a~b.png", Some("draft")));
        let mapped = key.map_into_course(&"course-v1:o+c+r".parse().unwrap()).unwrap();
        assert_eq!(mapped.as_str(), "asset-v1:o+c+r+type@asset+block@a~b.png");
    }

    #[test]
    fn a_library_has_no_assets() {
        let key: AssetKey = "asset-v1:o+c+r+type@asset+block@a.png".parse().unwrap();
        assert!(key.map_into_course(&"lib:o:s".parse().unwrap()).is_err());
    }
}
