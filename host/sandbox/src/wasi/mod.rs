//! The narrow slice of WASI 0.2 that the runtimes of JavaScript and Python cannot start without. It opens nothing: the
//! environment is empty, nothing is preopened, there are no sockets, the clocks show the host's time, which stands
//! still during a call, and what is printed goes to the block's log.
//!
//! `clocks`, `random`, `streams` and `exit` are answered by hand. Every other function is in `refuse.rs`, which has
//! one answer for all of them.

mod ambient;
mod clocks;
mod exit;
mod names;
mod printed;
mod random;
mod refuse;
mod streams;

use wasmtime::Engine;
use wasmtime::component::{Component, Linker};

pub(crate) use ambient::Ambient;
pub(crate) use exit::Exited;
pub(crate) use names::is_offered;
pub(crate) use printed::{Printed, Stream};

use crate::state::State;

/// Adds what `component` imports of WASI, and nothing where it imports none of it.
pub(crate) fn link<H: Ambient>(
    linker: &mut Linker<State<H>>,
    engine: &Engine,
    component: &Component,
) -> wasmtime::Result<()> {
    if !refuse::imports(linker, engine, component)? {
        return Ok(());
    }
    linker.allow_shadowing(true);
    clocks::link(linker)?;
    exit::link(linker)?;
    random::link(linker)?;
    streams::link(linker)?;
    linker.allow_shadowing(false);
    Ok(())
}
