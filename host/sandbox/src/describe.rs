//! Asks a component for its definition. No import can be used meanwhile, so the answer cannot depend on where, when or
//! for whom the block runs.

use std::sync::Arc;

use blockhouse_fields::BlockDefinition;
use wasmtime::Engine;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, Linker};

use crate::budget::Budget;
use crate::exports::{Export, Exports};
use crate::install::InstallError;
use crate::limits::Limits;
use crate::outcome::CallError;
use crate::state::State;
use crate::wasi;

/// The definition of a component that is being packaged. It is compiled for this one question.
///
/// # Errors
/// As when it is installed: it is no component that a host takes, or it does not describe itself.
pub fn describe(component: &[u8]) -> Result<BlockDefinition, InstallError> {
    let compile = |error: wasmtime::Error| InstallError::Compile(format!("{error:#}"));
    let limits = Arc::new(Limits::default());
    crate::check::component(component, &limits)?;
    let engine = crate::engine::for_one_question().map_err(compile)?;
    let component = Component::new(&engine, component).map_err(compile)?;
    let exports = Exports::of_definition(&component).map_err(InstallError::Contract)?;
    definition(&engine, &component, &exports, &limits)
}

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

/// Nothing of the contract can be used. WASI can: it knows no more here than what a program needs to start.
fn refuse_imports(
    linker: &mut Linker<State<()>>,
    engine: &Engine,
    component: &Component,
) -> wasmtime::Result<()> {
    for (name, import) in component.component_type().imports(engine) {
        let ComponentItem::ComponentInstance(interface) = import.ty else { continue };
        if wasi::is_offered(name) {
            continue;
        }
        let mut instance = linker.instance(name)?;
        for (function, item) in interface.exports(engine) {
            if matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                let refused = format!("it called `{name}#{function}`, and `describe` may use no import");
                instance.func_new(function, move |_, _, _, _| Err(wasmtime::Error::msg(refused.clone())))?;
            }
        }
    }
    Ok(())
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
    wasi::link(&mut linker, engine, component)?;
    refuse_imports(&mut linker, engine, component)?;
    let budget = Budget::start(Arc::clone(limits));
    let mut store = State::store(engine, &budget, Arc::default(), (), None);
    let meter = store.data().meter.clone();
    meter.measure_blocking(|| {
        let instance = linker.instantiate(&mut store, component)?;
        let describe = instance.get_typed_func::<(), (String,)>(&mut store, describe)?;
        let (json,) = describe.call(&mut store, ())?;
        Ok(json)
    })
}
