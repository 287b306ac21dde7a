//! One element as the author wrote it, open to small changes: attributes set or removed, children cut out.

use roxmltree::Node;

use super::attribute_text;

/// An element in pieces of its source text.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Element {
    name: String,
    attributes: Vec<Attribute>,
    body: String,
}

#[derive(Clone, Debug, PartialEq)]
struct Attribute {
    name: String,
    value: String,
    /// The value with its quotes, as written.
    written: String,
}

impl Element {
    /// An empty element.
    pub(crate) fn empty(name: &str) -> Self {
        Self { name: name.to_owned(), attributes: Vec::new(), body: String::new() }
    }

    /// Takes an element from its document, without those children that `cut` names, and then without
    /// the white space that they leave around themselves and at both ends.
    pub(crate) fn take(node: Node<'_, '_>, mut cut: impl FnMut(Node<'_, '_>) -> bool) -> Self {
        let text = node.document().input_text();
        let slice = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
        let range = node.range();
        let source = slice(range.clone());
        let attributes = node.attributes().map(|attribute| {
            // The quotes stand one character around the value.
            let value = attribute.range_value();
            Attribute {
                name: slice(attribute.range_qname()).to_owned(),
                value: attribute.value().to_owned(),
                written: slice(value.start.saturating_sub(1)..value.end + 1).to_owned(),
            }
        });
        let mut body = String::new();
        let (mut at, end) = inner(source);
        let children: Vec<_> = node.children().map(|child| (child, cut(child))).collect();
        let is_cut =
            |index: Option<usize>| index.and_then(|at| children.get(at)).is_some_and(|(_, cut)| *cut);
        for (index, (child, cut)) in children.iter().enumerate() {
            let blank = child.is_text() && child.text().is_some_and(|text| text.trim().is_empty());
            if *cut || (blank && (is_cut(index.checked_sub(1)) || is_cut(index.checked_add(1)))) {
                let child = child.range();
                body.push_str(slice(range.start + at..child.start));
                at = child.end.saturating_sub(range.start);
            }
        }
        body.push_str(slice(range.start + at..range.start + end));
        if children.iter().any(|(_, cut)| *cut) || body.trim().is_empty() {
            body = body.trim().to_owned();
        }
        let mut element = Self { name: tag_name(source).to_owned(), attributes: attributes.collect(), body };
        element.declare_namespaces(node);
        element
    }

    /// An attribute's value.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.name == name)
            .map(|attribute| attribute.value.as_str())
    }

    /// The attributes' names and values in order.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attributes.iter().map(|attribute| (attribute.name.as_str(), attribute.value.as_str()))
    }

    /// Sets an attribute, in its place where it has one. A name that XML cannot hold is left out.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        if !is_name(name) {
            return;
        }
        let new = Attribute {
            name: name.to_owned(),
            value: value.to_owned(),
            written: format!("\"{}\"", attribute_text(value)),
        };
        match self.attributes.iter_mut().find(|attribute| attribute.name == name) {
            Some(attribute) => *attribute = new,
            None => self.attributes.push(new),
        }
    }

    /// Removes an attribute.
    pub(crate) fn remove(&mut self, name: &str) {
        self.attributes.retain(|attribute| attribute.name != name);
    }

    /// What stands between the tags.
    pub(crate) fn body(&self) -> &str {
        &self.body
    }

    /// Replaces what stands between the tags. `source` is XML.
    pub(crate) fn set_body(&mut self, source: String) {
        self.body = source;
    }

    /// The element as XML.
    pub(crate) fn to_xml(&self) -> String {
        let mut xml = format!("<{}", self.name);
        for attribute in &self.attributes {
            xml.extend([" ", &attribute.name, "=", &attribute.written]);
        }
        if self.body.is_empty() {
            xml.push_str("/>");
        } else {
            xml.extend([">", &self.body, "</", &self.name, ">"]);
        }
        xml
    }

    /// Repeats the declarations that hold here, as those of an ancestor do not come along. Only prefixes that occur
    /// are declared.
    fn declare_namespaces(&mut self, node: Node<'_, '_>) {
        let own = self.to_xml();
        for namespace in node.namespaces() {
            match namespace.name() {
                Some("xml") => {}
                Some(prefix) if own.contains(&format!("{prefix}:")) => {
                    self.set(&format!("xmlns:{prefix}"), namespace.uri());
                }
                Some(_) => {}
                None => self.set("xmlns", namespace.uri()),
            }
        }
    }
}

/// The tag's name with its prefix.
fn tag_name(source: &str) -> &str {
    let name = source.strip_prefix('<').unwrap_or(source);
    name.split(|character: char| character.is_ascii_whitespace() || matches!(character, '/' | '>'))
        .next()
        .unwrap_or(name)
}

/// Where the text between the tags begins and ends.
fn inner(source: &str) -> (usize, usize) {
    let mut quote = None;
    let start_tag_end = source.bytes().position(|byte| match quote {
        Some(open) => {
            if byte == open {
                quote = None;
            }
            false
        }
        None => {
            if matches!(byte, b'"' | b'\'') {
                quote = Some(byte);
            }
            byte == b'>'
        }
    });
    let start = start_tag_end.map_or(source.len(), |at| at + 1);
    if source.get(..start).is_some_and(|tag| tag.ends_with("/>")) {
        return (start, start);
    }
    (start, source.rfind("</").map_or(start, |end| end.max(start)))
}

/// Whether an attribute may have this name.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_alphabetic() || first == '_')
        && name
            .chars()
            .all(|character| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | ':'))
}
