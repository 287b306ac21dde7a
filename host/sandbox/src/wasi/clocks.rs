//! `wasi:clocks` and `wasi:io/poll`: the host's time in milliseconds, which stands still during a call. Waiting for a
//! later time would never end, so everything that can be waited for is ready at once.

use wasmtime::component::{ComponentType, Lift, Linker, Lower, Resource, ResourceType};
use wasmtime::{Result, StoreContextMut};

use super::Ambient;
use crate::state::State;

const MILLISECOND: u64 = 1_000_000;

/// Something to wait for. All of them are alike.
pub(super) struct Pollable;

impl Pollable {
    pub(super) fn ready() -> Resource<Self> {
        Resource::new_own(0)
    }
}

#[derive(ComponentType, Lift, Lower)]
#[component(record)]
struct Datetime {
    seconds: u64,
    nanoseconds: u32,
}

impl Datetime {
    fn of_millis(millis: u64) -> Self {
        let nanoseconds = u32::try_from(millis % 1_000 * MILLISECOND).unwrap_or(0);
        Self { seconds: millis / 1_000, nanoseconds }
    }
}

type Store<'a, H> = StoreContextMut<'a, State<H>>;

fn now_ms<H: Ambient>(mut store: Store<'_, H>) -> Result<u64> {
    let state = store.data_mut();
    state.quota.host_call()?;
    Ok(state.host.now_ms())
}

pub(super) fn link<H: Ambient>(linker: &mut Linker<State<H>>) -> Result<()> {
    let mut wall = linker.instance("wasi:clocks/wall-clock@0.2.0")?;
    wall.func_wrap("now", |store: Store<'_, H>, ()| Ok((Datetime::of_millis(now_ms(store)?),)))?;
    wall.func_wrap("resolution", |_: Store<'_, H>, ()| Ok((Datetime::of_millis(1),)))?;

    let mut monotonic = linker.instance("wasi:clocks/monotonic-clock@0.2.0")?;
    monotonic
        .func_wrap("now", |store: Store<'_, H>, ()| Ok((now_ms(store)?.saturating_mul(MILLISECOND),)))?;
    monotonic.func_wrap("resolution", |_: Store<'_, H>, ()| Ok((MILLISECOND,)))?;
    for subscribe in ["subscribe-instant", "subscribe-duration"] {
        monotonic.func_wrap(subscribe, |mut store: Store<'_, H>, (_time,): (u64,)| {
            store.data_mut().quota.host_call()?;
            Ok((Pollable::ready(),))
        })?;
    }

    let mut poll = linker.instance("wasi:io/poll@0.2.0")?;
    poll.resource("pollable", ResourceType::host::<Pollable>(), |_, _| Ok(()))?;
    poll.func_wrap("[method]pollable.ready", |mut store: Store<'_, H>, (_,): (Resource<Pollable>,)| {
        store.data_mut().quota.host_call()?;
        Ok((true,))
    })?;
    poll.func_wrap("[method]pollable.block", |mut store: Store<'_, H>, (_,): (Resource<Pollable>,)| {
        store.data_mut().quota.host_call()?;
        Ok(())
    })?;
    poll.func_wrap("poll", |mut store: Store<'_, H>, (all,): (Vec<Resource<Pollable>>,)| {
        store.data_mut().quota.host_call()?;
        let ready: Vec<u32> = (0..).take(all.len()).collect();
        Ok((ready,))
    })
}
