//! The walk over the tree of blocks: every element becomes a definition, its children after it.

use std::collections::{BTreeMap, HashMap};

use blockhouse_keys::UsageKey;
use roxmltree::Node;

use super::define::definition;
use super::names::{made_up, url_name};
use super::pointer::{Place, has_content, is_pointer, place};
use super::policy::Policy;
use super::root::Root;
use super::source::Source;
use super::{ImportError, Problem, Severity};
use crate::names::path_of;
use crate::store::{Fingerprint, VersionWriter};
use crate::xml::{self, Element};
use crate::{ContentError, Fault};

/// How deep blocks are nested at most. A course has five levels, blocks with blocks of their own a few more.
const MAX_DEPTH: usize = 64;

/// The walk over one course or library.
pub(super) struct Walk<'w, 's> {
    pub(super) source: &'w mut Source<'s>,
    root: &'w Root,
    pub(super) writer: &'w mut VersionWriter,
    pub(super) policy: Policy,
    /// Blocks met so far, and whether the walk has left them.
    met: HashMap<Fingerprint, bool>,
    pub(super) walked: Walked,
}

/// What a walk found.
#[derive(Default)]
pub(super) struct Walked {
    pub(super) title: Option<String>,
    pub(super) blocks: BTreeMap<String, usize>,
    pub(super) problems: Vec<Problem>,
}

/// A block whose definition is about to be read.
pub(super) struct Block<'a> {
    pub(super) usage: UsageKey,
    pub(super) block_type: &'a str,
    pub(super) name: &'a str,
    pub(super) above: &'a Above,
}

/// What the parent of a block says of it.
#[derive(Clone, Default)]
pub(super) struct Above {
    pub(super) parent: Option<UsageKey>,
    pub(super) inherited: BTreeMap<String, String>,
    pub(super) depth: usize,
}

/// Why a definition could not be written: because of the author's file, or because of the import as a whole.
pub(super) enum Failure {
    Block(Fault),
    Import(ImportError),
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Block(fault)
    }
}

impl From<ContentError> for Failure {
    fn from(error: ContentError) -> Self {
        Self::Import(error.into())
    }
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        Self::Import(error)
    }
}

impl<'w, 's> Walk<'w, 's> {
    pub(super) fn new(source: &'w mut Source<'s>, root: &'w Root, writer: &'w mut VersionWriter) -> Self {
        Self {
            source,
            root,
            writer,
            policy: Policy::default(),
            met: HashMap::new(),
            walked: Walked::default(),
        }
    }

    /// Walks from the root element.
    pub(super) fn run(mut self) -> Result<Walked, ImportError> {
        let mark = self.source.mark();
        match Policy::read(self.source, &self.root.run) {
            Ok(policy) => self.policy = policy,
            Err(fault) => {
                self.source.not_used(mark);
                self.problem(None, Severity::Error, fault);
            }
        }
        let file = self.root.file;
        let text = self.source.read(file).map_err(ImportError::Root)?;
        let document = xml::parse(file, &text).map_err(ImportError::Root)?;
        let node = document.root_element();
        // Exporters put further attributes into the root file, so that more than a bare name may point.
        let run_file = format!("course/{}.xml", path_of(&self.root.run));
        let place = match is_pointer(self.source, node) {
            Some(place) => place,
            None if self.source.has(&run_file) && !has_content(node) => Place::File(run_file),
            None => Place::Here,
        };
        let block = Block {
            usage: self.root.usage.clone(),
            block_type: node.tag_name().name(),
            name: &self.root.run,
            above: &Above::default(),
        };
        self.block(&block, node, file, place)?;
        Ok(self.walked)
    }

    /// Takes up a child element and returns the key under which its parent lists it.
    pub(super) fn child(
        &mut self,
        node: Node<'_, '_>,
        file: &str,
        above: &Above,
    ) -> Result<Option<UsageKey>, ImportError> {
        let block_type = node.tag_name().name();
        let fault =
            |message: String| Fault::at(file, node.document().input_text(), node.range().start, message);
        if above.depth > MAX_DEPTH {
            let fault = fault(format!("blocks are nested deeper than {MAX_DEPTH}; left out from here on"));
            self.problem(above.parent.as_ref(), Severity::Error, fault);
            return Ok(None);
        }
        let mut name = url_name(node).map_or_else(|| made_up(node), str::to_owned);
        let mut usage = match self.root.usage_of(block_type, &name) {
            Ok(usage) => usage,
            Err(invalid) => {
                self.problem(
                    above.parent.as_ref(),
                    Severity::Error,
                    fault(format!("left out: {invalid}; rename it")),
                );
                return Ok(None);
            }
        };
        let place = place(self.source, node);
        match self.met.get(&Fingerprint::of(&usage)) {
            None => {}
            Some(_) if place == Place::Here => {
                let taken = usage.clone();
                (name, usage) = self.free_name(block_type, &name, usage);
                if url_name(node).is_some() {
                    let message = format!("the name of `{taken}` is used again; this one became `{name}`");
                    self.problem(Some(&usage), Severity::Warning, fault(message));
                }
            }
            Some(true) => {
                let message = "used a second time; learners share its state between both places";
                self.problem(Some(&usage), Severity::Warning, fault(message.to_owned()));
                return Ok(Some(usage));
            }
            Some(false) => {
                let message = "a block inside itself; left out here, remove the element";
                self.problem(Some(&usage), Severity::Error, fault(message.to_owned()));
                return Ok(None);
            }
        }
        let block = Block { usage, block_type, name: &name, above };
        self.block(&block, node, file, place)?;
        Ok(Some(block.usage))
    }

    /// A name that no block of the type has yet, made from one that is taken.
    fn free_name(&self, block_type: &str, name: &str, taken: UsageKey) -> (String, UsageKey) {
        (2..)
            .filter_map(|number: u64| {
                let name = format!("{name}-{number}");
                let usage = self.root.usage_of(block_type, &name).ok()?;
                (!self.met.contains_key(&Fingerprint::of(&usage))).then_some((name, usage))
            })
            .next()
            .unwrap_or((name.to_owned(), taken))
    }

    /// Writes a block and everything below it. A definition that cannot be read is written as a fault.
    fn block(
        &mut self,
        block: &Block<'_>,
        node: Node<'_, '_>,
        file: &str,
        place: Place,
    ) -> Result<(), ImportError> {
        self.met.insert(Fingerprint::of(&block.usage), false);
        *self.walked.blocks.entry(block.block_type.to_owned()).or_default() += 1;
        let mark = self.source.mark();
        let written = match place {
            Place::Here => self.element(block, node, file),
            Place::File(path) => self.file(block, &path),
            Place::Html(path) => self.html(block, Element::empty(block.block_type), &path),
        };
        self.met.insert(Fingerprint::of(&block.usage), true);
        match written {
            Ok(()) => Ok(()),
            Err(Failure::Import(error)) => Err(error),
            Err(Failure::Block(fault)) => {
                self.source.not_used(mark);
                self.problem(Some(&block.usage), Severity::Error, fault.clone());
                let element = Element::empty(block.block_type);
                Ok(self.writer.add(&definition(block, &element, Vec::new(), Some(fault)))?)
            }
        }
    }

    fn problem(&mut self, usage: Option<&UsageKey>, severity: Severity, fault: Fault) {
        self.walked.problems.push(Problem { usage: usage.cloned(), severity, fault });
    }
}
