//! The receivers of published events, put together from the configuration: what blocks publish, and what happens to
//! libraries.

use std::sync::Arc;

use blockhouse_events::{Consumer, ConsumerError, Delivery, JsonLines, Pace, Webhook};
use blockhouse_state::Outbox;

use crate::config::Events;

/// A receiver that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EventsError {
    /// The address.
    #[error("the setting `events.webhook` is no address that events can be posted to")]
    Webhook(#[source] ConsumerError),
    /// No secret: the receiver could not tell our requests from anybody's.
    #[error("the setting `events.webhook` needs `events.webhook_key`, which signs the requests")]
    NoKey,
}

/// Begins to deliver, for as long as the value lives.
pub(crate) fn start(
    config: &Events,
    outboxes: Vec<Arc<dyn Outbox>>,
    clock: fn() -> u64,
) -> Result<Vec<Delivery>, EventsError> {
    let mut consumers: Vec<Arc<dyn Consumer>> = Vec::new();
    if let Some(file) = &config.file {
        consumers.push(Arc::new(JsonLines::new(file.clone())));
    }
    if let Some(url) = &config.webhook {
        let key = config.webhook_key.as_deref().filter(|key| !key.is_empty()).ok_or(EventsError::NoKey)?;
        consumers.push(Arc::new(Webhook::new(url, key.as_bytes()).map_err(EventsError::Webhook)?));
    }
    let start = |outbox| Delivery::start(outbox, consumers.clone(), clock, Pace::default());
    Ok(outboxes.into_iter().map(start).collect())
}
