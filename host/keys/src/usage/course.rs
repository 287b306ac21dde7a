//! Usage keys in a course: `block-v1:…+type@T+block@ID`, and two older forms (spec 1.6).

use std::sync::Arc;

use crate::{
    CourseKey, InvalidKey,
    characters::Class,
    error::Reason,
    locator::{self, Locator},
    slashes::Slashes,
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "block-v1:";
const DEPRECATED: &str = "i4x://";
const LOCATION: &str = "location:";

/// A block of a course.
///
/// Three forms are read and kept: `block-v1:`, the deprecated
/// `i4x://org/course/category/name[@revision]`, and `location:org+course+run+category+name`, which
/// some old data has. An `i4x://` key does not name the run; map it into its course with
/// [`crate::UsageKey::map_into_course`] before use.
///
/// A key without `type@` is refused: the reference reads it as type `None` (quirk, spec 1.6.2).
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CourseUsageKey {
    text: Arc<str>,
    // Not in the text of an `i4x://` key that was mapped: its run and form are then known from here
    // alone.
    course: CourseKey,
}

/// The text after the namespace, by form.
enum Form<'a> {
    Locator(&'a str),
    Location(&'a str),
    Deprecated(&'a str),
}

key_text!(CourseUsageKey, "course usage key");
ordered_by_parts!(CourseUsageKey);

impl CourseUsageKey {
    pub(crate) fn new(course: &CourseKey, block_type: &str, block_id: &str) -> Result<Self, InvalidKey> {
        let (text, allowed) = match course.locator() {
            Some(context) => (format!("{NAMESPACE}{context}+type@{block_type}+block@{block_id}"), Class::Id),
            None => {
                let (org, name) = (course.org().unwrap_or_default(), course.course().unwrap_or_default());
                (format!("{DEPRECATED}{org}/{name}/{block_type}/{block_id}"), Class::EscapedId)
            }
        };
        for (name, part) in [("block type", block_type), ("block id", block_id)] {
            allowed.check(name, part).map_err(|reason| InvalidKey::new(Self::KIND, &*text, reason))?;
        }
        Ok(Self { text: text.into(), course: course.clone() })
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        let course = match Form::of(text).ok_or("it must be block-v1:ORG+COURSE+RUN+type@TYPE+block@ID")? {
            Form::Locator(rest) => {
                let read = Locator::read(rest, locator::COURSE, Class::Id)?;
                CourseKey::from_locator(read.context_of_block()?)
            }
            Form::Location(rest) => CourseKey::from_locator(read_location(rest)?),
            Form::Deprecated(rest) => {
                let read = Slashes::read(rest)?;
                CourseKey::without_run(read.org, read.course)
            }
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

    /// The type of the block, called category in old keys.
    pub fn block_type(&self) -> &str {
        let found = match self.form() {
            Some(Form::Locator(rest)) => locator::labelled(rest, "type"),
            Some(Form::Location(rest)) => rest.split('+').nth(3),
            Some(Form::Deprecated(rest)) => Slashes::split(rest).map(|parts| parts.category),
            None => None,
        };
        found.unwrap_or_default()
    }

    /// The block's name within the course and its type.
    pub fn block_id(&self) -> &str {
        let found = match self.form() {
            Some(Form::Locator(rest)) => locator::labelled(rest, "block"),
            Some(Form::Location(rest)) => rest.split('+').nth(4),
            Some(Form::Deprecated(rest)) => Slashes::split(rest).map(|parts| parts.name),
            None => None,
        };
        found.unwrap_or_default()
    }

    /// The revision of a deprecated key, such as `draft`.
    pub fn revision(&self) -> Option<&str> {
        match self.form()? {
            Form::Deprecated(rest) => Slashes::split(rest)?.revision,
            _ => None,
        }
    }

    /// Whether it has the form `i4x://…`.
    pub fn is_deprecated(&self) -> bool {
        matches!(self.form(), Some(Form::Deprecated(_)))
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        let mut parts = vec![
            ("course_key", Some(self.course.as_str())),
            ("block_type", Some(self.block_type())),
            ("block_id", Some(self.block_id())),
        ];
        if self.is_deprecated() {
            parts.push(("revision", self.revision()));
        }
        parts
    }

    fn form(&self) -> Option<Form<'_>> {
        Form::of(&self.text)
    }

    fn order(&self) -> impl Ord + '_ {
        (&self.course, self.block_type(), self.block_id(), self.as_str())
    }
}

impl<'a> Form<'a> {
    fn of(text: &'a str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix(NAMESPACE) {
            return Some(Self::Locator(rest));
        }
        if let Some(rest) = text.strip_prefix(DEPRECATED) {
            return Some(Self::Deprecated(rest));
        }
        text.strip_prefix(LOCATION).map(Self::Location)
    }
}

/// Checks `org+course+run+category+name` and gives back the first three of them.
fn read_location(rest: &str) -> Result<&str, Reason> {
    let mut parts = rest.split('+');
    let mut context_length = 0;
    for name in ["org", "course", "run", "category", "name"] {
        let part = parts.next().ok_or("its parts must be org+course+run+category+name")?;
        Class::Id.check(name, part)?;
        if locator::COURSE.contains(&name) {
            context_length += part.len() + 1;
        }
    }
    match parts.next() {
        None => Ok(rest.get(..context_length - 1).unwrap_or_default()),
        Some(_) => Err("it has more parts than org+course+run+category+name".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> CourseUsageKey {
        text.parse().unwrap()
    }

    #[test]
    fn a_location_names_course_category_and_name() {
        let key = key("location:o+c+r+html+welcome");
        assert_eq!(key.course_key().as_str(), "course-v1:o+c+r");
        assert_eq!((key.block_type(), key.block_id()), ("html", "welcome"));
        assert_eq!(key.as_str(), "location:o+c+r+html+welcome");
    }

    #[test]
    fn a_deprecated_key_knows_its_revision_and_no_run() {
        let key = key("i4x://org/course/problem/a:b~c%20@draft");
        assert_eq!(key.course_key().as_str(), "org/course/");
        assert_eq!((key.block_type(), key.block_id()), ("problem", "a:b~c%20"));
        assert_eq!(key.revision(), Some("draft"));
    }

    #[test]
    fn a_deprecated_key_that_was_mapped_differs_from_one_that_was_not() {
        let course: CourseKey = "org/course/run".parse().unwrap();
        let mapped = course.make_usage_key("problem", "p1").unwrap();
        let found = key("i4x://org/course/problem/p1");
        assert_eq!(mapped.as_str(), found.as_str());
        assert_ne!(mapped, found);
    }

    #[test]
    fn a_block_at_a_version_alone_has_a_course() {
        let key = key("block-v1:version@519665f6223ebd6980884f2b+type@problem+block@p1");
        assert_eq!(key.course_key().as_str(), "course-v1:version@519665f6223ebd6980884f2b");
    }

    #[test]
    fn a_missing_type_is_named() {
        let invalid = "block-v1:o+c+r+block@p1".parse::<CourseUsageKey>().unwrap_err();
        assert_eq!(invalid.reason, "it has no block type; it must end in `+type@TYPE+block@ID`");
    }
}
