//! Asks a component for its definition. No import can be used meanwhile, so the answer cannot depend on where, when or
//! for whom the block runs.

use std::sync::Arc;

use blockhouse_fields::BlockDefinition;
use wasmtime::component::{Component, Linker};
use wasmtime::{Engine, UpdateDeadline};

use crate::engine::TICKS_UNTIL_CHECK;
use crate::exports::{Export, Exports};
use crate::limits::Limits;
use crate::outcome::CallError;
use crate::sandbox::InstallError;
use crate::state::State;

/// The definition as the component gives it.
///
/// # Errors
/// When the component has none, uses an import or too much of something, or answers with what is no definition.
pub(crate) fn definition(
    engine: &Engine,
    component: &Component,
    exports: &Exports,
    limits: &Arc<Limits>,
) -> Result<BlockDefinition, InstallError> {
    let json = ask(engine, component, exports, limits).map_err(|error| {
        InstallError::Definition(CallError::classify(&error, CallError::Trapped).to_string())
    })?;
    serde_json::from_str(&json)
        .map_err(|error| InstallError::Definition(format!("`describe` returned {error}")))
}

fn ask(
    engine: &Engine,
    component: &Component,
    exports: &Exports,
    limits: &Arc<Limits>,
) -> wasmtime::Result<String> {
    let describe = exports
        .index(Export::Definition)
        .ok_or_else(|| wasmtime::Error::msg("the component does not export `definition`"))?;
    let mut linker = Linker::new(engine);
    linker.define_unknown_imports_as_traps(component)?;
    let mut store =
        State::store(engine, limits, Arc::default(), (), || UpdateDeadline::Continue(TICKS_UNTIL_CHECK));
    let meter = store.data().meter.clone();
    meter.measure_blocking(|| {
        let instance = linker.instantiate(&mut store, component)?;
        let describe = instance.get_typed_func::<(), (String,)>(&mut store, describe)?;
        let (json,) = describe.call(&mut store, ())?;
        Ok(json)
    })
}
