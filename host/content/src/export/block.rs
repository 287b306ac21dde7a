//! Writing blocks: each into a file of its own where OLX keeps its type so, otherwise into its parent's element.

use std::collections::HashMap;

use blockhouse_keys::{LearningContextKey, UsageKey};

use super::ExportError;
use super::folder::Folder;
use crate::names::{URL_NAME, is_kept_in_file, path_of};
use crate::xml::{self, Element};
use crate::{Definition, Progress, PublishedContext};

/// One export on its way.
pub(super) struct Export<'e> {
    pub(super) context: &'e PublishedContext,
    /// In how many places each block is used.
    pub(super) uses: HashMap<UsageKey, usize>,
    pub(super) folder: &'e mut Folder,
    pub(super) progress: &'e mut dyn FnMut(Progress),
    pub(super) done: u64,
}

impl Export<'_> {
    /// Writes the root file and everything below it.
    pub(super) fn run(&mut self) -> Result<(), ExportError> {
        let key = self.context.key().clone();
        let definition = self.context.definition(self.context.root())?;
        let mut pointer = Element::empty(&definition.block_type);
        match &key {
            LearningContextKey::Course(course) => {
                let run = course.run().unwrap_or_default();
                pointer.set(URL_NAME, run);
                pointer.set("org", course.org().unwrap_or_default());
                pointer.set("course", course.course().unwrap_or_default());
                if definition.fault.is_none() {
                    let text = self.element(&definition)?.to_xml();
                    self.folder.write(&format!("course/{}.xml", path_of(run)), &text)?;
                }
                self.folder.write("course.xml", &pointer.to_xml())
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

    /// Writes a block, and returns the element by which its parent names or holds it.
    fn child(&mut self, usage: &UsageKey) -> Result<String, ExportError> {
        let definition = self.context.definition(usage)?;
        let mut pointer = Element::empty(&definition.block_type);
        pointer.set(URL_NAME, usage.block_id());
        if let Some(fault) = &definition.fault {
            // The faulty file came along with the other files. It stands where the pointer looks for it, unless the
            // author had it under another name than the block's.
            let own = fault.file.strip_prefix(&format!("{}/", definition.block_type));
            let name = own.and_then(|file| file.strip_suffix(".xml"));
            if let Some(name) = name.filter(|name| *name != path_of(usage.block_id())) {
                pointer.set("filename", name);
            }
            return Ok(pointer.to_xml());
        }
        let mut element = self.element(&definition)?;
        let path = format!("{}/{}", definition.block_type, path_of(usage.block_id()));
        let in_file =
            is_kept_in_file(&definition.block_type) || self.uses.get(usage).is_some_and(|uses| *uses > 1);
        if in_file && Folder::can_hold(&path) {
            self.write_html(&definition, &path, &mut element)?;
            self.folder.write(&format!("{path}.xml"), &element.to_xml())?;
            return Ok(pointer.to_xml());
        }
        element.set(URL_NAME, usage.block_id());
        Ok(element.to_xml())
    }

    /// A block's element with its children in it.
    fn element(&mut self, definition: &Definition) -> Result<Element, ExportError> {
        let mut element = parse(definition)?;
        if !definition.children.is_empty() {
            let mut body = element.body().to_owned();
            for child in &definition.children {
                body.extend(["\n  ", &self.child(child)?]);
            }
            body.push('\n');
            element.set_body(body);
        }
        self.done += 1;
        let total = self.context.block_count() as u64;
        (self.progress)(Progress { done: self.done, total, what: definition.usage.to_string() });
        Ok(element)
    }

    /// Moves the text of an HTML block into a file of its own, where authors look for it, if it comes back as it was.
    fn write_html(
        &mut self,
        definition: &Definition,
        path: &str,
        element: &mut Element,
    ) -> Result<(), ExportError> {
        if definition.block_type != "html" {
            return Ok(());
        }
        let text = html_text(definition);
        if let Some(text) = text.filter(|text| xml::cdata(text) == element.body()) {
            self.folder.write(&format!("{path}.html"), &text)?;
            element.set_body(String::new());
            element.set("filename", path.rsplit('/').next().unwrap_or(path));
        }
        Ok(())
    }
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
