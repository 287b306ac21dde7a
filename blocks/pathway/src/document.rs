//! The document of a pathway: `{"title": …, "visitors": true, "steps": [{"block": "lb:…"}]}`.

use blockhouse_sdk::learning_context::{Access, Block, BlockName, Content, LearningContext, Person};
use blockhouse_sdk::{Error, Result, escape};
use serde::Deserialize;
use std::collections::{BTreeMap, HashSet};

/// The name of the block that shows all steps.
const ALL: &str = "path";

/// A pathway.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// What people call it.
    title: String,
    /// Whether visitors without an account may follow it.
    #[serde(default)]
    visitors: bool,
    /// The groups for which it is; none: for everybody with an account.
    #[serde(default)]
    groups: Vec<String>,
    /// What to do, one after the other.
    steps: Vec<Step>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// The usage key of a block of a course or library.
    block: String,
    /// Its name here; otherwise the one that it has there.
    id: Option<String>,
    /// What people call it here.
    title: Option<String>,
    /// Settings that have another value here, such as `{"max_attempts": "3"}`.
    #[serde(default)]
    set: BTreeMap<String, String>,
    /// Read from the key.
    #[serde(skip)]
    name: Option<BlockName>,
}

impl Document {
    /// Reads a document.
    ///
    /// # Errors
    /// What its author has to change.
    pub fn read(document: &str) -> Result<Self> {
        let mut document: Self = serde_json::from_str(document)
            .map_err(|error| Error::failure(format!("this is no document of a pathway: {error}")))?;
        let mut names = HashSet::new();
        for (number, step) in (1..).zip(&mut document.steps) {
            let refuse = |reason: &str| Error::failure(format!("step {number}, `{}`: {reason}", step.block));
            let (block_type, id) = type_and_id(&step.block).ok_or_else(|| {
                refuse("a step names a block of a course or library by its usage key, such as lb:ORG:LIBRARY:TYPE:ID")
            })?;
            let name = BlockName::new(block_type, step.id.as_deref().unwrap_or(id));
            if !names.insert(name.clone()) {
                return Err(refuse("another step has this name; give one of them an `id`"));
            }
            step.name = Some(name);
        }
        Ok(document)
    }

    fn all() -> BlockName {
        BlockName::new("pathway", ALL)
    }

    fn names(&self) -> impl Iterator<Item = BlockName> + '_ {
        self.steps.iter().filter_map(|step| step.name.clone())
    }
}

impl LearningContext for Document {
    fn sources(&self) -> Vec<String> {
        self.steps.iter().map(|step| step.block.clone()).collect()
    }

    fn usages(&self) -> Vec<BlockName> {
        std::iter::once(Self::all()).chain(self.names()).collect()
    }

    fn access(&self, person: &Person) -> Access {
        let invited = self.groups.is_empty() || self.groups.iter().any(|group| person.groups.contains(group));
        if person.author || person.staff {
            Access::Edit
        } else if self.visitors || (person.registered && invited) {
            Access::Learn
        } else {
            Access::None
        }
    }

    fn block(&self, name: &BlockName) -> Option<Block> {
        if *name == Self::all() {
            let olx = format!("<pathway display_name=\"{}\"/>", escape(&self.title));
            return Some(Block {
                display_name: Some(self.title.clone()),
                children: self.names().collect(),
                ..Block::new(Content::Olx(olx))
            });
        }
        let step = self.steps.iter().find(|step| step.name.as_ref() == Some(name))?;
        let mut overrides: Vec<_> = step.set.clone().into_iter().collect();
        overrides.extend(step.title.iter().map(|title| ("display_name".to_owned(), title.clone())));
        Some(Block {
            display_name: step.title.clone(),
            parent: Some(Self::all()),
            overrides,
            ..Block::new(Content::Source(step.block.clone()))
        })
    }
}

/// The block type and the name in a usage key of a library or a course.
fn type_and_id(key: &str) -> Option<(&str, &str)> {
    if let Some(library) = key.strip_prefix("lb:") {
        let mut parts = library.split(':').skip(2);
        return parts.next().zip(parts.next());
    }
    let (_, rest) = key.strip_prefix("block-v1:")?.split_once("+type@")?;
    rest.split_once("+block@")
}
