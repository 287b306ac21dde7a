//! The walk over the tree of blocks: every element becomes a definition, its children after it.

use std::collections::BTreeMap;
use std::num::NonZeroU128;

use blockhouse_keys::UsageKey;
use roxmltree::Node;

use super::define::definition;
use super::names::{made_up, url_name};
use super::pointer::{Place, has_content, is_pointer, place};
use super::policy::Policy;
use super::root::Root;
use super::source::Source;
use super::used::Used;
use super::{ImportError, Problem, Severity};
use crate::names::path_of;
use crate::store::{Fingerprint, Table, VersionWriter, Writing};
use crate::xml::{self, Element};
use crate::{ContentError, Fault};

/// How deep blocks are nested at most. A course has five levels, blocks with blocks of their own a few more.
const MAX_DEPTH: usize = 64;

/// The number of a second block of a name.
const SECOND: NonZeroU128 = NonZeroU128::MIN.saturating_add(1);

/// The walk over one course or library.
pub(super) struct Walk<'w, 's> {
    pub(super) source: &'w mut Source<'s>,
    root: &'w Root,
    pub(super) writer: &'w mut VersionWriter,
    pub(super) used: &'w mut Used,
    pub(super) policy: Policy,
    /// The number to be tried first for another block of a name. Smaller ones are taken.
    numbers: Table,
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
    pub(super) fn new(
        source: &'w mut Source<'s>,
        root: &'w Root,
        writer: &'w mut VersionWriter,
        used: &'w mut Used,
    ) -> Result<Self, ImportError> {
        let numbers = writer.scratch()?;
        let (policy, walked) = (Policy::default(), Walked::default());
        Ok(Self { source, root, writer, used, policy, numbers, walked })
    }

    /// Walks from the root element.
    pub(super) fn run(mut self) -> Result<Walked, ImportError> {
        if let Some(file) = Policy::file(self.source, &self.root.run) {
            match self.read(&file).and_then(|text| Policy::parse(&file, &text)) {
                Ok(policy) => self.policy = policy,
                Err(fault) => {
                    self.used.discard();
                    self.problem(None, Severity::Error, fault);
                }
            }
        }
        let file = self.root.file;
        let text = self.read(file).map_err(ImportError::Root)?;
        self.used.keep()?;
        let document = xml::parse(file, &text).map_err(ImportError::Root)?;
        let node = document.root_element();
        // Exporters put further attributes into the root file, so that more than a bare name may point. An empty
        // `filename` is our own exporter's word that this is the element itself.
        let run_file = format!("course/{}.xml", path_of(&self.root.run));
        let place = match is_pointer(self.source, node) {
            Some(place) => place,
            None if node.attribute("filename") != Some("")
                && self.source.has(&run_file)
                && !has_content(node) =>
            {
                Place::File(run_file)
            }
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
        match self.writer.writing(&usage)? {
            None => {}
            Some(_) if place == Place::Here => {
                let taken = usage.clone();
                (name, usage) = self.free_name(block_type, &name, &usage)?;
                if url_name(node).is_some() {
                    let message = format!("the name of `{taken}` is used again; this one became `{name}`");
                    self.problem(Some(&usage), Severity::Warning, fault(message));
                }
            }
            Some(Writing::Done) => {
                let message = "used a second time; learners share its state between both places";
                self.problem(Some(&usage), Severity::Warning, fault(message.to_owned()));
                return Ok(Some(usage));
            }
            Some(Writing::Begun) => {
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
    fn free_name(
        &mut self,
        block_type: &str,
        name: &str,
        taken: &UsageKey,
    ) -> Result<(String, UsageKey), ImportError> {
        let taken = Fingerprint::of(taken.as_str());
        let mut number = self.numbers.get(taken)?.unwrap_or(SECOND);
        loop {
            let name = format!("{name}-{number}");
            let usage = self
                .root
                .usage_of(block_type, &name)
                .map_err(|source| ImportError::Key { file: self.root.file.to_owned(), source })?;
            number = number.saturating_add(1);
            if self.writer.writing(&usage)?.is_none() {
                self.numbers.set(taken, number)?;
                return Ok((name, usage));
            }
        }
    }

    /// Writes a block and everything below it. A definition that cannot be read is written as a fault.
    fn block(
        &mut self,
        block: &Block<'_>,
        node: Node<'_, '_>,
        file: &str,
        place: Place,
    ) -> Result<(), ImportError> {
        self.writer.begin(&block.usage)?;
        *self.walked.blocks.entry(block.block_type.to_owned()).or_default() += 1;
        let written = match place {
            Place::Here => self.element(block, node, file),
            Place::File(path) => self.file(block, &path),
            Place::Html(path) => self.html(block, Element::empty(block.block_type), &path),
        };
        match written {
            Ok(()) => Ok(()),
            Err(Failure::Import(error)) => Err(error),
            Err(Failure::Block(fault)) => {
                self.used.discard();
                self.problem(Some(&block.usage), Severity::Error, fault.clone());
                let element = Element::empty(block.block_type);
                Ok(self.writer.add(&definition(block, &element, Vec::new(), Some(fault)))?)
            }
        }
    }

    /// The text of a file that the block at hand is made of.
    pub(super) fn read(&mut self, file: &str) -> Result<String, Fault> {
        let text = self.source.read(file)?;
        self.used.read(file);
        Ok(text)
    }

    fn problem(&mut self, usage: Option<&UsageKey>, severity: Severity, fault: Fault) {
        self.walked.problems.push(Problem { usage: usage.cloned(), severity, fault });
    }
}
