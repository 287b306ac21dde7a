//! The names of blocks.

use roxmltree::Node;

use crate::hex;

/// The name that the author gave a block.
pub(super) fn url_name<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    ["url_name", "slug"].iter().find_map(|name| node.attribute(*name)).filter(|name| !name.is_empty())
}

/// A name for a block without one. It depends on the block's text alone, so that the same course gives the same
/// names again, whatever stands before the block.
pub(super) fn made_up(node: Node<'_, '_>) -> String {
    let source = node.document().input_text().get(node.range()).unwrap_or_default();
    let digest: String = hex::sha256(source.as_bytes()).chars().take(12).collect();
    format!("{}_{digest}", node.tag_name().name())
}

/// A name as a key can hold it (spec 1.2.1).
pub(crate) fn block_id(name: &str) -> String {
    name.chars()
        .map(|character| match character {
            '_' | '-' | '~' | '.' | ':' => character,
            letter if letter.is_alphanumeric() => letter,
            _ => '_',
        })
        .collect()
}
