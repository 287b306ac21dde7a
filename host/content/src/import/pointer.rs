//! Pointers: elements that say in which file a block is defined (spec 2.15.6, 9.1).

use roxmltree::Node;

use super::names::url_name;
use super::source::Source;
use crate::names::{is_kept_in_file, path_of};

/// Where a block is defined.
#[derive(Debug, PartialEq)]
pub(super) enum Place {
    /// Here.
    Here,
    /// By the root element of this file.
    File(String),
    /// By this file of HTML, and nothing else.
    Html(String),
}

/// The file that an element points to: it has nothing but a name, and there is such a file, or must be.
pub(super) fn is_pointer(source: &Source<'_>, node: Node<'_, '_>) -> Option<Place> {
    let name = url_name(node).filter(|_| has_at_most_a_name(node))?;
    let block_type = node.tag_name().name();
    let base = format!("{block_type}/{}", path_of(name));
    let xml = format!("{base}.xml");
    let html = format!("{base}.html");
    if source.has(&xml) {
        Some(Place::File(xml))
    } else if block_type == "html" && source.has(&html) {
        Some(Place::Html(html))
    } else {
        is_kept_in_file(block_type).then_some(Place::File(xml))
    }
}

/// Where a block is defined.
pub(super) fn place(source: &Source<'_>, node: Node<'_, '_>) -> Place {
    is_pointer(source, node).unwrap_or(Place::Here)
}

/// The file that the attribute `filename` of an element in `file` means. When no candidate exists, the one where files of
/// the type usually are is returned, as the one that is missing.
pub(super) fn named_file(source: &Source<'_>, block_type: &str, file: &str, filename: &str) -> String {
    let name = path_of(filename);
    let extensions: &[&str] = if block_type == "html" { &[".html", "", ".xml"] } else { &[".xml", ""] };
    let folder = file.rsplit_once('/').map_or(block_type, |(folder, _)| folder);
    let candidates: Vec<_> = [folder, block_type]
        .into_iter()
        .flat_map(|folder| {
            extensions.iter().map(|extension| format!("{folder}/{name}{extension}")).collect::<Vec<_>>()
        })
        // An element may name a file that is its own, which says nothing more.
        .filter(|candidate| candidate != file)
        .collect();
    let usual = format!("{block_type}/");
    candidates
        .iter()
        .find(|candidate| source.has(candidate))
        .or_else(|| candidates.iter().find(|candidate| candidate.starts_with(&usual)))
        .cloned()
        .unwrap_or_default()
}

/// Whether an element says nothing but which block it is, if that.
pub(crate) fn has_at_most_a_name(node: Node<'_, '_>) -> bool {
    let mut attributes = node.attributes();
    attributes.all(|attribute| matches!(attribute.name(), "url_name" | "slug" | "org" | "course"))
        && !has_content(node)
}

/// Whether an element has more than attributes.
pub(crate) fn has_content(node: Node<'_, '_>) -> bool {
    node.children().any(|child| {
        child.is_element() || child.text().is_some_and(|text| !child.is_comment() && !text.trim().is_empty())
    })
}
