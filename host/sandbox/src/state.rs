//! What a store holds while a call runs: the host that answers, and the counters that bound it.

use std::sync::Arc;

use blockhouse_i18n::Catalogues;
use wasmtime::{Engine, Store, UpdateDeadline};

use crate::engine::TICKS_UNTIL_CHECK;
use crate::limiter::Limiter;
use crate::limits::{Exhausted, Limit, Limits};
use crate::meter::Meter;
use crate::quota::Quota;

/// The data of one store.
pub(crate) struct State<H> {
    pub(crate) host: H,
    pub(crate) quota: Quota,
    pub(crate) limiter: Limiter,
    pub(crate) meter: Arc<Meter>,
    pub(crate) catalogues: Arc<Catalogues>,
    limits: Arc<Limits>,
}

impl<H: Send + 'static> State<H> {
    /// A store with every limit set. Between two checks of its processor time the guest runs for at most
    /// `TICKS_UNTIL_CHECK` ticks; `pause` then says how it goes on.
    pub(crate) fn store(
        engine: &Engine,
        limits: &Arc<Limits>,
        catalogues: Arc<Catalogues>,
        host: H,
        pause: impl Fn() -> UpdateDeadline + Send + Sync + 'static,
    ) -> Store<Self> {
        let state = Self {
            host,
            quota: Quota::new(limits.clone()),
            limiter: Limiter::new(limits),
            meter: Arc::default(),
            catalogues,
            limits: limits.clone(),
        };
        let mut store = Store::new(engine, state);
        store.limiter(|state| &mut state.limiter);
        store.set_hostcall_fuel(limits.host_call_bytes);
        store.set_max_component_handles(limits.handles);
        store.set_epoch_deadline(TICKS_UNTIL_CHECK);
        store.epoch_deadline_callback(move |context| {
            let state = context.data();
            if state.meter.running() > state.limits.cpu() {
                return Err(Exhausted(Limit::Cpu).into());
            }
            Ok(pause())
        });
        store
    }
}
