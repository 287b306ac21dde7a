//! Connections that are at hand. A pool asks a connection that comes back whether it still lives, which costs as much as a
//! statement; so those that have just answered are kept beside it, and come back to it only now and then.
//!
//! Everybody who uses the pool goes through here: it would not know of those that are at hand. Whoever finds none waits, and
//! those who wait come in turn.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sqlx::Connection as _;
use sqlx::pool::PoolConnection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::{Database, Pool};

/// A pool, and the connections that are at hand. Clones are the same connections.
#[derive(Debug)]
pub(crate) struct AtHand<D: Database> {
    pool: Pool<D>,
    /// One for each connection that the pool may have.
    places: Arc<Semaphore>,
    kept: Arc<Kept<D>>,
}

/// The connections, each with how often it has answered.
#[derive(Debug)]
struct Kept<D: Database>(Mutex<Vec<(PoolConnection<D::Driver>, u32)>>);

impl<D: Database> Drop for Kept<D> {
    /// They end with the last who might use them. To give one back would take a Tokio runtime, which may be gone by then.
    fn drop(&mut self) {
        let kept = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        kept.drain(..).for_each(|(connection, _)| drop(connection.detach()));
    }
}

/// A connection that somebody uses. Dropped, it goes back to the pool, which looks after it.
#[derive(Debug)]
pub(crate) struct Used<D: Database> {
    pub(crate) connection: PoolConnection<D::Driver>,
    /// How often it has answered.
    uses: u32,
    /// Given up after the connection, so that whoever gets it finds one.
    place: OwnedSemaphorePermit,
}

impl<D: Database> Clone for AtHand<D> {
    fn clone(&self) -> Self {
        let (pool, places) = (self.pool.clone(), Arc::clone(&self.places));
        Self { pool, places, kept: Arc::clone(&self.kept) }
    }
}

impl<D: Database> AtHand<D> {
    /// How often a connection answers before the pool looks after it again.
    pub(crate) const USES: u32 = 100;

    pub(crate) fn new(pool: Pool<D>) -> Self {
        let places = Semaphore::new(pool.options().get_max_connections() as usize);
        Self { pool, places: Arc::new(places), kept: Arc::new(Kept(Mutex::default())) }
    }

    /// How many there are at most.
    pub(crate) fn most(&self) -> u32 {
        self.pool.options().get_max_connections()
    }

    /// One that is at hand, or one of the pool. It may have died since it answered last.
    pub(crate) async fn take(&self) -> Result<Used<D>, sqlx::Error> {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| sqlx::Error::PoolClosed)?;
        let at_hand = self.lock().pop();
        let (connection, uses) = match at_hand {
            Some(at_hand) => at_hand,
            None => (self.pool.acquire().await?, 0),
        };
        Ok(Used { connection, uses, place })
    }

    /// One that lives, for those who do not ask again when it does not.
    pub(crate) async fn take_alive(&self) -> Result<Used<D>, sqlx::Error> {
        let mut used = self.take().await?;
        if used.uses > 0 && used.connection.ping().await.is_err() {
            let Used { connection, place, .. } = used;
            let _ = connection.close().await;
            return Ok(Used { connection: self.pool.acquire().await?, uses: 0, place });
        }
        Ok(used)
    }

    /// For the next one, after an answer.
    pub(crate) fn keep(&self, used: Used<D>) {
        let Used { connection, uses, place } = used;
        if uses + 1 < Self::USES {
            self.lock().push((connection, uses + 1));
        } else {
            drop(connection);
        }
        drop(place);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(PoolConnection<D::Driver>, u32)>> {
        self.kept.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
