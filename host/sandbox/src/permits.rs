//! How many calls run at once. A call that is made while another call waits for it, as when a block renders its
//! child, runs on the permit of the first: if it needed one of its own, a full house of waiting parents would
//! never get to their children.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use crate::fair_share::{FairShare, Place};

/// The permits of one sandbox, of which one learning context may hold three quarters. Clones are the same permits.
#[derive(Clone)]
pub(crate) struct Permits {
    share: Arc<FairShare>,
    queue: Duration,
}

/// No permit came free in time.
#[derive(Debug)]
pub(crate) struct Full;

impl Permits {
    pub(crate) fn new(max_concurrent: usize, queue: Duration) -> Self {
        Self { share: FairShare::new(max_concurrent, max_concurrent - max_concurrent / 4), queue }
    }

    /// Waits for a turn of this learning context, for as long as the queueing time allows.
    pub(crate) async fn acquire(&self, context: &Arc<str>) -> Result<Place, Full> {
        timeout(self.queue, self.share.acquire(context)).await.map_err(|_elapsed| Full)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_house_is_told_after_the_queueing_time() {
        let permits = Permits::new(1, Duration::from_millis(10));
        let context = "course".into();
        let held = permits.acquire(&context).await;
        assert!(permits.acquire(&context).await.is_err());
        drop(held);
        assert!(permits.acquire(&context).await.is_ok());
    }
}
