//! How many calls run at once. A call that is made while another call waits for it, as when a block renders its
//! child, runs on the permit of the first: if it needed one of its own, a full house of waiting parents would
//! never get to their children.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

tokio::task_local! {
    /// Set while the task polls a call.
    static INSIDE_A_CALL: ();
}

/// The permits of one sandbox.
pub(crate) struct Permits {
    permits: Arc<Semaphore>,
    queue: Duration,
}

/// No permit came free in time.
#[derive(Debug)]
pub(crate) struct Full;

impl Permits {
    pub(crate) fn new(max_concurrent: usize, queue: Duration) -> Self {
        Self { permits: Arc::new(Semaphore::new(max_concurrent)), queue }
    }

    /// Waits for a turn, for as long as the queueing time allows.
    pub(crate) async fn acquire(&self) -> Result<Permit, Full> {
        if INSIDE_A_CALL.try_with(|()| ()).is_ok() {
            return Ok(Permit { _own: None });
        }
        if let Ok(permit) = self.permits.clone().try_acquire_owned() {
            return Ok(Permit { _own: Some(permit) });
        }
        match timeout(self.queue, self.permits.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Permit { _own: Some(permit) }),
            _ => Err(Full),
        }
    }
}

/// The right to run one call, and the calls inside it.
pub(crate) struct Permit {
    _own: Option<OwnedSemaphorePermit>,
}

impl Permit {
    /// Runs the call and then makes room for the next.
    pub(crate) async fn run<F: Future>(self, call: F) -> F::Output {
        INSIDE_A_CALL.scope((), call).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_call_inside_a_call_needs_no_second_permit() {
        let permits = Permits::new(1, Duration::from_millis(10));
        let call = async { permits.acquire().await.is_ok() };
        assert!(permits.acquire().await.ok().unwrap().run(call).await);
    }

    #[tokio::test]
    async fn a_full_house_is_told_after_the_queueing_time() {
        let permits = Permits::new(1, Duration::from_millis(10));
        let held = permits.acquire().await;
        assert!(permits.acquire().await.is_err());
        drop(held);
        assert!(permits.acquire().await.is_ok());
    }
}
