//! The content of an OLX element as HTML (spec 9.2).
//!
//! Authors write HTML in three ways: as a CDATA section, as escaped text, and as elements. All three mean the same
//! text here. Elements are written so that an HTML parser reads what the XML parser read: `<iframe/>` gets its end
//! tag, `<br>` has none.

use std::borrow::Cow;

use blockhouse_sdk::escape;
use roxmltree::{Node, NodeType};

const WITHOUT_END_TAG: [&str; 13] =
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];
const WITHOUT_ESCAPES: [&str; 2] = ["script", "style"];

/// The HTML inside `root`.
pub(crate) fn inner_html(root: Node<'_, '_>) -> String {
    let mut html = String::new();
    for (position, child) in root.children().enumerate() {
        // The text at the beginning is the author's HTML, be it a CDATA section or escaped.
        if child.is_text() && (position == 0 || is_cdata(child)) {
            html.push_str(child.text().unwrap_or_default());
        } else {
            write(child, &mut html);
        }
    }
    html
}

fn write(node: Node<'_, '_>, html: &mut String) {
    match node.node_type() {
        NodeType::Element => write_element(node, html),
        NodeType::Comment => html.push_str(&format!("<!--{}-->", node.text().unwrap_or_default())),
        NodeType::Text => html.push_str(&written_text(node)),
        NodeType::PI | NodeType::Root => {}
    }
}

fn write_element(node: Node<'_, '_>, html: &mut String) {
    let name = source(node).trim_start_matches('<');
    let name = name.split([' ', '\t', '\r', '\n', '/', '>']).next().unwrap_or_default();
    html.push('<');
    html.push_str(name);
    for attribute in node.attributes() {
        let name = node.document().input_text().get(attribute.range_qname()).unwrap_or_default();
        html.push_str(&format!(" {name}=\"{}\"", escape(attribute.value())));
    }
    html.push('>');
    if node.has_children() || !WITHOUT_END_TAG.contains(&name) {
        node.children().for_each(|child| write(child, html));
        html.push_str(&format!("</{name}>"));
    }
}

fn written_text<'a>(node: Node<'a, '_>) -> Cow<'a, str> {
    let text = node.text().unwrap_or_default();
    let parent = node.parent().map(|parent| parent.tag_name().name());
    match parent.is_some_and(|name| WITHOUT_ESCAPES.contains(&name)) {
        true => Cow::Borrowed(text),
        false => escape(text),
    }
}

fn is_cdata(node: Node<'_, '_>) -> bool {
    source(node).trim_start().starts_with("<![CDATA[")
}

fn source<'a>(node: Node<'a, '_>) -> &'a str {
    node.document().input_text().get(node.range()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use roxmltree::Document;

    use super::inner_html;

    fn read(olx: &str) -> String {
        inner_html(Document::parse(olx).unwrap().root_element())
    }

    #[test]
    fn a_cdata_section_is_html() {
        assert_eq!(read("<html><![CDATA[<p>a & b</p>]]></html>"), "<p>a & b</p>");
    }

    #[test]
    fn a_cdata_section_behind_a_comment_is_html() {
        assert_eq!(read("<html><!-- c --><![CDATA[<p>]]></html>"), "<!-- c --><p>");
    }

    #[test]
    fn escaped_text_is_html() {
        assert_eq!(read("<html>&lt;p&gt;Hi&lt;/p&gt;</html>"), "<p>Hi</p>");
    }

    #[test]
    fn elements_and_what_is_between_them_are_kept() {
        let olx = r#"<html>a <b class="x &amp; y">b</b> 1 &lt; 2<i>c</i></html>"#;
        assert_eq!(read(olx), r#"a <b class="x &amp; y">b</b> 1 &lt; 2<i>c</i>"#);
    }

    #[test]
    fn an_empty_element_is_written_as_an_html_parser_reads_it() {
        let olx = r#"<html><iframe src="a"/><br/><img src="b"></img></html>"#;
        assert_eq!(read(olx), r#"<iframe src="a"></iframe><br><img src="b">"#);
    }

    #[test]
    fn a_script_is_not_escaped() {
        assert_eq!(read("<html><script>if (a &lt; b) {}</script></html>"), "<script>if (a < b) {}</script>");
    }

    #[test]
    fn a_prefix_stays() {
        let olx = r#"<html xmlns:x="urn:x"><x:a x:b="c"/></html>"#;
        assert_eq!(read(olx), r#"<x:a x:b="c"></x:a>"#);
    }
}
