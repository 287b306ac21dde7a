#![allow(clippy::unwrap_used)]

use super::*;

fn take(text: &str) -> Element {
    let document = parse("f.xml", text).unwrap();
    Element::take(document.root_element(), |child| child.has_tag_name("cut"))
}

fn fault(text: &str) -> Fault {
    parse("f.xml", text).unwrap_err()
}

#[test]
fn what_is_not_cut_stays_byte_for_byte() {
    let source = "<p a='1 &amp; \"2\"'>\n x<!-- c --><![CDATA[<&]]>&#233;&lt;<?pi d?><b  z = \"1\"/></p>";
    assert_eq!(take(source).to_xml(), source);
}

#[test]
fn a_cut_child_leaves_its_neighbours() {
    assert_eq!(take("<p>a<cut/>b<cut>x</cut>c</p>").to_xml(), "<p>abc</p>");
}

#[test]
fn white_space_around_a_cut_child_goes_with_it() {
    assert_eq!(take("<p>\n <b/>\n <cut/>\n <cut/>\n</p>").to_xml(), "<p><b/></p>");
}

#[test]
fn an_element_of_cut_children_only_becomes_empty() {
    assert_eq!(take("<p x='>'>\n  <cut/>\n</p>").to_xml(), "<p x='>'/>");
}

#[test]
fn setting_an_attribute_escapes_it_and_keeps_its_place() {
    let mut element = take("<p a='1' b='2'/>");
    element.set("a", "<\"&\n");
    element.set("no name", "x");
    assert_eq!(element.to_xml(), "<p a=\"&lt;&quot;&amp;&#10;\" b='2'/>");
}

#[test]
fn namespaces_of_ancestors_come_along_where_they_are_used() {
    let text = "<a xmlns:o='urn:o' xmlns:unused='urn:u'><b><o:c/></b></a>";
    let document = parse("f", text).unwrap();
    let inner = document.root_element().first_element_child().unwrap();
    assert_eq!(Element::take(inner, |_| false).to_xml(), "<b xmlns:o=\"urn:o\"><o:c/></b>");
}

#[test]
fn a_prefix_without_a_declaration_is_not_well_formed() {
    let fault = fault("<p>\n<svg xlink:href='#a'/></p>");
    assert_eq!(fault.line, 2);
    assert!(fault.message.contains("xmlns:xlink"), "{}", fault.message);
}

#[test]
fn row_186_external_entities_and_doctype_bombs_are_refused_with_their_place() {
    let external = fault("<!DOCTYPE p [\n  <!ENTITY x SYSTEM 'file:///etc/passwd'>]>\n<p>&x;</p>");
    assert_eq!((external.line, external.column), (2, 3));
    let bomb = fault("<!DOCTYPE p [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;&a;'>]><p>&b;</p>");
    assert_eq!((bomb.line, bomb.column), (1, 14));
    let parameter = fault("<!DOCTYPE p [<!ENTITY % x SYSTEM 'http://example.org/x.dtd'> %x;]><p/>");
    assert_eq!((parameter.line, parameter.column), (1, 14));
}

#[test]
fn a_doctype_without_declarations_is_harmless() {
    assert_eq!(take("<!DOCTYPE problem PUBLIC \"-//x\" 'x>y'>\n<problem/>").to_xml(), "<problem/>");
}

#[test]
fn absurd_depth_is_refused_where_it_goes_too_deep() {
    let fault = fault(&"<a>\n".repeat(1_000_000));
    assert_eq!((fault.line, fault.column), (257, 1));
}

#[test]
fn absurdly_many_attributes_are_refused() {
    let attributes: String = (0..2000).map(|number| format!(" a{number}=''")).collect();
    assert_eq!(fault(&format!("<p>\n<q{attributes}/></p>")).line, 2);
}

#[test]
fn absurdly_many_namespaces_are_refused() {
    let element: String = (0..900).map(|number| format!(" xmlns:p{number}='u'")).collect();
    assert!(fault(&format!("<p>{}</p>", format!("<q{element}/>").repeat(20))).message.contains("namespace"));
}

#[test]
fn a_fault_says_where_and_what_to_do() {
    let fault = fault("<p>\n  AT&T\n</p>");
    assert_eq!((fault.line, fault.file.as_str()), (2, "f.xml"));
    assert!(fault.message.contains("&amp;"), "{}", fault.message);
}

#[test]
fn cdata_can_hold_its_own_end_and_characters_outside_of_xml() {
    let text = format!("<html>{}</html>", cdata("a]]>b\u{0}"));
    let document = parse("f", &text).unwrap();
    let read: String = document.root_element().children().filter_map(|node| node.text()).collect();
    assert_eq!(read, "a]]>b\u{FFFD}");
}
