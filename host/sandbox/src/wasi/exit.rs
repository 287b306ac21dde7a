//! `wasi:cli/exit`: the end of the call, as a trap.

use wasmtime::component::Linker;
use wasmtime::{Result, StoreContextMut};

use super::Ambient;
use crate::state::State;

/// The block called `exit`. No view or handler ends like this.
#[derive(Debug, thiserror::Error)]
#[error("it called `exit` with a status of {}", if *.success { "success" } else { "failure; its log may say why" })]
pub(crate) struct Exited {
    success: bool,
}

pub(super) fn link<H: Ambient>(linker: &mut Linker<State<H>>) -> Result<()> {
    linker.instance("wasi:cli/exit@0.2.0")?.func_wrap(
        "exit",
        |_: StoreContextMut<'_, State<H>>, (status,): (std::result::Result<(), ()>,)| -> Result<()> {
            Err(Exited { success: status.is_ok() }.into())
        },
    )
}
