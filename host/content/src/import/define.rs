//! One definition: its element is found, opened to the settings of `policy.json`, and written after its children's.

use std::collections::BTreeMap;
use std::sync::Arc;

use blockhouse_keys::UsageKey;
use roxmltree::{Document, Node};

use super::inherit;
use super::kinds::is_child;
use super::pointer::{has_content, named_file};
use super::walk::{Above, Block, Failure, Walk};
use crate::xml::{self, Element};
use crate::{Definition, Fault, hex};

impl Walk<'_, '_> {
    /// A block that the root element of a file defines.
    pub(super) fn file(&mut self, block: &Block<'_>, path: &str) -> Result<(), Failure> {
        let text = self.read(path)?;
        let document = xml::parse(path, &text)?;
        let node = root_of_type(path, block.block_type, &document)?;
        self.element(block, node, path)
    }

    /// A block that an element defines, or a file that its attribute `filename` names.
    pub(super) fn element(
        &mut self,
        block: &Block<'_>,
        node: Node<'_, '_>,
        file: &str,
    ) -> Result<(), Failure> {
        let named = node
            .attribute("filename")
            .filter(|name| !name.is_empty())
            .map(|name| named_file(self.source, block.block_type, file, name))
            .filter(|path| self.source.has(path) || !has_content(node));
        let Some(path) = named else {
            let mut element = Element::take(node, |child| is_child(self.source, block.block_type, child));
            element.remove("filename");
            return self.emit(block, element, Some((node, file)));
        };
        let mut element = Element::take(node, |_| false);
        element.remove("filename");
        if block.block_type == "html" {
            return self.html(block, element, &path);
        }
        let text = self.read(&path)?;
        let document = xml::parse(&path, &text)?;
        let node = root_of_type(&path, block.block_type, &document)?;
        let mut body = Element::take(node, |child| is_child(self.source, block.block_type, child));
        for (name, value) in element.attributes() {
            body.set(name, value);
        }
        self.emit(block, body, Some((node, &path)))
    }

    /// A block whose text is a file of HTML, which need not be XML.
    pub(super) fn html(
        &mut self,
        block: &Block<'_>,
        mut element: Element,
        path: &str,
    ) -> Result<(), Failure> {
        let body = self.read(path)?;
        element.set_body(xml::cdata(&body));
        self.emit(block, element, None)
    }

    /// Writes a definition after those of its children.
    fn emit(
        &mut self,
        block: &Block<'_>,
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
        // The blocks in it read files of their own, and nothing is found wrong with this one any more.
        self.used.keep()?;
        self.policy.apply(block.block_type, block.name, &mut element);
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
        Ok(self.writer.add(&definition)?)
    }
}

/// The definition of a block by its own element.
pub(super) fn definition(
    block: &Block<'_>,
    element: &Element,
    children: Vec<UsageKey>,
    fault: Option<Fault>,
) -> Definition {
    let olx = element.to_xml();
    let display_name = ["display_name", "name"].iter().find_map(|name| element.attribute(name));
    Definition {
        usage: block.usage.clone(),
        block_type: block.block_type.to_owned(),
        digest: digest(&olx, &block.above.inherited),
        olx: Arc::from(olx),
        children,
        parent: block.above.parent.clone(),
        display_name: display_name.filter(|name| !name.is_empty()).map(str::to_owned),
        inherited: block.above.inherited.clone(),
        fault,
        number: None,
        overrides: BTreeMap::new(),
        files: None,
        source: None,
    }
}

/// The root element of a file that must define a block of a type.
pub(super) fn root_of_type<'a, 'i>(
    path: &str,
    block_type: &str,
    document: &'a Document<'i>,
) -> Result<Node<'a, 'i>, Fault> {
    let node = document.root_element();
    let found = node.tag_name().name();
    if found == block_type {
        return Ok(node);
    }
    let message = format!(
        "the root element is `<{found}>`, but the file is used as `<{block_type}>`; correct one of them"
    );
    Err(Fault::at(path, document.input_text(), node.range().start, message))
}

/// What tells whether a block's fields may have changed: its text and what it inherits.
fn digest(olx: &str, inherited: &BTreeMap<String, String>) -> String {
    let mut text = olx.to_owned();
    for (name, value) in inherited {
        text.extend(["\0", name, "\0", value]);
    }
    hex::sha256(text.as_bytes())
}
