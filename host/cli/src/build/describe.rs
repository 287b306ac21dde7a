//! Asks a fresh component what it is, with no import to ask back.

use blockhouse_fields::BlockDefinition;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, Store};

/// Why a component has no definition.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DescribeError {
    /// It does not run.
    #[error(
        "the block cannot be asked for its definition, which has to be given without using any import: {0}"
    )]
    Run(String),
    /// It is another thing.
    #[error(
        "the block's definition is not one that this blockhouse knows; build it with the SDK that belongs to it: {0}"
    )]
    Definition(#[from] serde_json::Error),
}

/// The definition that the component's `describe` returns.
pub(crate) fn describe(component: &[u8]) -> Result<BlockDefinition, DescribeError> {
    let json = ask(component).map_err(|error| DescribeError::Run(format!("{error:#}")))?;
    Ok(serde_json::from_str(&json)?)
}

fn ask(component: &[u8]) -> wasmtime::Result<String> {
    let engine = Engine::default();
    let component = Component::new(&engine, component)?;
    let mut linker = Linker::new(&engine);
    linker.define_unknown_imports_as_traps(&component)?;
    let mut store = Store::new(&engine, ());
    let instance = linker.instantiate(&mut store, &component)?;
    let interface = instance.get_export_index(&mut store, None, "blockhouse:block/definition@1.0.0");
    let function = instance.get_export_index(&mut store, interface.as_ref(), "describe");
    let function =
        function.ok_or_else(|| wasmtime::Error::msg("the component does not export `definition`"))?;
    let describe = instance.get_typed_func::<(), (String,)>(&mut store, function)?;
    Ok(describe.call(&mut store, ())?.0)
}
