//! Course keys: `course-v1:org+course+run`, and the deprecated `org/course/run` (spec 1.2).

use std::sync::Arc;

use crate::{
    AssetKey, CourseUsageKey, InvalidKey,
    characters::Class,
    error::Reason,
    locator::{self, Locator},
    text::{Parts, key_text, ordered_by_parts},
};

const NAMESPACE: &str = "course-v1:";
/// Another name of the same grammar, never printed.
const ALIAS: &str = "slashes:";

/// A run of a course, perhaps on a branch and at a version.
///
/// Two forms are read: `course-v1:` and, from older data, `org/course/run`. A key keeps its form:
/// they print differently and are not equal. Only the first can carry a branch and a version; it
/// may also consist of a version alone.
///
/// ```
/// use blockhouse_keys::CourseKey;
///
/// let key: CourseKey = "course-v1:edX+DemoX+2019+branch@published".parse()?;
/// assert_eq!(key.org(), Some("edX"));
/// assert_eq!(key.for_branch(None)?.to_string(), "course-v1:edX+DemoX+2019");
/// # Ok::<(), blockhouse_keys::InvalidKey>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CourseKey {
    text: Arc<str>,
}

key_text!(CourseKey, "course key");
ordered_by_parts!(CourseKey);

impl CourseKey {
    /// The key of a course's run, on no branch and at no version.
    ///
    /// # Errors
    /// When a part is empty or has a character outside letters, digits, `_`, `-`, `~`, `.` and `:`.
    pub fn new(org: &str, course: &str, run: &str) -> Result<Self, InvalidKey> {
        let text = format!("{NAMESPACE}{org}+{course}+{run}");
        for (name, part) in [("org", org), ("course", course), ("run", run)] {
            Class::Id.check(name, part).map_err(|reason| InvalidKey::new(Self::KIND, &*text, reason))?;
        }
        Ok(Self { text: text.into() })
    }

    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        if let Some(rest) = text.strip_prefix(NAMESPACE).or_else(|| text.strip_prefix(ALIAS)) {
            return Ok(Self::from_locator(Locator::read(rest, locator::COURSE, Class::Id)?.only_context()?));
        }
        let mut parts = text.split('/');
        let (Some(org), Some(course), Some(run), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err("it must be course-v1:ORG+COURSE+RUN, or ORG/COURSE/RUN".into());
        };
        Class::Slashed.check("org", org)?;
        Class::Slashed.check("course", course)?;
        if !run.is_empty() {
            Class::Slashed.check("run", run)?;
        }
        Ok(Self { text: text.into() })
    }

    /// The key of a context that the `+` grammar has accepted.
    pub(crate) fn from_locator(context: &str) -> Self {
        Self { text: [NAMESPACE, context].concat().into() }
    }

    /// The key, in the deprecated form, of a course whose run is not known.
    pub(crate) fn without_run(org: &str, course: &str) -> Self {
        Self { text: [org, "/", course, "/"].concat().into() }
    }

    /// The text after the namespace; `None` in the deprecated form, which has no `:` in it.
    pub(crate) fn locator(&self) -> Option<&str> {
        self.text.strip_prefix(NAMESPACE)
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it has the deprecated form `org/course/run`.
    pub fn is_deprecated(&self) -> bool {
        self.locator().is_none()
    }

    /// The organisation; `None` when the key is a version alone.
    pub fn org(&self) -> Option<&str> {
        self.unlabelled(0)
    }

    /// The course within the organisation; `None` when the key is a version alone.
    pub fn course(&self) -> Option<&str> {
        self.unlabelled(1)
    }

    /// The run; `None` when the key is a version alone, empty when a deprecated key leaves it out.
    pub fn run(&self) -> Option<&str> {
        self.unlabelled(2)
    }

    /// The branch, such as `draft` or `published`.
    pub fn branch(&self) -> Option<&str> {
        locator::labelled(self.locator()?, "branch")
    }

    /// The version: 24 hexadecimal digits.
    pub fn version(&self) -> Option<&str> {
        locator::labelled(self.locator()?, "version")
    }

    /// The same course on another branch, or on none. The version is dropped: it belonged to the
    /// old branch.
    ///
    /// # Errors
    /// When the branch has a wrong character, and when the key is a version alone or has the
    /// deprecated form: those have no place for a branch.
    pub fn for_branch(&self, branch: Option<&str>) -> Result<Self, InvalidKey> {
        if self.is_deprecated() && branch.is_none() {
            return Ok(self.clone());
        }
        self.with(branch, None)
    }

    /// The same course and branch at this version.
    ///
    /// # Errors
    /// When it is not 24 hexadecimal digits, and when the key has the deprecated form.
    pub fn for_version(&self, version: &str) -> Result<Self, InvalidKey> {
        self.with(self.branch(), Some(version))
    }

    /// The same course and branch at no version. To drop the branch as well, use
    /// [`Self::for_branch`].
    ///
    /// # Errors
    /// When the key is a version alone.
    pub fn version_agnostic(&self) -> Result<Self, InvalidKey> {
        if self.is_deprecated() {
            return Ok(self.clone());
        }
        self.with(self.branch(), None)
    }

    /// The key of a block in this course.
    ///
    /// # Errors
    /// When the type or the id is empty or has a wrong character.
    pub fn make_usage_key(&self, block_type: &str, block_id: &str) -> Result<CourseUsageKey, InvalidKey> {
        CourseUsageKey::new(self, block_type, block_id)
    }

    /// The key of a file in this course, such as type `asset` and name `images_course.jpg`.
    ///
    /// # Errors
    /// When the type or the name is empty or has a wrong character.
    pub fn make_asset_key(&self, asset_type: &str, name: &str) -> Result<AssetKey, InvalidKey> {
        AssetKey::new(self, asset_type, name)
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        vec![
            ("org", self.org()),
            ("course", self.course()),
            ("run", self.run()),
            ("branch", self.branch()),
            ("version_guid", self.version()),
        ]
    }

    fn unlabelled(&self, n: usize) -> Option<&str> {
        match self.locator() {
            Some(rest) => locator::unlabelled(rest, n),
            None => self.text.split('/').nth(n),
        }
    }

    fn with(&self, branch: Option<&str>, version: Option<&str>) -> Result<Self, InvalidKey> {
        let context = match self.locator() {
            Some(rest) => locator::with(rest, branch, version),
            None => Err("the form org/course/run has no place for a branch or a version".into()),
        };
        match context {
            Ok(context) => Ok(Self::from_locator(&context)),
            Err(reason) => Err(InvalidKey::new(Self::KIND, self.as_str(), reason)),
        }
    }

    fn order(&self) -> impl Ord + '_ {
        (self.org(), self.course(), self.run(), self.branch(), self.version(), self.as_str())
    }
}
