//! Author's XML, written out as HTML. It is the author's word and is not sanitised (spec 9.3.11): the host shows
//! every block inside its own sandboxed frame.

use roxmltree::{Node, NodeType};

/// Elements that have no content and therefore no end tag.
const VOID: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr",
];

/// Elements whose text a browser takes as it stands.
const RAW: &[&str] = &["script", "style"];

/// `text` for use between tags or in a quoted attribute.
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#x27;"),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Text between tags, where quotes need no escape.
fn escape_text(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}

/// Decides what becomes of an element: `true` when it has been dealt with and is not to be copied.
pub type Replace<'r, 'a, 'x> = &'r mut dyn FnMut(Node<'a, 'x>, &mut String) -> bool;

/// Writes `node` and what is in it. `replace` sees every element first.
pub fn write<'a, 'x>(node: Node<'a, 'x>, out: &mut String, replace: Replace<'_, 'a, 'x>) {
    match node.node_type() {
        NodeType::Text => {
            let text = node.text().unwrap_or_default();
            if node.parent().is_some_and(|parent| RAW.contains(&parent.tag_name().name())) {
                out.push_str(text);
            } else {
                escape_text(text, out);
            }
        }
        NodeType::Element => {
            if !replace(node, out) {
                element(node, out, replace);
            }
        }
        NodeType::Root | NodeType::PI | NodeType::Comment => {}
    }
}

fn element<'a, 'x>(node: Node<'a, 'x>, out: &mut String, replace: Replace<'_, 'a, 'x>) {
    let name = node.tag_name().name();
    open(node, name, out);
    if VOID.contains(&name) {
        return;
    }
    for child in node.children() {
        write(child, out, replace);
    }
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// The start tag of `node`, under the name `name`.
pub fn open(node: Node, name: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    for attribute in node.attributes() {
        out.push(' ');
        out.push_str(attribute.name());
        out.push_str("=\"");
        out.push_str(&escape(attribute.value()));
        out.push('"');
    }
    out.push_str(if VOID.contains(&name) { "/>" } else { ">" });
}

/// What is inside `node`, as HTML, without surrounding blanks.
pub fn inner(node: Node) -> String {
    inner_without(node, &[])
}

/// As [`inner`], leaving out the elements of these names.
pub fn inner_without(node: Node, dropped: &[&str]) -> String {
    let mut out = String::new();
    for child in node.children() {
        write(child, &mut out, &mut |element, _| dropped.contains(&element.tag_name().name()));
    }
    out.trim().to_owned()
}

/// The text before the first element inside `node`, without surrounding blanks.
pub fn leading_text(node: Node) -> String {
    node.text().unwrap_or_default().trim().to_owned()
}

/// All text inside `node`, blanks folded.
pub fn plain_text(node: Node) -> String {
    let text: String = node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_copied_with_end_tags_that_html_needs() {
        let document =
            roxmltree::Document::parse("<p>a &lt; b<br/><iframe src='x?a=1&amp;b'/><!-- c --></p>");
        let document = document.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(inner(document.root_element()), "a &lt; b<br/><iframe src=\"x?a=1&amp;b\"></iframe>");
    }

    #[test]
    fn scripts_are_not_escaped() {
        let document = roxmltree::Document::parse("<p><script>if (a &lt; b &amp;&amp; c) {}</script></p>");
        let document = document.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(inner(document.root_element()), "<script>if (a < b && c) {}</script>");
    }
}
