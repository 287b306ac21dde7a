//! Usage keys: a block in a learning context (spec 1.5, 1.6, 1.7.4).

mod aside;
mod course;
mod legacy_library;
mod library;
mod plugin;

pub use aside::AsideUsageKey;
pub use course::CourseUsageKey;
pub use legacy_library::LegacyLibraryUsageKey;
pub use library::LibraryUsageKey;
pub use plugin::PluginUsageKey;

use crate::{
    CannotMap, InvalidKey, LearningContextKey,
    error::Reason,
    plugin::PREFIX,
    text::{Parts, key_text},
};

/// The key of a block where it is used.
///
/// ```
/// use blockhouse_keys::UsageKey;
///
/// let key: UsageKey = "lb:MITx:reallyhardproblems:problem:p1".parse()?;
/// assert_eq!((key.block_type(), key.block_id()), ("problem", "p1"));
/// assert_eq!(key.context_key().to_string(), "lib:MITx:reallyhardproblems");
/// # Ok::<(), blockhouse_keys::InvalidKey>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum UsageKey {
    /// A block of a course.
    Course(CourseUsageKey),
    /// A block of a content library.
    Library(LibraryUsageKey),
    /// A block of a library of the first kind.
    LegacyLibrary(LegacyLibraryUsageKey),
    /// What an aside keeps beside a block.
    Aside(AsideUsageKey),
    /// A block of a plug-in's context.
    Plugin(PluginUsageKey),
}

key_text!(UsageKey, "usage key");

impl UsageKey {
    /// The one place that knows which namespace belongs to which kind of usage.
    pub(crate) fn read(text: &str) -> Result<Self, Reason> {
        match text.split_once(':') {
            Some(("block-v1" | "i4x" | "location", _)) => CourseUsageKey::read(text).map(Self::Course),
            Some(("lb", _)) => LibraryUsageKey::read(text).map(Self::Library),
            Some(("lib-block-v1", _)) => LegacyLibraryUsageKey::read(text).map(Self::LegacyLibrary),
            Some(("aside-usage-v1" | "aside-usage-v2", _)) => AsideUsageKey::read(text).map(Self::Aside),
            Some((plugin, _)) if plugin.starts_with(PREFIX) => PluginUsageKey::read(text).map(Self::Plugin),
            Some((other, _)) => {
                Err(format!("`{}` is not a namespace of usage keys; {ALLOWED}", other.escape_debug()))
            }
            None => Err(format!("it has no namespace; {ALLOWED}")),
        }
    }

    /// The canonical text.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Course(key) => key.as_str(),
            Self::Library(key) => key.as_str(),
            Self::LegacyLibrary(key) => key.as_str(),
            Self::Aside(key) => key.as_str(),
            Self::Plugin(key) => key.as_str(),
        }
    }

    /// What messages call this kind of usage, such as `library usage key`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Course(_) => CourseUsageKey::KIND,
            Self::Library(_) => LibraryUsageKey::KIND,
            Self::LegacyLibrary(_) => LegacyLibraryUsageKey::KIND,
            Self::Aside(_) => AsideUsageKey::KIND,
            Self::Plugin(_) => PluginUsageKey::KIND,
        }
    }

    /// The type of the block; of an aside, the type of the block that it stands beside.
    pub fn block_type(&self) -> &str {
        match self {
            Self::Course(key) => key.block_type(),
            Self::Library(key) => key.block_type(),
            Self::LegacyLibrary(key) => key.block_type(),
            Self::Aside(key) => key.usage_key().block_type(),
            Self::Plugin(key) => key.block_type(),
        }
    }

    /// The block's name within its context and type; of an aside, that of the block that it stands
    /// beside.
    pub fn block_id(&self) -> &str {
        match self {
            Self::Course(key) => key.block_id(),
            Self::Library(key) => key.block_id(),
            Self::LegacyLibrary(key) => key.block_id(),
            Self::Aside(key) => key.usage_key().block_id(),
            Self::Plugin(key) => key.block_id(),
        }
    }

    /// The learning context that the block belongs to. Of an `i4x://` key that was not mapped into
    /// its course, it is a course with an empty run.
    pub fn context_key(&self) -> LearningContextKey {
        match self {
            Self::Course(key) => key.course_key().clone().into(),
            Self::Library(key) => key.library_key().clone().into(),
            Self::LegacyLibrary(key) => key.library_key().clone().into(),
            Self::Aside(key) => key.usage_key().context_key(),
            Self::Plugin(key) => key.plugin_context_key().clone().into(),
        }
    }

    /// The same block in another run, or on another branch, of its course or legacy library. A
    /// block of a content library can only be mapped to where it is (spec 1.5.2).
    ///
    /// # Errors
    /// When the context is of another kind, or has no place for the block's name: `%` is allowed in
    /// deprecated keys only.
    pub fn map_into_course(&self, context: &LearningContextKey) -> Result<Self, CannotMap> {
        let refuse = |reason: Reason| CannotMap::new(self.as_str(), context.as_str(), reason);
        match (self, context) {
            (Self::Aside(key), _) => key.map_into_course(context).map(Self::Aside),
            (Self::Course(key), LearningContextKey::Course(course)) => {
                let mapped = course.make_usage_key(key.block_type(), key.block_id());
                mapped.map(Self::Course).map_err(|invalid| refuse(invalid.reason))
            }
            (Self::LegacyLibrary(key), LearningContextKey::LegacyLibrary(library)) => {
                let mapped = library.make_usage_key(key.block_type(), key.block_id());
                mapped.map(Self::LegacyLibrary).map_err(|invalid| refuse(invalid.reason))
            }
            (Self::Library(key), LearningContextKey::Library(library)) if key.library_key() == library => {
                Ok(self.clone())
            }
            (Self::Library(_), _) => Err(refuse("a block of a content library stays in its library".into())),
            (Self::Plugin(key), LearningContextKey::Plugin(context))
                if key.plugin_context_key() == context =>
            {
                Ok(self.clone())
            }
            _ => Err(refuse(format!("it is a {}, which lives in a context of another kind", self.kind()))),
        }
    }

    /// The same block on another branch of its context, or on none, and at no version:
    /// `for_branch(None)` is the form in which learners' state names a block (spec 1.2.7). Branch
    /// and version of an `i4x://` key are its revision.
    ///
    /// # Errors
    /// When the context has no place for a branch.
    pub fn for_branch(&self, branch: Option<&str>) -> Result<Self, InvalidKey> {
        let context = self.context_key().for_branch(branch)?;
        self.map_into_course(&context)
            .map_err(|cannot| InvalidKey::new(Self::KIND, self.as_str(), cannot.reason))
    }

    /// The parts by name.
    pub fn parts(&self) -> Parts<'_> {
        match self {
            Self::Course(key) => key.parts(),
            Self::Library(key) => key.parts(),
            Self::LegacyLibrary(key) => key.parts(),
            Self::Aside(key) => key.parts(),
            Self::Plugin(key) => key.parts(),
        }
    }
}

const ALLOWED: &str = "allowed are block-v1, lb, lib-block-v1, aside-usage-v1, aside-usage-v2, and those of plug-ins, \
                       which begin with x-";

impl From<CourseUsageKey> for UsageKey {
    fn from(key: CourseUsageKey) -> Self {
        Self::Course(key)
    }
}

impl From<LibraryUsageKey> for UsageKey {
    fn from(key: LibraryUsageKey) -> Self {
        Self::Library(key)
    }
}

impl From<LegacyLibraryUsageKey> for UsageKey {
    fn from(key: LegacyLibraryUsageKey) -> Self {
        Self::LegacyLibrary(key)
    }
}

impl From<AsideUsageKey> for UsageKey {
    fn from(key: AsideUsageKey) -> Self {
        Self::Aside(key)
    }
}

impl From<PluginUsageKey> for UsageKey {
    fn from(key: PluginUsageKey) -> Self {
        Self::Plugin(key)
    }
}
