//! Any text as OLX of blocks with fields of every type: refused, or written so that it reads as the same blocks.
#![no_main]

use std::sync::LazyLock;

use blockhouse_content::olx::{OlxBlock, read, write};
use blockhouse_fields::BlockDefinition;
use blockhouse_fuzz::{TODAY, definition};
use libfuzzer_sys::fuzz_target;

static TYPES: LazyLock<[BlockDefinition; 2]> =
    LazyLock::new(|| [definition("leaf", false), definition("unit", true)]);

fuzz_target!(|text: &str| {
    let types = |tag: &str| TYPES.iter().find(|definition| definition.name == tag);
    let Ok(block) = read(&types, text, TODAY) else { return };
    let written = write(&types, &block, TODAY).expect("what is read can be written");
    let again = read(&types, &written, TODAY).unwrap_or_else(|error| panic!("{error} in {written}"));
    assert_eq!(values(again), values(block), "{written}");
});

/// Warnings are about what was left out: they do not come back.
fn values(mut block: OlxBlock) -> OlxBlock {
    block.fields.warnings.clear();
    block.children = block.children.into_iter().map(values).collect();
    block
}
