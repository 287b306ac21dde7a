//! What the importer knows of block types. Everything else about a type is its package's to say.

use roxmltree::Node;

use super::pointer::is_pointer;
use super::source::Source;
use crate::xml::OPTION_NAMESPACE;

/// Types whose element children are blocks.
const CONTAINERS: [&str; 16] = [
    "course",
    "library",
    "chapter",
    "section",
    "sequential",
    "videosequence",
    "problemset",
    "vertical",
    "unit",
    "wrapper",
    "split_test",
    "library_content",
    "library_sourced",
    "itembank",
    "conditional",
    "randomize",
];

/// Types whose element children are their own text, whatever those look like.
const LEAVES: [&str; 3] = ["html", "problem", "video"];

/// Elements in a container that are a part of its own definition.
const PARTS: [(&str, &str); 3] = [("course", "wiki"), ("course", "textbook"), ("conditional", "show")];

/// Whether every element in a block of a type is a block, except for its own parts.
pub(crate) fn is_container(block_type: &str) -> bool {
    CONTAINERS.contains(&block_type)
}

/// Whether an element in a block of a type is a part of the block's own definition.
pub(crate) fn is_part(block_type: &str, tag: &str) -> bool {
    PARTS.contains(&(block_type, tag))
}

/// Whether an element is a child block of the element that it stands in. Inside a type that the importer does not
/// know as a container, only an element that points to a file is one.
pub(super) fn is_child(source: &Source<'_>, parent_type: &str, node: Node<'_, '_>) -> bool {
    let tag = node.tag_name();
    let is_aside = node.attribute("xblock-family").is_some_and(|family| family.starts_with("xblock_asides"));
    if !node.is_element() || is_aside || tag.namespace() == Some(OPTION_NAMESPACE) {
        false
    } else if is_container(parent_type) {
        !is_part(parent_type, tag.name())
    } else if LEAVES.contains(&parent_type) {
        false
    } else {
        is_pointer(source, node).is_some()
    }
}
