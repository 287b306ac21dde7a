//! Makes a component of the core module that cargo built.
//!
//! The module's own exports say which interfaces the block implements, and the component exports just these.
//! What a linked-in `component-type` section claims is left out: it describes the SDK, not the block.

use std::collections::BTreeSet;

use wasmparser::{Encoding, ExternalKind, Parser, Payload};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};

use super::contract;

/// Why a module cannot become a component.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ComponentizeError {
    /// Damaged.
    #[error("cargo's output is no wasm module: {0}")]
    NotWasm(#[from] wasmparser::BinaryReaderError),
    /// A component already.
    #[error(
        "the linker made a component instead of a module; unset the linker that is configured for wasm32-unknown-unknown"
    )]
    AlreadyComponent,
    /// No `#[block]`.
    #[error("the crate exports no block; put `#[block(…)]` of blockhouse-sdk on the `impl` of your type")]
    NoBlock,
    /// Built against another contract.
    #[error(
        "the module exports `{0}`, which the contract of this version does not have; build it with the SDK that belongs to this blockhouse"
    )]
    Unknown(String),
    /// The module and the contract do not fit.
    #[error(
        "the module does not match the contract; build it with the SDK that belongs to this blockhouse: {0}"
    )]
    Mismatch(String),
}

/// The component of a core module.
#[expect(clippy::indexing_slicing, reason = "the world's id comes from the arena that it indexes")]
pub(crate) fn componentize(module: &[u8]) -> Result<Vec<u8>, ComponentizeError> {
    let implemented = interfaces(module)?;
    let mismatch = ComponentizeError::Mismatch;
    let (mut resolve, world) = contract::full_world().map_err(mismatch)?;
    let offered: BTreeSet<String> =
        resolve.worlds[world].exports.keys().map(|key| resolve.name_world_key(key)).collect();
    if let Some(unknown) = implemented.difference(&offered).next() {
        return Err(ComponentizeError::Unknown(unknown.clone()));
    }
    if !implemented.iter().any(|name| name.contains("/definition@")) {
        return Err(ComponentizeError::NoBlock);
    }
    let mut exports = std::mem::take(&mut resolve.worlds[world].exports);
    exports.retain(|key, _| implemented.contains(&resolve.name_world_key(key)));
    resolve.worlds[world].exports = exports;

    let encode = || {
        let (stripped, _) = wit_component::metadata::decode(module)?;
        let mut module = stripped.unwrap_or_else(|| module.to_vec());
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)?;
        ComponentEncoder::default().validate(true).module(&module)?.encode()
    };
    encode().map_err(|error| mismatch(format!("{error:#}")))
}

/// The interfaces of which the module exports a function: `blockhouse:block/olx@1.0.0#parse` is one of `olx`.
fn interfaces(module: &[u8]) -> Result<BTreeSet<String>, ComponentizeError> {
    let mut interfaces = BTreeSet::new();
    for payload in Parser::new(0).parse_all(module) {
        match payload? {
            Payload::Version { encoding: Encoding::Component, .. } => {
                return Err(ComponentizeError::AlreadyComponent);
            }
            Payload::ExportSection(section) => {
                for export in section {
                    let export = export?;
                    let name = export.name.strip_prefix("cabi_post_").unwrap_or(export.name);
                    if export.kind == ExternalKind::Func
                        && let Some((interface, _)) = name.split_once('#')
                    {
                        interfaces.insert(interface.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    Ok(interfaces)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EMPTY_MODULE: &[u8] = b"\0asm\x01\0\0\0";

    #[test]
    fn a_module_that_exports_no_definition_is_no_block() {
        assert!(matches!(componentize(EMPTY_MODULE), Err(ComponentizeError::NoBlock)));
    }

    #[test]
    fn what_is_a_component_already_is_refused() {
        assert!(matches!(componentize(b"\0asm\x0d\0\x01\0"), Err(ComponentizeError::AlreadyComponent)));
    }

    #[test]
    fn what_is_no_wasm_is_refused() {
        assert!(matches!(componentize(b"ELF"), Err(ComponentizeError::NotWasm(_))));
    }
}
