//! Learning-context keys: what blocks live in (spec 1.1.2, section 6).

use crate::{
    CourseKey, InvalidKey, LegacyLibraryKey, LibraryKey, PluginContextKey, UsageKey,
    error::Reason,
    plugin::PREFIX,
    text::{Parts, key_text},
};

/// The key of a learning context: a course, a library, or what a plug-in brings.
///
/// A course key is a learning-context key and a library key is one too, but a library key is not a
/// course key: only what is in [`LearningContextKey::Course`] is a [`CourseKey`].
///
/// ```
/// use blockhouse_keys::LearningContextKey;
///
/// let course: LearningContextKey = "course-v1:edX+DemoX+2019".parse()?;
/// let library: LearningContextKey = "lib:MITx:reallyhardproblems".parse()?;
/// assert!(course.is_course() && !library.is_course());
/// # Ok::<(), blockhouse_keys::InvalidKey>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LearningContextKey {
    /// A run of a course.
    Course(CourseKey),
    /// A content library.
    Library(LibraryKey),
    /// A library of the first kind.
    LegacyLibrary(LegacyLibraryKey),
    /// A context of a kind that a plug-in brings.
    Plugin(PluginContextKey),
}

key_text!(LearningContextKey, "learning-context key");

impl LearningContextKey {
    /// The one place that knows which namespace belongs to which kind of context. A text in no
    /// known namespace is read as a deprecated course key, which has none.
    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        match text.split_once(':') {
            Some(("course-v1" | "slashes", _)) | None => CourseKey::read(text).map(Self::Course),
            Some(("lib", _)) => LibraryKey::read(text).map(Self::Library),
            Some(("library-v1", _)) => LegacyLibraryKey::read(text).map(Self::LegacyLibrary),
            Some((plugin, _)) if plugin.starts_with(PREFIX) => PluginContextKey::read(text).map(Self::Plugin),
            Some((other, _)) => Err(format!(
                "`{}` is not a namespace of learning contexts; allowed are course-v1, lib, library-v1, \
                 and those of plug-ins, which begin with x-",
                other.escape_debug()
            )),
        }
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Course(key) => key.as_str(),
            Self::Library(key) => key.as_str(),
            Self::LegacyLibrary(key) => key.as_str(),
            Self::Plugin(key) => key.as_str(),
        }
    }

    /// What messages call this kind of context, such as `library key`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Course(_) => CourseKey::KIND,
            Self::Library(_) => LibraryKey::KIND,
            Self::LegacyLibrary(_) => LegacyLibraryKey::KIND,
            Self::Plugin(_) => PluginContextKey::KIND,
        }
    }

    /// Whether it is a course; no library is (spec 1.1.7).
    pub fn is_course(&self) -> bool {
        matches!(self, Self::Course(_))
    }

    /// The course key, if it is one.
    pub fn as_course(&self) -> Option<&CourseKey> {
        match self {
            Self::Course(key) => Some(key),
            _ => None,
        }
    }

    /// The organisation; `None` when the key is a version alone.
    pub fn org(&self) -> Option<&str> {
        match self {
            Self::Course(key) => key.org(),
            Self::Library(key) => Some(key.org()),
            Self::LegacyLibrary(key) => key.org(),
            Self::Plugin(key) => Some(key.org()),
        }
    }

    /// The same context on another branch, or on none, and at no version: `for_branch(None)` is the
    /// form in which learners' state names a context (spec 1.2.7).
    ///
    /// # Errors
    /// When the context has no place for a branch: content libraries, contexts of plug-ins, deprecated course keys and
    /// versions alone.
    pub fn for_branch(&self, branch: Option<&str>) -> Result<Self, InvalidKey> {
        match (self, branch) {
            (Self::Course(key), _) => key.for_branch(branch).map(Self::Course),
            (Self::LegacyLibrary(key), _) => key.for_branch(branch).map(Self::LegacyLibrary),
            (Self::Library(_) | Self::Plugin(_), None) => Ok(self.clone()),
            (Self::Library(_) | Self::Plugin(_), Some(_)) => {
                Err(InvalidKey::new(self.kind(), self.as_str(), "this kind of key has no place for a branch"))
            }
        }
    }

    /// The key of a block in this context.
    ///
    /// # Errors
    /// When the type or the id is empty or has a wrong character.
    pub fn make_usage_key(&self, block_type: &str, block_id: &str) -> Result<UsageKey, InvalidKey> {
        match self {
            Self::Course(key) => key.make_usage_key(block_type, block_id).map(UsageKey::Course),
            Self::Library(key) => key.make_usage_key(block_type, block_id).map(UsageKey::Library),
            Self::LegacyLibrary(key) => key.make_usage_key(block_type, block_id).map(UsageKey::LegacyLibrary),
            Self::Plugin(key) => key.make_usage_key(block_type, block_id).map(UsageKey::Plugin),
        }
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        match self {
            Self::Course(key) => key.parts(),
            Self::Library(key) => key.parts(),
            Self::LegacyLibrary(key) => key.parts(),
            Self::Plugin(key) => key.parts(),
        }
    }
}

impl From<CourseKey> for LearningContextKey {
    fn from(key: CourseKey) -> Self {
        Self::Course(key)
    }
}

impl From<LibraryKey> for LearningContextKey {
    fn from(key: LibraryKey) -> Self {
        Self::Library(key)
    }
}

impl From<LegacyLibraryKey> for LearningContextKey {
    fn from(key: LegacyLibraryKey) -> Self {
        Self::LegacyLibrary(key)
    }
}

impl From<PluginContextKey> for LearningContextKey {
    fn from(key: PluginContextKey) -> Self {
        Self::Plugin(key)
    }
}
