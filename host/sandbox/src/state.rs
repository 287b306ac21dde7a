//! What a store holds while a call runs: the host that answers, and the counters that bound it.

use std::sync::Arc;

use blockhouse_i18n::Catalogues;
use wasmtime::{Engine, Store, UpdateDeadline};

use crate::budget::Budget;
use crate::engine::TICKS_UNTIL_CHECK;
use crate::limiter::Limiter;
use crate::limits::Exhausted;
use crate::meter::Meter;
use crate::quota::Quota;
use crate::slow_lane::Lane;
use crate::wasi::{Ambient, Printed, Stream};

/// The data of one store.
pub(crate) struct State<H> {
    pub(crate) host: H,
    pub(crate) quota: Quota,
    pub(crate) limiter: Limiter,
    pub(crate) meter: Arc<Meter>,
    pub(crate) catalogues: Arc<Catalogues>,
    /// None while a block type is installed.
    pub(crate) lane: Option<Lane>,
    pub(crate) budget: Arc<Budget>,
    /// Where the block broke off.
    pub(crate) backtrace: Option<String>,
    printed: Printed,
}

impl<H: Send + 'static> State<H> {
    /// A store with every limit set, unless nothing is counted. Between two checks of its processor time the guest runs
    /// for at most `TICKS_UNTIL_CHECK` ticks; its lane then says how it goes on.
    pub(crate) fn store(
        engine: &Engine,
        budget: &Arc<Budget>,
        catalogues: Arc<Catalogues>,
        host: H,
        lane: Option<Lane>,
    ) -> Store<Self> {
        let limits = budget.limits();
        let state = Self {
            host,
            quota: Quota::new(Arc::clone(budget)),
            limiter: Limiter::new(limits),
            meter: Arc::new(Meter::new(Arc::clone(budget))),
            catalogues,
            lane,
            budget: Arc::clone(budget),
            backtrace: None,
            printed: Printed::default(),
        };
        let mut store = Store::new(engine, state);
        if !budget.is_counted() {
            return store;
        }
        store.limiter(|state| &mut state.limiter);
        store.set_hostcall_fuel(limits.host_call_bytes);
        store.set_max_component_handles(limits.handles);
        store.set_epoch_deadline(TICKS_UNTIL_CHECK);
        store.epoch_deadline_callback(|context| {
            let state = context.data();
            let pending = state.meter.current();
            state.budget.check_cpu(pending)?;
            Ok(match &state.lane {
                Some(lane) => lane.go_on(state.budget.cpu() + pending),
                None => UpdateDeadline::Continue(TICKS_UNTIL_CHECK),
            })
        });
        store
    }
}

impl<H: Ambient> State<H> {
    /// What a guest prints becomes lines of its log.
    pub(crate) fn print(&mut self, stream: Stream, bytes: &[u8]) -> Result<(), Exhausted> {
        self.quota.host_call()?;
        for line in self.printed.print(stream, bytes) {
            self.log_printed(stream, &line);
        }
        Ok(())
    }

    /// Logs what was printed without a line's end; the call is over.
    pub(crate) fn finish_printing(&mut self) {
        for stream in [Stream::Out, Stream::Err] {
            if let Some(line) = self.printed.rest(stream) {
                self.log_printed(stream, &line);
            }
        }
    }

    fn log_printed(&mut self, stream: Stream, line: &str) {
        if self.quota.log_line(line) {
            self.host.log(stream.level(), line);
        }
    }
}
