//! The walk over the tree of blocks: every element becomes a definition, its children after it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use blockhouse_keys::UsageKey;
use roxmltree::Node;

use super::kinds::is_child;
use super::names::{made_up, url_name};
use super::pointer::{Place, is_pointer, named_file, place};
use super::policy::Policy;
use super::root::Root;
use super::source::Source;
use super::{ImportError, Problem, Severity, inherit};
use crate::store::{Reserved, VersionWriter};
use crate::xml::{self, Element};
use crate::{ContentError, Definition, Fault, hex};

/// How deep blocks are nested at most. A course has five levels, blocks with blocks of their own a few more.
const MAX_DEPTH: usize = 64;

/// The walk over one course or library.
pub(super) struct Walk<'w, 's> {
    source: &'w mut Source<'s>,
    root: &'w Root,
    writer: &'w mut VersionWriter,
    policy: Policy,
    /// Blocks met so far, and whether the walk has left them.
    met: HashMap<UsageKey, bool>,
    walked: Walked,
}

/// What a walk found.
#[derive(Default)]
pub(super) struct Walked {
    pub(super) title: Option<String>,
    pub(super) blocks: BTreeMap<String, usize>,
    pub(super) problems: Vec<Problem>,
}

/// A block whose definition is about to be read.
struct Block<'a> {
    usage: UsageKey,
    block_type: &'a str,
    name: &'a str,
    above: &'a Above,
}

/// What the parent of a block says of it.
#[derive(Clone, Default)]
struct Above {
    parent: Option<UsageKey>,
    inherited: BTreeMap<String, String>,
    depth: usize,
}

/// Why a definition could not be written: because of the author's file, or because of the import as a whole.
enum Failure {
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
    ) -> Self {
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
        match Policy::read(self.source, &self.root.run) {
            Ok(policy) => self.policy = policy,
            Err(fault) => self.problem(None, Severity::Error, fault),
        }
        let file = self.root.file;
        let text = self.source.read(file).map_err(ImportError::Root)?;
        let document = xml::parse(file, &text).map_err(ImportError::Root)?;
        let node = document.root_element();
        // Exporters put further attributes into the root file, so that more than a bare name may point.
        let run_file = format!("course/{}.xml", self.root.run);
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
    fn child(
        &mut self,
        node: Node<'_, '_>,
        file: &str,
        above: &Above,
    ) -> Result<Option<UsageKey>, ImportError> {
        let block_type = node.tag_name().name();
        let fault = |message: String| {
            Fault::at(
                file,
                node.document().input_text(),
                node.range().start,
                message,
            )
        };
        if above.depth > MAX_DEPTH {
            let fault = fault(format!(
                "blocks are nested deeper than {MAX_DEPTH}; left out from here on"
            ));
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
        match self.met.get(&usage) {
            None => {}
            Some(_) if place == Place::Here => {
                let taken = usage.clone();
                (name, usage) = self.free_name(block_type, &name, usage);
                if url_name(node).is_some() {
                    let message =
                        format!("the name of `{taken}` is used again; this one became `{name}`");
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
        let block = Block {
            usage,
            block_type,
            name: &name,
            above,
        };
        self.block(&block, node, file, place)?;
        Ok(Some(block.usage))
    }

    /// A name that no block of the type has yet, made from one that is taken.
    fn free_name(&self, block_type: &str, name: &str, taken: UsageKey) -> (String, UsageKey) {
        (2..)
            .filter_map(|number: u64| {
                let name = format!("{name}-{number}");
                let usage = self.root.usage_of(block_type, &name).ok()?;
                (!self.met.contains_key(&usage)).then_some((name, usage))
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
        self.met.insert(block.usage.clone(), false);
        *self
            .walked
            .blocks
            .entry(block.block_type.to_owned())
            .or_default() += 1;
        let reserved = self.writer.reserve(&block.usage);
        let written = match place {
            Place::Here => self.element(block, reserved, node, file),
            Place::File(path) => self.file(block, reserved, &path),
            Place::Html(path) => {
                self.html(block, reserved, Element::empty(block.block_type), &path)
            }
        };
        self.met.insert(block.usage.clone(), true);
        match written {
            Ok(()) => Ok(()),
            Err(Failure::Import(error)) => Err(error),
            Err(Failure::Block(fault)) => {
                self.problem(Some(&block.usage), Severity::Error, fault.clone());
                let element = Element::empty(block.block_type);
                Ok(self.writer.add(
                    reserved,
                    &definition(block, &element, Vec::new(), Some(fault)),
                )?)
            }
        }
    }

    /// A block that the root element of a file defines.
    fn file(&mut self, block: &Block<'_>, reserved: Reserved, path: &str) -> Result<(), Failure> {
        let text = self.source.read(path)?;
        let document = xml::parse(path, &text)?;
        let node = root_of_type(path, block.block_type, &document)?;
        self.element(block, reserved, node, path)
    }

    /// A block that an element defines, or a file that its attribute `filename` names.
    fn element(
        &mut self,
        block: &Block<'_>,
        reserved: Reserved,
        node: Node<'_, '_>,
        file: &str,
    ) -> Result<(), Failure> {
        let named = node
            .attribute("filename")
            .filter(|name| !name.is_empty())
            .map(|name| named_file(self.source, block.block_type, file, name))
            .filter(|path| self.source.has(path) || !has_content(node));
        let Some(path) = named else {
            let mut element =
                Element::take(node, |child| is_child(self.source, block.block_type, child));
            element.remove("filename");
            return self.emit(block, reserved, element, Some((node, file)));
        };
        let mut element = Element::take(node, |_| false);
        element.remove("filename");
        if block.block_type == "html" {
            return self.html(block, reserved, element, &path);
        }
        let text = self.source.read(&path)?;
        let document = xml::parse(&path, &text)?;
        let node = root_of_type(&path, block.block_type, &document)?;
        let mut body = Element::take(node, |child| is_child(self.source, block.block_type, child));
        for (name, value) in element.attributes() {
            body.set(name, value);
        }
        self.emit(block, reserved, body, Some((node, &path)))
    }

    /// A block whose text is a file of HTML, which need not be XML.
    fn html(
        &mut self,
        block: &Block<'_>,
        reserved: Reserved,
        mut element: Element,
        path: &str,
    ) -> Result<(), Failure> {
        let body = self.source.read(path)?;
        element.set_body(xml::cdata(&body));
        self.emit(block, reserved, element, None)
    }

    /// Writes a definition after those of its children.
    fn emit(
        &mut self,
        block: &Block<'_>,
        reserved: Reserved,
        mut element: Element,
        children_of: Option<(Node<'_, '_>, &str)>,
    ) -> Result<(), Failure> {
        element.remove("url_name");
        element.remove("slug");
        if block.above.parent.is_none() {
            for part_of_key in ["org", "course", "library"] {
                element.remove(part_of_key);
            }
        }
        self.policy
            .apply(block.block_type, block.name, &mut element);
        let mut children = Vec::new();
        if let Some((node, file)) = children_of {
            let above = Above {
                parent: Some(block.usage.clone()),
                inherited: inherit::below(&element, &block.above.inherited),
                depth: block.above.depth + 1,
            };
            for child in node.children() {
                if is_child(self.source, block.block_type, child) {
                    children.extend(self.child(child, file, &above)?);
                }
            }
        }
        let definition = definition(block, &element, children, None);
        if block.above.parent.is_none() {
            self.walked.title = definition.display_name.clone();
        }
        Ok(self.writer.add(reserved, &definition)?)
    }

    fn problem(&mut self, usage: Option<&UsageKey>, severity: Severity, fault: Fault) {
        self.walked.problems.push(Problem {
            usage: usage.cloned(),
            severity,
            fault,
        });
    }
}

fn definition(
    block: &Block<'_>,
    element: &Element,
    children: Vec<UsageKey>,
    fault: Option<Fault>,
) -> Definition {
    let olx = element.to_xml();
    let display_name = ["display_name", "name"]
        .iter()
        .find_map(|name| element.attribute(name));
    Definition {
        usage: block.usage.clone(),
        block_type: block.block_type.to_owned(),
        digest: hex::sha256(olx.as_bytes()),
        olx: Arc::from(olx),
        children,
        parent: block.above.parent.clone(),
        display_name: display_name
            .filter(|name| !name.is_empty())
            .map(str::to_owned),
        inherited: block.above.inherited.clone(),
        fault,
    }
}

/// The root element of a file that must define a block of a type.
fn root_of_type<'a, 'i>(
    path: &str,
    block_type: &str,
    document: &'a roxmltree::Document<'i>,
) -> Result<Node<'a, 'i>, Fault> {
    let node = document.root_element();
    let found = node.tag_name().name();
    if found == block_type {
        return Ok(node);
    }
    let message = format!(
        "the root element is `<{found}>`, but the file is used as `<{block_type}>`; correct one of them"
    );
    Err(Fault::at(
        path,
        document.input_text(),
        node.range().start,
        message,
    ))
}

/// Whether an element has more than attributes.
fn has_content(node: Node<'_, '_>) -> bool {
    node.children().any(|child| {
        child.is_element()
            || child
                .text()
                .is_some_and(|text| !child.is_comment() && !text.trim().is_empty())
    })
}
