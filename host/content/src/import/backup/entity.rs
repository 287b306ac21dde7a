//! One entity of a backup: a component or a container, at its published version.

use serde::Deserialize;

use super::not_toml;
use crate::Fault;
use crate::import::Of;
use crate::import::source::Source;

/// The folder of a component's versions.
pub(super) const VERSIONS: &str = "component_versions";

/// How the keys of components begin.
const COMPONENT: &str = "xblock.v1:";

/// A published entity.
#[derive(Debug, PartialEq)]
pub(super) enum Entity {
    /// A block.
    Component {
        /// Its type.
        block_type: String,
        /// Its id.
        id: String,
        /// The folder of its published version.
        folder: String,
    },
    /// A unit, subsection or section.
    Container {
        /// The type of the block that holds the same in a course.
        block_type: &'static str,
        /// Its id.
        id: String,
        /// Its name.
        title: String,
        /// The keys of the entities in it, in order.
        children: Vec<String>,
    },
}

#[derive(Deserialize)]
struct File {
    entity: Head,
    #[serde(default)]
    version: Vec<Version>,
}

#[derive(Deserialize)]
struct Head {
    key: String,
    #[serde(default)]
    draft: Pointer,
    #[serde(default)]
    published: Pointer,
    container: Option<Kind>,
}

#[derive(Deserialize, Default)]
struct Pointer {
    version_num: Option<u64>,
}

/// The table of which kind a container is: one of these is there, and empty.
#[derive(Deserialize)]
struct Kind {
    unit: Option<toml::Table>,
    subsection: Option<toml::Table>,
    section: Option<toml::Table>,
}

#[derive(Deserialize)]
struct Version {
    #[serde(default)]
    title: String,
    version_num: u64,
    container: Option<Children>,
}

#[derive(Deserialize)]
struct Children {
    #[serde(default)]
    children: Vec<String>,
}

impl Entity {
    /// Reads a file of `entities/`, and returns the entity with its key; `None` when it has no such version: it is not
    /// published, or its draft was deleted.
    pub(super) fn read(source: &mut Source<'_>, file: &str, of: Of) -> Result<Option<(String, Self)>, Fault> {
        let text = source.read(file)?;
        let File { entity, version } =
            toml::from_str(&text).map_err(|error| not_toml(file, &text, &error))?;
        let wanted = match of {
            Of::Published => entity.published.version_num,
            Of::Drafts => entity.draft.version_num,
        };
        let Some(number) = wanted else {
            return Ok(None);
        };
        let Some(version) = version.into_iter().find(|version| version.version_num == number) else {
            let message = format!("version {number} is wanted, but there is no [[version]] {number}");
            return Err(Fault::of_file(file, message));
        };
        let found = match (&entity.container, entity.key.strip_prefix(COMPONENT)) {
            (Some(kind), _) => Self::Container {
                block_type: kind.block_type().ok_or_else(|| {
                    Fault::of_file(file, "a container of a kind other than unit, subsection and section")
                })?,
                id: entity.key.clone(),
                title: version.title,
                children: version.container.map(|container| container.children).unwrap_or_default(),
            },
            (None, Some(name)) => {
                let (block_type, id) = name.split_once(':').ok_or_else(|| {
                    Fault::of_file(file, format!("the key `{}` has no block id", entity.key))
                })?;
                let base = file.trim_end_matches(".toml");
                Self::Component {
                    block_type: block_type.to_owned(),
                    id: id.to_owned(),
                    folder: format!("{base}/{VERSIONS}/v{number}"),
                }
            }
            (None, None) => {
                let message = format!("`{}` is neither a container nor a key `{COMPONENT}…`", entity.key);
                return Err(Fault::of_file(file, message));
            }
        };
        Ok(Some((entity.key, found)))
    }

    /// The keys of the entities in it.
    pub(super) fn children(&self) -> &[String] {
        match self {
            Self::Component { .. } => &[],
            Self::Container { children, .. } => children,
        }
    }
}

impl Kind {
    fn block_type(&self) -> Option<&'static str> {
        match self {
            Self { unit: Some(_), .. } => Some("vertical"),
            Self { subsection: Some(_), .. } => Some("sequential"),
            Self { section: Some(_), .. } => Some("chapter"),
            _ => None,
        }
    }
}
