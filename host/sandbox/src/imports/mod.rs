//! The host's side of the WIT imports, one file per interface. Each function charges the quota and asks the
//! `Host`; none of them decides anything.

mod clock;
mod fields;
mod files;
mod http;
mod i18n;
mod log;
mod publish;
mod random;
mod secrets;
mod storage;
mod usage;
mod user;
mod user_details;

use wasmtime::Engine;
use wasmtime::component::{HasSelf, Linker};

use crate::bindings;
use crate::grants::Capability;
use crate::host::Host;
use crate::state::State;

impl<H: Host> bindings::types::Host for State<H> {}

/// A linker with what every block may import, and nothing else.
pub(crate) fn linker<H: Host>(engine: &Engine) -> wasmtime::Result<Linker<State<H>>> {
    let mut linker = Linker::new(engine);
    bindings::types::add_to_linker::<_, HasSelf<State<H>>>(&mut linker, |state| state)?;
    bindings::fields::add_to_linker::<_, HasSelf<State<H>>>(&mut linker, |state| state)?;
    bindings::usage::add_to_linker::<_, HasSelf<State<H>>>(&mut linker, |state| state)?;
    bindings::files::add_to_linker::<_, HasSelf<State<H>>>(&mut linker, |state| state)?;
    bindings::user::add_to_linker::<_, HasSelf<State<H>>>(&mut linker, |state| state)?;
    bindings::log::add_to_linker::<_, HasSelf<State<H>>>(&mut linker, |state| state)?;
    bindings::clock::add_to_linker::<_, HasSelf<State<H>>>(&mut linker, |state| state)?;
    bindings::random::add_to_linker::<_, HasSelf<State<H>>>(&mut linker, |state| state)?;
    bindings::i18n::add_to_linker::<_, HasSelf<State<H>>>(&mut linker, |state| state)?;
    Ok(linker)
}

/// Adds a capability that the operator granted. Of one that was not, not even the name is there.
pub(crate) fn link<H: Host>(linker: &mut Linker<State<H>>, capability: Capability) -> wasmtime::Result<()> {
    match capability {
        Capability::Publish => {
            bindings::publish::add_to_linker::<_, HasSelf<State<H>>>(linker, |state| state)
        }
        Capability::UserDetails => {
            bindings::user_details::add_to_linker::<_, HasSelf<State<H>>>(linker, |state| state)
        }
        Capability::Secrets => {
            bindings::secrets::add_to_linker::<_, HasSelf<State<H>>>(linker, |state| state)
        }
        Capability::Http => bindings::http::add_to_linker::<_, HasSelf<State<H>>>(linker, |state| state),
        Capability::Storage => {
            bindings::storage::add_to_linker::<_, HasSelf<State<H>>>(linker, |state| state)
        }
    }
}
