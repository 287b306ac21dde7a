//! `wasi:random`: the host's randomness, so that a recorded call runs again to the same result, and not without end.

use wasmtime::component::Linker;
use wasmtime::{Result, StoreContextMut};

use super::Ambient;
use crate::state::State;

type Store<'a, H> = StoreContextMut<'a, State<H>>;

pub(super) fn link<H: Ambient>(linker: &mut Linker<State<H>>) -> Result<()> {
    for (interface, bytes, word) in [
        ("wasi:random/random@0.2.0", "get-random-bytes", "get-random-u64"),
        ("wasi:random/insecure@0.2.0", "get-insecure-random-bytes", "get-insecure-random-u64"),
    ] {
        let mut random = linker.instance(interface)?;
        random.func_wrap(bytes, |mut store: Store<'_, H>, (length,): (u64,)| {
            Ok((draw(store.data_mut(), length)?,))
        })?;
        random.func_wrap(word, |mut store: Store<'_, H>, ()| Ok((draw_word(store.data_mut())?,)))?;
    }
    linker.instance("wasi:random/insecure-seed@0.2.0")?.func_wrap(
        "insecure-seed",
        |mut store: Store<'_, H>, ()| {
            let state = store.data_mut();
            Ok(((draw_word(state)?, draw_word(state)?),))
        },
    )
}

fn draw_word<H: Ambient>(state: &mut State<H>) -> Result<u64> {
    state.quota.host_call()?;
    state.quota.random(8)?;
    Ok(state.host.random_u64())
}

fn draw<H: Ambient>(state: &mut State<H>, length: u64) -> Result<Vec<u8>> {
    state.quota.host_call()?;
    let length = state.quota.random(length)?;
    let mut bytes = Vec::with_capacity(length);
    while bytes.len() < length {
        let word = state.host.random_u64().to_le_bytes();
        bytes.extend(word.iter().take(length - bytes.len()));
    }
    Ok(bytes)
}
