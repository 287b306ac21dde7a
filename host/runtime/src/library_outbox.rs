//! The events of libraries as an outbox, so that they are delivered like those of blocks (spec 7.7).
//!
//! They lie in the database of content, written by the change that they tell of; those of blocks lie in the database of
//! state. Content and state do not know each other, so they meet here.

use std::sync::Arc;

use async_trait::async_trait;
use blockhouse_content::libraries::{EventLease, Libraries, LibraryError, LibraryEvent};
use blockhouse_state::{Lease, Message, Outbox, StateError};
use jiff::Timestamp;

/// What the numbers of libraries' events begin with: a consumer gets blocks' events too, and knows each by its number.
/// Small enough to be exact wherever a number of JSON is a double.
const FIRST: i64 = 1 << 52;

/// The events of libraries.
pub struct LibraryOutbox(Libraries);

impl LibraryOutbox {
    /// Those of these libraries.
    pub fn new(libraries: Libraries) -> Self {
        Self(libraries)
    }
}

#[async_trait]
impl Outbox for LibraryOutbox {
    async fn lease(&self, lease: &Lease<'_>) -> Result<bool, StateError> {
        let ms = |ms| i64::try_from(ms).unwrap_or(i64::MAX);
        let lease = EventLease {
            consumer: lease.consumer,
            holder: lease.holder,
            now_ms: ms(lease.now_ms),
            until_ms: ms(lease.until_ms),
        };
        self.0.lease_events(&lease).await.map_err(unavailable)
    }

    async fn undelivered(&self, consumer: &str, after: i64, limit: u32) -> Result<Vec<Message>, StateError> {
        let after = after.saturating_sub(FIRST).max(0);
        let events = self.0.undelivered_events(consumer, after, limit).await.map_err(unavailable)?;
        Ok(events.into_iter().map(message).collect())
    }

    async fn delivered(&self, consumer: &str, messages: &[i64]) -> Result<(), StateError> {
        let events: Vec<i64> = messages.iter().map(|id| id - FIRST).collect();
        self.0.delivered_events(consumer, &events).await.map_err(unavailable)
    }

    async fn prune(&self, consumers: &[String]) -> Result<(), StateError> {
        self.0.prune_events(consumers).await.map_err(unavailable)
    }
}

fn message(event: LibraryEvent) -> Message {
    Message {
        id: FIRST + event.id,
        created: Timestamp::from_millisecond(event.created).unwrap_or(Timestamp::UNIX_EPOCH),
        learner: event.account,
        context: event.library,
        usage: event.subject,
        kind: event.name,
        data: event.data.into(),
    }
}

fn unavailable(error: LibraryError) -> StateError {
    StateError::Unavailable(Arc::new(error))
}
