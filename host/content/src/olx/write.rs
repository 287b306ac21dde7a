//! Writing an element (spec 2.15.4), laid out as Open edX does.

use blockhouse_fields::{BlockDefinition, FieldDeclaration};
use jiff::civil::Date;
use serde_json::Value;

use super::read::is_in_olx;
use super::{CONTENT, FAMILY, OlxBlock, OlxError, Types};
use crate::xml::{BLOCK_NAMESPACE, OPTION_NAMESPACE, attribute_text, element_text};

/// The framework that blocks belong to.
const FAMILY_NAME: &str = "xblock.v1";

/// An element that is about to be printed.
struct Element {
    name: String,
    attributes: Vec<(String, String)>,
    /// `Some("")` is printed with an end tag, as Open edX does.
    text: Option<String>,
    children: Vec<Element>,
}

/// Writes a block and its children as a document.
///
/// # Errors
/// [`OlxError::Field`] for a value that is not of its field's type, [`OlxError::NoSuchType`] for a block that `types`
/// does not know.
pub fn write(types: &Types<'_>, block: &OlxBlock, today: Date) -> Result<String, OlxError> {
    let mut root = element(types, block, today)?;
    let namespaces = [("option", OPTION_NAMESPACE), ("block", BLOCK_NAMESPACE)];
    root.attributes
        .splice(..0, namespaces.map(|(prefix, namespace)| (format!("xmlns:{prefix}"), namespace.to_owned())));
    let mut document = "<?xml version='1.0' encoding='UTF-8'?>\n".to_owned();
    root.print(&mut document, Some(0));
    document.push('\n');
    Ok(document)
}

fn element(types: &Types<'_>, block: &OlxBlock, today: Date) -> Result<Element, OlxError> {
    let definition = types(&block.block_type.to_lowercase())
        .ok_or_else(|| OlxError::NoSuchType(block.block_type.clone()))?;
    let mut element = Element::new(&block.block_type);
    element.attributes.push((FAMILY.to_owned(), FAMILY_NAME.to_owned()));
    for (field, value) in exported(definition, block) {
        element.put(field, &value, today)?;
    }
    for child in &block.children {
        element.children.push(self::element(types, child, today)?);
    }
    Ok(element)
}

/// The fields that are written, by name, with their values.
fn exported<'a>(definition: &'a BlockDefinition, block: &OlxBlock) -> Vec<(&'a FieldDeclaration, Value)> {
    let mut fields: Vec<_> = definition
        .fields
        .iter()
        .filter(|field| is_in_olx(field))
        .filter_map(|field| match block.fields.values.get(&field.name) {
            Some(value) => Some((field, value.clone())),
            None => field.force_export.then(|| (field, field.default_value())),
        })
        .collect();
    fields.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
    fields
}

impl Element {
    fn new(name: &str) -> Self {
        Self { name: name.to_owned(), attributes: Vec::new(), text: None, children: Vec::new() }
    }

    /// Puts a field where OLX has it: the text, an option element or an attribute.
    fn put(&mut self, field: &FieldDeclaration, value: &Value, today: Date) -> Result<(), OlxError> {
        let mut option = Element::new(&format!("option:{}", field.name));
        let text = field.write_text(value, today)?;
        if field.name == CONTENT {
            self.text = Some(text).filter(|text| !text.is_empty());
            return Ok(());
        }
        let is_null = value.is_null() && field.none_to_xml();
        if is_null {
            option.attributes.push(("none".to_owned(), "true".to_owned()));
        }
        if !is_null && !field.xml_node {
            self.attributes.push((field.name.clone(), text));
            return Ok(());
        }
        option.text = field.xml_node.then_some(text);
        self.children.push(option);
        Ok(())
    }

    /// Prints the element. `indent` is the depth, or `None` inside an element with text, where white space counts.
    fn print(&self, to: &mut String, indent: Option<usize>) {
        to.extend(["<", &self.name]);
        for (name, value) in &self.attributes {
            to.extend([" ", name, "=\"", &attribute_text(value), "\""]);
        }
        let text = self.text.as_deref().unwrap_or_default();
        if self.text.is_none() && self.children.is_empty() {
            to.push_str("/>");
            return;
        }
        to.extend([">", &element_text(text)]);
        let indent = indent.filter(|_| text.is_empty());
        for child in &self.children {
            new_line(to, indent.map(|depth| depth + 1));
            child.print(to, indent.map(|depth| depth + 1));
        }
        if !self.children.is_empty() {
            new_line(to, indent);
        }
        to.extend(["</", &self.name, ">"]);
    }
}

fn new_line(to: &mut String, indent: Option<usize>) {
    if let Some(depth) = indent {
        to.push('\n');
        to.extend(std::iter::repeat_n("  ", depth));
    }
}
