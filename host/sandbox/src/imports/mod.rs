//! The host's side of the WIT imports, one file per interface. Each function charges the quota and asks the
//! `Host`; none of them decides anything.

mod clock;
mod fields;
mod i18n;
mod log;
mod publish;
mod random;
mod usage;
mod user;

use wasmtime::Engine;
use wasmtime::component::{HasSelf, Linker};

use crate::bindings;
use crate::host::Host;
use crate::state::State;

impl<H: Host> bindings::types::Host for State<H> {}

/// A linker with everything that a block may import, and nothing else.
pub(crate) fn linker<H: Host>(engine: &Engine) -> wasmtime::Result<Linker<State<H>>> {
    let mut linker = Linker::new(engine);
    bindings::Imports::add_to_linker::<_, HasSelf<State<H>>>(&mut linker, |state| state)?;
    Ok(linker)
}
