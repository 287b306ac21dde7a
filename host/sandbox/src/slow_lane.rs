//! Where calls go that compute for long, and those of learning contexts that owe the others processor time
//! (`debts.rs`). Up to a few ticks any other call runs as it comes; in the lane it takes a place for each tick, of
//! which there are fewer than processors and which learning contexts share. So calls that compute for ever slow each
//! other down, and hardly anybody else.

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
    FairShare::new((processors() * 3 / 4).max(1), usize::MAX)
}

/// The processors on which calls run.
pub(crate) fn processors() -> usize {
    available_parallelism().map_or(1, usize::from)
}

/// One call's way through the lane. Clones are the same call.
#[derive(Clone)]
pub(crate) struct Lane {
    share: Arc<FairShare>,
    context: Arc<str>,
    is_debtor: bool,
    place: Arc<Mutex<Option<Place>>>,
}

impl Lane {
    pub(crate) fn new(share: Arc<FairShare>, context: Arc<str>, is_debtor: bool) -> Self {
        Self { share, context, is_debtor, place: Arc::default() }
    }

    /// The call begins, on a place of the lane if it has to.
    pub(crate) async fn begin(&self) {
        if self.is_debtor {
            self.take_place().await;
        }
    }

    /// Gives the place back: the call has used its tick, or waits for something else.
    pub(crate) fn leave(&self) {
        self.keep(None);
    }

    /// How a call goes on at a tick, after so much processor time of its request.
    pub(crate) fn go_on(&self, spent: Duration) -> UpdateDeadline {
        self.leave();
        if spent < LONG && !self.is_debtor {
            // Tokio's own `yield_now` goes to the back of the queue; wasmtime's plain yield would be polled again at
            // once.
            return UpdateDeadline::YieldCustom(TICKS_UNTIL_CHECK, Box::pin(tokio::task::yield_now()));
        }
        let lane = self.clone();
        let turn = async move {
            tokio::task::yield_now().await;
            lane.take_place().await;
        };
        UpdateDeadline::YieldCustom(TICKS_UNTIL_CHECK, Box::pin(turn))
    }

    async fn take_place(&self) {
        let place = self.share.acquire(&self.context).await;
        self.keep(Some(place));
    }

    fn keep(&self, place: Option<Place>) {
        let earlier =
            std::mem::replace(&mut *self.place.lock().unwrap_or_else(PoisonError::into_inner), place);
        drop(earlier);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn only_the_call_of_a_debtor_waits_for_a_place_before_it_begins() {
        let share = FairShare::new(1, 1);
        let taken = share.acquire(&Arc::from("other")).await;
        let lane = |is_debtor| Lane::new(Arc::clone(&share), Arc::from("course"), is_debtor);
        lane(false).begin().await;
        let debtor = lane(true);
        assert!(timeout(Duration::from_millis(10), debtor.begin()).await.is_err());
        drop(taken);
        debtor.begin().await;
        assert!(timeout(Duration::from_millis(10), lane(true).begin()).await.is_err());
        debtor.leave();
        lane(true).begin().await;
    }
}
