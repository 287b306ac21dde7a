//! The walk over a library's entities, each before those in it.

use std::collections::{BTreeMap, HashMap, HashSet};

use blockhouse_keys::{LearningContextKey, UsageKey};

use super::assets::Assets;
use super::entity::Entity;
use crate::Fault;
use crate::import::define::{definition, root_of_type};
use crate::import::source::Source;
use crate::import::walk::{Above, Block};
use crate::import::{ImportError, Problem, Severity};
use crate::store::VersionWriter;
use crate::xml::{self, Element};

/// How deep entities are nested at most: sections, subsections, units and components are four levels.
const MAX_DEPTH: usize = 8;

/// The walk over one library.
pub(super) struct Walk<'w, 's> {
    source: &'w mut Source<'s>,
    writer: &'w mut VersionWriter,
    context: &'w LearningContextKey,
    entities: &'w BTreeMap<String, Entity>,
    problems: &'w mut Vec<Problem>,
    assets: Assets,
    /// The entities that became blocks so far, and whether the walk has left them.
    met: HashMap<UsageKey, (String, bool)>,
    /// The entities that were looked at, also those that did not become blocks.
    seen: HashSet<String>,
    blocks: BTreeMap<String, usize>,
}

impl<'w, 's> Walk<'w, 's> {
    pub(super) fn new(
        source: &'w mut Source<'s>,
        writer: &'w mut VersionWriter,
        context: &'w LearningContextKey,
        entities: &'w BTreeMap<String, Entity>,
        problems: &'w mut Vec<Problem>,
    ) -> Self {
        Self {
            source,
            writer,
            context,
            entities,
            problems,
            assets: Assets::default(),
            met: HashMap::new(),
            seen: HashSet::new(),
            blocks: BTreeMap::new(),
        }
    }

    /// Writes the root and everything below it, and counts the blocks of each type.
    pub(super) fn run(mut self, root: UsageKey, title: &str) -> Result<BTreeMap<String, usize>, ImportError> {
        let held: HashSet<&String> =
            self.entities.values().flat_map(|entity| entity.children().iter()).collect();
        let top: Vec<&String> = self.entities.keys().filter(|key| !held.contains(key)).collect();
        let block = Block { usage: root, block_type: "library", name: "library", above: &Above::default() };
        self.container(&block, "", title, &top)?;
        for key in self.entities.keys().filter(|key| !self.seen.contains(*key)) {
            let fault =
                Fault::of_file("entities", format!("`{key}` is left out: nothing leads to it but itself"));
            self.problems.push(Problem { usage: None, severity: Severity::Error, fault });
        }
        Ok(self.blocks)
    }

    /// Writes a container after what is in it.
    fn container(
        &mut self,
        block: &Block<'_>,
        key: &str,
        title: &str,
        children: &[&String],
    ) -> Result<(), ImportError> {
        self.begin(block, key);
        let above =
            Above { parent: Some(block.usage.clone()), depth: block.above.depth + 1, ..Above::default() };
        let mut usages = Vec::new();
        for child in children {
            usages.extend(self.child(child, &above)?);
        }
        let mut element = Element::empty(block.block_type);
        element.set("display_name", title);
        Ok(self.writer.add(&definition(block, &element, usages, None))?)
    }

    /// Writes an entity and what is in it, and returns the key under which its container lists it.
    fn child(&mut self, key: &str, above: &Above) -> Result<Option<UsageKey>, ImportError> {
        let Some(entity) = self.entities.get(key) else {
            // Its own file was found wanting, and said so; or there is none.
            let fault =
                Fault::of_file("entities", format!("`{key}` is in a container, but is not published"));
            self.problem(above.parent.as_ref(), Severity::Warning, fault);
            return Ok(None);
        };
        let (block_type, id) = match entity {
            Entity::Component { block_type, id, .. } => (block_type.as_str(), id),
            Entity::Container { block_type, id, .. } => (*block_type, id),
        };
        self.seen.insert(key.to_owned());
        if above.depth > MAX_DEPTH {
            let fault = Fault::of_file("entities", format!("`{key}` is in too many containers; left out"));
            self.problem(above.parent.as_ref(), Severity::Error, fault);
            return Ok(None);
        }
        let usage = match self.context.make_usage_key(block_type, id) {
            Ok(usage) => usage,
            Err(invalid) => {
                let fault = Fault::of_file("entities", format!("`{key}` is left out: {invalid}"));
                self.problem(above.parent.as_ref(), Severity::Error, fault);
                return Ok(None);
            }
        };
        match self.met.get(&usage) {
            None => {}
            Some((met, true)) if met == key => return Ok(Some(usage)),
            Some((met, _)) => {
                let message = match met == key {
                    true => format!("`{key}` holds itself; left out here"),
                    false => format!("`{key}` has the same key as `{met}` as a block; left out"),
                };
                self.problem(Some(&usage), Severity::Error, Fault::of_file("entities", message));
                return Ok(None);
            }
        }
        let block = Block { usage, block_type, name: id, above };
        match entity {
            Entity::Container { title, children, .. } => {
                self.container(&block, key, title, &children.iter().collect::<Vec<_>>())?;
            }
            Entity::Component { folder, .. } => self.component(&block, key, folder)?,
        }
        self.met.insert(block.usage.clone(), (key.to_owned(), true));
        Ok(Some(block.usage))
    }

    /// Writes a component. One whose OLX cannot be read is written as a fault.
    fn component(&mut self, block: &Block<'_>, key: &str, folder: &str) -> Result<(), ImportError> {
        self.begin(block, key);
        let path = format!("{folder}/block.xml");
        let written = match self.source.read(&path) {
            Ok(mut olx) => {
                let faults = self.assets.add(self.source, self.writer, folder, &mut olx)?;
                for fault in faults {
                    self.problem(Some(&block.usage), Severity::Error, fault);
                }
                element(&path, block.block_type, &olx)
            }
            Err(fault) => Err(fault),
        };
        let (element, fault) = match written {
            Ok(element) => (element, None),
            Err(fault) => {
                self.problem(Some(&block.usage), Severity::Error, fault.clone());
                (Element::empty(block.block_type), Some(fault))
            }
        };
        Ok(self.writer.add(&definition(block, &element, Vec::new(), fault))?)
    }

    fn begin(&mut self, block: &Block<'_>, key: &str) {
        self.met.insert(block.usage.clone(), (key.to_owned(), false));
        *self.blocks.entry(block.block_type.to_owned()).or_default() += 1;
    }

    fn problem(&mut self, usage: Option<&UsageKey>, severity: Severity, fault: Fault) {
        self.problems.push(Problem { usage: usage.cloned(), severity, fault });
    }
}

/// The element of a component's text, which holds no other blocks.
fn element(path: &str, block_type: &str, olx: &str) -> Result<Element, Fault> {
    let document = xml::parse(path, olx)?;
    let mut element = Element::take(root_of_type(path, block_type, &document)?, |_| false);
    element.remove("url_name");
    Ok(element)
}
