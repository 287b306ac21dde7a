//! Connections that are at hand. A pool asks a connection that comes back whether it still lives, which costs as much
//! as a statement; so a few that have just answered are kept beside it, and come back to it only now and then.

use std::sync::{Mutex, MutexGuard, PoisonError};

use sqlx::pool::PoolConnection;

use super::{Database, Pool};

/// A pool, and the connections that are at hand.
#[derive(Debug)]
pub(crate) struct AtHand<D: Database> {
    pool: Pool<D>,
    most: usize,
    connections: Mutex<Vec<Used<D>>>,
}

/// A connection, and how often it has answered.
#[derive(Debug)]
pub(crate) struct Used<D: Database> {
    pub(crate) connection: PoolConnection<D::Driver>,
    uses: u32,
}

impl<D: Database> Drop for AtHand<D> {
    /// To give a connection back takes a Tokio runtime, which may be gone by then.
    fn drop(&mut self) {
        let kept = self.connections.get_mut().unwrap_or_else(PoisonError::into_inner);
        kept.drain(..).for_each(|used| drop(used.connection.detach()));
    }
}

impl<D: Database> AtHand<D> {
    /// How often a connection answers before the pool looks after it again.
    pub(crate) const USES: u32 = 100;

    /// At most so many are at hand; the pool has more.
    pub(crate) fn new(pool: Pool<D>, most: usize) -> Self {
        Self { pool, most, connections: Mutex::new(Vec::new()) }
    }

    pub(crate) fn pool(&self) -> &Pool<D> {
        &self.pool
    }

    /// One that is at hand, or one of the pool.
    pub(crate) async fn take(&self) -> Result<Used<D>, sqlx::Error> {
        let at_hand = self.lock().pop();
        match at_hand {
            Some(used) => Ok(used),
            None => Ok(Used { connection: self.pool.acquire().await?, uses: 0 }),
        }
    }

    /// For the next one, after an answer. Whoever had none drops the connection, and the pool looks after it.
    pub(crate) fn keep(&self, used: Used<D>) {
        let uses = used.uses + 1;
        let mut connections = self.lock();
        if uses < Self::USES && connections.len() < self.most {
            connections.push(Used { uses, ..used });
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Used<D>>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
