//! Writing blocks: each into a file of its own where OLX keeps its type so, otherwise into its parent's element. So is
//! one whose file's name is taken by a file that came along, which the importer passes by as it did before.

use std::collections::{HashMap, HashSet};

use blockhouse_keys::{LearningContextKey, UsageKey};
use roxmltree::Node;

use super::folder::Folder;
use super::{ExportError, fault};
use crate::import::{has_at_most_a_name, has_content, is_container};
use crate::names::{URL_NAME, is_kept_in_file, path_of};
use crate::xml::{self, Element};
use crate::{Definition, Progress, PublishedContext};

/// One export on its way.
pub(super) struct Export<'e> {
    context: &'e PublishedContext,
    /// In how many places each block is used.
    uses: HashMap<UsageKey, usize>,
    /// The blocks used in several places that are written.
    written: HashSet<UsageKey>,
    folder: &'e mut Folder,
    progress: &'e mut dyn FnMut(Progress),
    done: u64,
}

impl<'e> Export<'e> {
    pub(super) fn new(
        context: &'e PublishedContext,
        uses: HashMap<UsageKey, usize>,
        folder: &'e mut Folder,
        progress: &'e mut dyn FnMut(Progress),
    ) -> Self {
        Self { context, uses, written: HashSet::new(), folder, progress, done: 0 }
    }

    /// Writes the root file and everything below it.
    pub(super) fn run(&mut self) -> Result<(), ExportError> {
        let key = self.context.key().clone();
        let definition = self.context.definition(self.context.root())?;
        match &key {
            LearningContextKey::Course(course) => {
                let run = course.run().unwrap_or_default();
                let mut root = Element::empty(&definition.block_type);
                if let Some(fault) = &definition.fault {
                    fault::lead_to(fault, &definition, run, self.folder, &mut root);
                } else {
                    let element = self.element(&definition)?;
                    let file = format!("course/{}.xml", path_of(run));
                    if self.folder.has_room(&file) {
                        self.folder.write(&file, &element.to_xml())?;
                    } else {
                        root = in_place(element, |node| !has_content(node));
                    }
                }
                root.set(URL_NAME, run);
                root.set("org", course.org().unwrap_or_default());
                root.set("course", course.course().unwrap_or_default());
                self.folder.write("course.xml", &root.to_xml())
            }
            LearningContextKey::LegacyLibrary(library) => {
                let mut element = self.element(&definition)?;
                element.set(URL_NAME, "library");
                element.set("org", library.org().unwrap_or_default());
                element.set("library", library.library().unwrap_or_default());
                self.folder.write("library.xml", &element.to_xml())
            }
            _ => Err(ExportError::NotInOlx(key)),
        }
    }

    /// Writes a block, and returns the element by which a parent of a type names or holds it.
    fn child(&mut self, usage: &UsageKey, parent_type: &str) -> Result<String, ExportError> {
        let definition = self.context.definition(usage)?;
        let id = usage.block_id();
        let mut pointer = Element::empty(&definition.block_type);
        pointer.set(URL_NAME, id);
        if let Some(fault) = &definition.fault {
            fault::lead_to(fault, &definition, id, self.folder, &mut pointer);
            return Ok(pointer.to_xml());
        }
        let shared = self.uses.get(usage).is_some_and(|uses| *uses > 1);
        if shared && !self.written.insert(usage.clone()) {
            return Ok(pointer.to_xml());
        }
        let mut element = self.element(&definition)?;
        let path = format!("{}/{}", definition.block_type, path_of(id));
        let file = format!("{path}.xml");
        let has_room = self.folder.has_room(&file);
        let wants_file = is_kept_in_file(&definition.block_type) || shared || !is_container(parent_type);
        if wants_file && has_room {
            self.write_html(&definition, &path, &mut element)?;
            self.folder.write(&file, &element.to_xml())?;
            return Ok(pointer.to_xml());
        }
        if !has_room {
            element = in_place(element, has_at_most_a_name);
        }
        element.set(URL_NAME, id);
        Ok(element.to_xml())
    }

    /// A block's element with its children in it.
    fn element(&mut self, definition: &Definition) -> Result<Element, ExportError> {
        let mut element = parse(definition)?;
        if !definition.children.is_empty() {
            let mut body = element.body().to_owned();
            for child in &definition.children {
                body.extend(["\n  ", &self.child(child, &definition.block_type)?]);
            }
            body.push('\n');
            element.set_body(body);
        }
        self.done += 1;
        let total = self.context.block_count() as u64;
        (self.progress)(Progress { done: self.done, total, what: definition.usage.to_string() });
        Ok(element)
    }

    /// Moves the text of an HTML block into a file of its own, where authors look for it, if there is room and it comes
    /// back as it was.
    fn write_html(
        &mut self,
        definition: &Definition,
        path: &str,
        element: &mut Element,
    ) -> Result<(), ExportError> {
        let file = format!("{path}.html");
        if definition.block_type != "html" || !self.folder.has_room(&file) {
            return Ok(());
        }
        let text = html_text(definition);
        if let Some(text) = text.filter(|text| xml::cdata(text) == element.body()) {
            self.folder.write(&file, &text)?;
            element.set_body(String::new());
            element.set("filename", path.rsplit('/').next().unwrap_or(path));
        }
        Ok(())
    }
}

/// An element that stands for its block itself, although there is a file of its name. If it looks like a pointer to that
/// file, an empty `filename`, which the importer drops, says that it is none.
fn in_place(mut element: Element, is_like_a_pointer: impl Fn(Node<'_, '_>) -> bool) -> Element {
    let xml = element.to_xml();
    if xml::parse("", &xml).is_ok_and(|document| is_like_a_pointer(document.root_element())) {
        element.set("filename", "");
    }
    element
}

fn parse(definition: &Definition) -> Result<Element, ExportError> {
    let document = xml::parse("", &definition.olx)
        .map_err(|fault| ExportError::NotXml { usage: definition.usage.clone(), reason: fault.message })?;
    Ok(Element::take(document.root_element(), |_| false))
}

/// The text of an element that has nothing but text.
fn html_text(definition: &Definition) -> Option<String> {
    let document = xml::parse("", &definition.olx).ok()?;
    let children = document.root_element().children();
    children.map(|child| child.text().filter(|_| child.is_text())).collect()
}
