//! Where calls go that compute for long. Up to a few ticks a call runs as it comes; beyond them it takes a place for each
//! tick, of which there are fewer than processors and which learning contexts share. So calls that compute for ever slow
//! each other down, and hardly anybody else.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;
use std::time::Duration;

use wasmtime::UpdateDeadline;

use crate::engine::TICKS_UNTIL_CHECK;
use crate::fair_share::{FairShare, Place};

/// Processor time after which a request is a long one. A usual view takes a tenth of it.
const LONG: Duration = Duration::from_millis(20);

/// The lane.
pub(crate) fn new() -> Arc<FairShare> {
    let processors = available_parallelism().map_or(1, usize::from);
    FairShare::new((processors / 2).max(1), usize::MAX)
}

/// One call's way through the lane. Clones are the same call.
#[derive(Clone)]
pub(crate) struct Lane {
    share: Arc<FairShare>,
    context: Arc<str>,
    place: Arc<Mutex<Option<Place>>>,
}

impl Lane {
    pub(crate) fn new(share: Arc<FairShare>, context: Arc<str>) -> Self {
        Self { share, context, place: Arc::default() }
    }

    /// Gives the place back: the call has used its tick, or waits for something else.
    pub(crate) fn leave(&self) {
        self.keep(None);
    }

    /// How a call goes on at a tick, after so much processor time of its request.
    pub(crate) fn go_on(&self, spent: Duration) -> UpdateDeadline {
        self.leave();
        if spent < LONG {
            // Tokio's own `yield_now` goes to the back of the queue; wasmtime's plain yield would be polled again at once.
            return UpdateDeadline::YieldCustom(TICKS_UNTIL_CHECK, Box::pin(tokio::task::yield_now()));
        }
        let lane = self.clone();
        let turn = async move {
            tokio::task::yield_now().await;
            let place = lane.share.acquire(&lane.context).await;
            lane.keep(Some(place));
        };
        UpdateDeadline::YieldCustom(TICKS_UNTIL_CHECK, Box::pin(turn))
    }

    fn keep(&self, place: Option<Place>) {
        let earlier =
            std::mem::replace(&mut *self.place.lock().unwrap_or_else(PoisonError::into_inner), place);
        drop(earlier);
    }
}
